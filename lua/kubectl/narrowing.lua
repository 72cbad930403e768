--- What became of a filter: what the server was asked for, what of it could not be understood.
local M = {}

--- The newest change of each view's filter that is not answered yet.
---@type table<kubectl.View, table>
local newest = setmetatable({}, { __mode = 'k' })

--- Hears the answer to a change. The part of a filter that went to the server becomes part of the view's query, for
--- when it is opened again.
---@param view kubectl.View
---@param change table
---@return fun(done: { filter?: string, selector?: string, fieldSelector?: string, inactive?: string[] })?
function M.settle(view, change)
  if not change.filter then
    return
  end
  newest[view] = change
  return function(done)
    local holds = newest[view] == change
    if holds then
      newest[view] = nil
    end
    if view.typing and holds then
      view.typing(table.concat(done.inactive or {}, '; '))
    end
    if change.push then
      local query = vim.tbl_extend('force', view.params.query, {})
      query.selector, query.fieldSelector = done.selector, done.fieldSelector
      view.filter, view.params.query = holds and done.filter or view.filter, query
    end
  end
end

--- The change to a view that is opened again, where a filter was accepted that the backend has not answered: the server
--- is still to be asked for its selectors.
---@param view kubectl.View
---@return table
function M.again(view)
  local change = view.meanwhile.filter and view.meanwhile or newest[view] or {}
  return change.push and { filter = change.filter, push = true } or {}
end

return M
