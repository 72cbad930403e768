--- What views, and the rows that leave them, are called.
local api = vim.api
local M = {}

--- Names a view's buffer, once. Another view of the same name gets its number behind it.
---@param view kubectl.View
---@param name string
function M.set_buffer_name(view, name)
  name = name:gsub('%c', ' ')
  if api.nvim_buf_get_name(view.buf) ~= '' then
    return
  end
  if not pcall(api.nvim_buf_set_name, view.buf, name) then
    pcall(api.nvim_buf_set_name, view.buf, name .. (name:find('?', 1, true) and '&' or '?') .. view.id)
  end
end

--- What of a query is not in `kubectl://context/resource`.
---@param query kubectl.Query
---@return string
function M.suffix(query)
  local parts = {}
  for _, field in ipairs({ 'selector', 'fieldSelector', 'owner' }) do
    if query[field] then
      table.insert(parts, field .. '=' .. query[field])
    end
  end
  if query.columns then
    local titles = vim.tbl_map(function(column)
      return column.title
    end, query.columns)
    table.insert(parts, 'columns=' .. table.concat(titles, ','))
  end
  if query.names then
    table.insert(parts, 'names=' .. table.concat(query.names, ','))
  end
  return #parts > 0 and '?' .. table.concat(parts, '&') or ''
end

--- A filter and what the server is asked for, as one line.
---@param filter string
---@param query kubectl.Query
---@return string
function M.line_of(filter, query)
  local parts = {}
  for _, part in ipairs({ { '', filter }, { '-l ', query.selector }, { '--field-selector ', query.fieldSelector } }) do
    if part[2] and part[2] ~= '' then
      table.insert(parts, part[1] .. part[2])
    end
  end
  return table.concat(parts, ' ')
end

--- Rows that leave a table of all objects were deleted; those that leave a part of them may live on.
---@param view kubectl.View
---@return string
function M.ghost_word(view)
  local query = view.params.query
  local whole = view.filter == '' and not (query and (query.selector or query.fieldSelector))
  return whole and 'deleted' or 'left the list'
end

return M
