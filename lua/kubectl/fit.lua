--- How wide the windows of a table are: its columns are made to fit there.
local config = require('kubectl.config')

local api = vim.api
local M = {}

--- Cells the widest window has for the text of a view; 0 where texts are to be shown whole, nil where nothing shows it.
---@param view kubectl.View
---@return integer?
function M.width(view)
  if not config.get().fit then
    return 0
  end
  local widest
  for _, win in ipairs(vim.fn.win_findbuf(view.buf)) do
    widest = math.max(widest or 0, api.nvim_win_get_width(win) - vim.fn.getwininfo(win)[1].textoff)
  end
  return widest
end

--- Tells the backend when the width is another than it knows.
---@param view kubectl.View
---@param update fun(view: kubectl.View, change: table)
function M.check(view, update)
  local width = view.opened and M.width(view)
  if width and width ~= view.width then
    view.width = width
    update(view, { width = width })
  end
end

return M
