--- What views, and the rows that leave them, are called.
local api = vim.api
local M = {}

--- Numbers of views may be in the names of buffers already that a session brought back.
local TRIES = 100

--- Names a view's buffer, once. Another view of the same name gets its number behind it.
---@param view kubectl.View
---@param name string
function M.set_buffer_name(view, name)
  name = name:gsub('%c', ' ')
  if api.nvim_buf_get_name(view.buf) ~= '' then
    return
  end
  if pcall(api.nvim_buf_set_name, view.buf, name) then
    return
  end
  local numbered = name .. (name:find('?', 1, true) and '&' or '?')
  for number = view.id, view.id + TRIES do
    if pcall(api.nvim_buf_set_name, view.buf, numbered .. number) then
      return
    end
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

--- The query in the name of a table that has more behind a `?`, or only its number. Columns are not in it but for their
--- titles, and are those of every table then.
---@param name string
---@return kubectl.Query?
function M.query_of(name)
  local context, resource, more = name:match('^kubectl://([^?]*)/([^/?]+)%?(.+)$')
  if not resource then
    return
  end
  local query = { context = context, resource = resource }
  for _, part in ipairs(vim.split(more, '&', { plain = true })) do
    local field, value = part:match('^(%a+)=(.*)$')
    if field == 'names' then
      query.names = vim.split(value, ',', { plain = true })
    elseif field == 'selector' or field == 'fieldSelector' or field == 'owner' then
      query[field] = value
    elseif field ~= 'columns' and not part:match('^%d+$') then
      -- A text's: `?describe`.
      return
    end
  end
  return query
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
