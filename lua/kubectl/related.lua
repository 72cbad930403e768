--- From a row to what belongs to it besides its children: what owns it, what happened to it.
local action = require('kubectl.action')
local navigate = require('kubectl.navigate')
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

return M
