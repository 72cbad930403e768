--- What matters of a row, in a float beside the cursor that goes with the next move. Again: into the float.
local action = require('kubectl.action')
local buffer = require('kubectl.buffer')
local config = require('kubectl.config')
local float = require('kubectl.float')
local views = require('kubectl.view')

local api = vim.api
local M = {}

local CLOSES = 'kubectl: close the hover'

--- Closes the float when the cursor is moved, but not when its row moves and the cursor with it.
---@param view kubectl.View
---@param key string
---@param win integer
local function close_with(view, key, win)
  local col = api.nvim_win_get_cursor(0)[2]
  api.nvim_create_autocmd('CursorMoved', {
    buffer = view.buf,
    -- Closing it is to be heard of.
    nested = true,
    callback = function()
      if not api.nvim_win_is_valid(win) then
        return true
      end
      local now = api.nvim_win_get_cursor(0)
      if now[2] ~= col or buffer.key(view.sheet, now[1]) ~= key then
        api.nvim_win_close(win, true)
        return true
      end
    end,
  })
end

--- While the float is there `q` closes it from the table too, instead of beginning to record a macro.
---@param view kubectl.View
---@param win integer
local function close_by_key(view, win)
  local now = vim.fn.maparg('q', 'n', false, true)
  if now.buffer == 1 and now.desc ~= CLOSES then
    return
  end
  local function forget()
    pcall(vim.keymap.del, 'n', 'q', { buffer = view.buf })
  end
  vim.keymap.set('n', 'q', function()
    forget()
    if api.nvim_win_is_valid(win) then
      return api.nvim_win_close(win, true)
    end
    -- Another autocommand closed it, and of that none is told.
    api.nvim_feedkeys('q', 'in', false)
  end, { buffer = view.buf, nowait = true, desc = CLOSES })
  api.nvim_create_autocmd('WinClosed', { pattern = tostring(win), once = true, callback = forget })
end

---@param view kubectl.View
---@param key string
---@param hover kubectl.HoverText
local function show(view, key, hover)
  local buf, win = vim.lsp.util.open_floating_preview(hover.lines, '', {
    border = config.get().border,
    focus_id = 'kubectl.hover',
    max_width = math.max(40, vim.o.columns - 4),
    max_height = math.max(5, vim.o.lines - 6),
    close_events = { 'InsertEnter', 'BufHidden' },
    title = (' %s '):format(hover.title),
  })
  if buf and win then
    float.paint(buf, hover.codes)
    vim.wo[win].linebreak, vim.wo[win].breakindent = true, true
    close_with(view, key, win)
    close_by_key(view, win)
  end
end

--- Asks about the row under the cursor and shows the answer where the cursor still is.
---@param view kubectl.View
function M.open(view)
  local win = api.nvim_get_current_win()
  local shown = vim.b[view.buf].lsp_floating_preview
  if type(shown) == 'number' and api.nvim_win_is_valid(shown) then
    return api.nvim_set_current_win(shown)
  end
  local key = action.key(view)
  if not key then
    return
  end
  views.request(view, 'view.hover', { key = key }, function(hover)
    local here = api.nvim_get_current_win() == win and api.nvim_win_get_buf(win) == view.buf
    if here and buffer.key(view.sheet, api.nvim_win_get_cursor(win)[1]) == key then
      show(view, key, hover)
    end
  end)
end

return M
