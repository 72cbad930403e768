--- From a row to what belongs to it besides its children: what owns it, what happened to it.
local action = require('kubectl.action')
local buffer = require('kubectl.buffer')
local navigate = require('kubectl.navigate')
local report = require('kubectl.report')
local seats = require('kubectl.seats')
local views = require('kubectl.view')

local M = {}

---@param view kubectl.View
---@param what 'owner'|'row-events'
function M.open(view, what)
  local key = action.key(view)
  if not key then
    return
  end
  views.request(view, 'view.related', { key = key, what = what }, function(drill)
    if drill.open ~= 'table' then
      return navigate.open_text(drill.open, { source = drill.source })
    end
    local opened = navigate.open_table(drill.query)
    if drill.key then
      seats.seek(opened.sheet, vim.api.nvim_get_current_win(), drill.key)
    end
  end)
end

--- The object on a line of references.
---@param view kubectl.View
---@return kubectl.Source?
local function on_line(view)
  local key = buffer.key(view.sheet, vim.api.nvim_win_get_cursor(0)[1])
  local namespace, resource, name = (key or ''):match('^([^/]*)/([^/]*)/(.*)$')
  if not name then
    return report.info('There is no object on this line.')
  end
  return {
    context = view.context,
    namespace = namespace ~= '-' and namespace or nil,
    resource = resource,
    name = name,
  }
end

--- What an object uses and what uses it.
---@param view kubectl.View
function M.references(view)
  local source
  if view.kind == 'references' then
    source = on_line(view)
  else
    local key = action.key(view)
    source = key and { view = view.id, key = key }
  end
  if source then
    navigate.open_text('references', { source = source, what = 'references' })
  end
end

--- Describes the object on the line.
---@param view kubectl.View
function M.reference(view)
  local source = on_line(view)
  if source then
    navigate.open_text('describe', { source = source })
  end
end

--- Describes the object that a line of a description names: the one under the cursor, else the first.
---@param view kubectl.View
function M.follow(view)
  local row = vim.api.nvim_win_get_cursor(0)[1]
  local lines = vim.api.nvim_buf_get_lines(0, math.max(0, row - 2), row, false)
  local params = { before = row > 1 and lines[1] or '', line = lines[#lines], word = vim.fn.expand('<cWORD>') }
  views.request(view, 'describe.link', params, function(link)
    if not link.source then
      return report.info('This line names no other object.')
    end
    navigate.open_text('describe', { source = link.source })
  end)
end

return M
