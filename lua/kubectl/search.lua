--- A search while rows move. Neovim remembers the line a search began at by its number: given up, the cursor would
--- come back to whatever object is on that line by then; accepted, it would look from there again.
local seats = require('kubectl.seats')

local api = vim.api
local M = {}

---@class (exact) kubectl.Search
---@field win integer
---@field sheet kubectl.Sheet
---@field tick integer     changes of the buffer until then
---@field key string
---@field col integer
---@field offset integer   lines between the cursor and the top of the window

---@type kubectl.Search?
local began

---@param sheet kubectl.Sheet
---@return kubectl.Search
local function here(sheet)
  local view = vim.fn.winsaveview()
  return {
    win = api.nvim_get_current_win(),
    sheet = sheet,
    tick = api.nvim_buf_get_changedtick(sheet.buf),
    key = sheet.keys[view.lnum] or '',
    col = view.col,
    offset = view.lnum - view.topline,
  }
end

---@param place kubectl.Search
local function go(place)
  if not api.nvim_win_is_valid(place.win) or api.nvim_win_get_buf(place.win) ~= place.sheet.buf then
    return
  end
  local line = place.key ~= '' and seats.find(place.sheet, place.key)
  if not line or api.nvim_win_get_cursor(place.win)[1] == line then
    return
  end
  api.nvim_win_call(place.win, function()
    vim.fn.winrestview({ lnum = line, col = place.col, topline = math.max(1, line - place.offset) })
  end)
end

---@param sheet_of fun(buf: integer): kubectl.Sheet?
function M.listen(sheet_of)
  local group = api.nvim_create_augroup('kubectl.search', {})
  local pattern = { '/', '\\?' }
  api.nvim_create_autocmd('CmdlineEnter', {
    group = group,
    pattern = pattern,
    callback = function()
      local sheet = sheet_of(api.nvim_get_current_buf())
      began = sheet and here(sheet)
    end,
  })
  api.nvim_create_autocmd('CmdlineLeave', {
    group = group,
    pattern = pattern,
    callback = function()
      local place = began
      began = nil
      if not place or api.nvim_get_current_win() ~= place.win then
        return
      end
      local same = api.nvim_buf_get_changedtick(place.sheet.buf) == place.tick
      if same or not vim.v.event.abort and not vim.o.incsearch then
        return
      end
      -- What is accepted is the match that is shown.
      local to = vim.v.event.abort and place or here(place.sheet)
      vim.schedule(function()
        go(to)
      end)
    end,
  })
end

return M
