--- What became of a filter: what the server was asked for, what of it could not be understood.
local M = {}

--- Hears the answer to a change. The part of a filter that went to the server becomes part of the view's query, for
--- when it is opened again.
---@param view kubectl.View
---@param change table
---@return fun(done: { filter?: string, selector?: string, fieldSelector?: string, inactive?: string[] })?
function M.settle(view, change)
  if not change.filter then
    return
  end
  return function(done)
    if view.typing then
      view.typing(table.concat(done.inactive or {}, '; '))
    end
    if change.push then
      local query = vim.tbl_extend('force', view.params.query, {})
      query.selector, query.fieldSelector = done.selector, done.fieldSelector
      view.filter, view.params.query = done.filter or view.filter, query
    end
  end
end

return M
