--- Windows: floats, splits, full screen, and what a window of ours looks like.
local config = require('kubectl.config')
local highlight = require('kubectl.highlight')

local api = vim.api
local M = {}

---@class (exact) kubectl.FloatSize
---@field width integer
---@field height integer
---@field row integer
---@field col integer

--- Options every window of ours has, set locally: another buffer in the window gets its own back.
local plain = {
  wrap = false,
  number = false,
  relativenumber = false,
  signcolumn = 'no',
  foldcolumn = '0',
  statuscolumn = '',
  list = false,
  spell = false,
  colorcolumn = '',
}

---@param win integer
---@param options table<string, any>
function M.set_options(win, options)
  for name, value in pairs(options) do
    if vim.wo[win][name] ~= value then
      vim.wo[win][0][name] = value
    end
  end
end

---@param win integer
---@param more table<string, any>?
function M.dress(win, more)
  M.set_options(win, vim.tbl_extend('force', plain, more or {}))
end

--- Text that came from a server, as a part of a statusline or winbar.
---@param text string
---@return string
function M.escape(text)
  return (text:gsub('[%z\1-\31]', ' '):gsub('%%', '%%%%'))
end

---@param part number
---@param whole integer
---@return integer
local function measure(part, whole)
  return math.floor(part > 1 and math.min(part, whole) or part * whole)
end

---@param size { width: number, height: number }  parts of the editor, or cells when above 1
---@return kubectl.FloatSize
local function centred(size)
  local columns, lines = vim.o.columns - 2, vim.o.lines - vim.o.cmdheight - 3
  local width = math.max(1, measure(size.width, columns))
  local height = math.max(1, measure(size.height, lines))
  return {
    width = width,
    height = height,
    row = math.max(0, math.floor((lines - height) / 2)),
    col = math.max(0, math.floor((columns - width) / 2)),
  }
end

---@class (exact) kubectl.FloatOptions
---@field title string?
---@field footer string?
---@field size { width: number, height: number }?
---@field danger boolean?
---@field focus boolean?
---@field minimal boolean?

--- A float in the middle of the editor. It follows the editor's size until it is closed.
---@param buf integer
---@param options kubectl.FloatOptions?
---@return integer win
function M.float(buf, options)
  highlight.ensure()
  options = options or {}
  local size = options.size or config.get().float_size
  local open = vim.tbl_extend('force', centred(size), {
    relative = 'editor',
    border = config.get().border,
    zindex = 50,
  })
  if open.border ~= 'none' then
    open.title = options.title and (' ' .. options.title .. ' ') or nil
    open.title_pos = options.title and 'left' or nil
    open.footer = options.footer and (' ' .. options.footer .. ' ') or nil
    open.footer_pos = options.footer and 'right' or nil
  end
  local win = api.nvim_open_win(buf, options.focus ~= false, open)
  local border = options.danger and 'KubectlError' or 'FloatBorder'
  M.dress(win, { winhighlight = 'FloatTitle:KubectlTitle,FloatBorder:' .. border .. ',FloatFooter:KubectlNote' })
  vim.w[win].kubectl_float = { size = size }
  return win
end

---@param win integer
---@return boolean
function M.is_float(win)
  return api.nvim_win_get_config(win).relative ~= ''
end

---@param win integer
---@param title string
---@param mark string[]?  what stands before it, with its highlight group
function M.retitle(win, title, mark)
  local now = api.nvim_win_get_config(win)
  if now.relative ~= '' and now.border and now.border ~= 'none' then
    api.nvim_win_set_config(
      win,
      { title = mark and { mark, { ' ' .. title .. ' ', 'FloatTitle' } } or ' ' .. title .. ' ', title_pos = 'left' }
    )
  end
end

---@param win integer
---@param footer string
function M.refooter(win, footer)
  if api.nvim_win_get_config(win).footer then
    api.nvim_win_set_config(win, { footer = ' ' .. footer .. ' ', footer_pos = 'right' })
  end
end

--- One line over the last line of a window.
---@param buf integer
---@param win integer
---@return integer
function M.bottom_line(buf, win)
  local line = api.nvim_open_win(buf, true, {
    relative = 'win',
    win = win,
    row = api.nvim_win_get_height(win) - 1,
    col = 0,
    width = api.nvim_win_get_width(win),
    height = 1,
    zindex = 60,
  })
  M.dress(line, { winhighlight = 'NormalFloat:Normal' })
  return line
end

--- One line on top of the border of a float.
---@param buf integer
---@param win integer
---@return integer
function M.above(buf, win)
  local float = api.nvim_win_get_config(win)
  local line = api.nvim_open_win(buf, true, {
    relative = 'editor',
    row = math.max(0, float.row - 3),
    col = float.col,
    width = float.width,
    height = 1,
    border = config.get().border,
    zindex = 60,
  })
  M.dress(line)
  return line
end

--- Places a float again for the editor's size.
---@param win integer
function M.place(win)
  local float = vim.w[win].kubectl_float
  if not float then
    return
  end
  local place = centred(float.full and { width = 1, height = 1 } or float.size)
  api.nvim_win_set_config(win, vim.tbl_extend('force', place, { relative = 'editor' }))
end

---@param win integer
function M.toggle_fullscreen(win)
  local float = vim.w[win].kubectl_float
  if float then
    float.full = not float.full
    vim.w[win].kubectl_float = float
    return M.place(win)
  end
  if vim.t.kubectl_full then
    vim.t.kubectl_full = nil
    return vim.cmd.wincmd('=')
  end
  vim.t.kubectl_full = true
  vim.cmd.wincmd('_')
  vim.cmd.wincmd('|')
end

---@param win integer
function M.focus(win)
  if api.nvim_win_is_valid(win) then
    api.nvim_set_current_win(win)
  end
end

---@param win integer
function M.close(win)
  if not api.nvim_win_is_valid(win) then
    return
  end
  local tiled = vim.tbl_filter(function(each)
    return not M.is_float(each)
  end, api.nvim_tabpage_list_wins(api.nvim_win_get_tabpage(win)))
  if M.is_float(win) or #tiled > 1 or #api.nvim_list_tabpages() > 1 then
    return api.nvim_win_close(win, true)
  end
  -- The last window stays, with the buffer that was there before.
  api.nvim_win_call(win, function()
    local other = vim.fn.bufnr('#')
    if other > 0 and other ~= api.nvim_get_current_buf() and vim.fn.buflisted(other) == 1 then
      return vim.cmd.buffer(other)
    end
    vim.cmd.enew()
  end)
end

--- Closes a window one types in. Insert mode ends only later, in the window that comes next, and takes the cursor there
--- one letter to the left: it is put one to the right for that.
---@param win integer
function M.close_typed(win)
  local typing = vim.fn.mode():sub(1, 1) == 'i'
  if typing then
    vim.cmd.stopinsert()
  end
  M.close(win)
  local line, col = unpack(api.nvim_win_get_cursor(0))
  if typing and col > 0 then
    local letter = vim.fn.strcharpart(api.nvim_get_current_line():sub(col + 1), 0, 1)
    api.nvim_win_set_cursor(0, { line, col + #letter })
  end
end

--- The window that what is opened from here goes to: tables do not open in floats.
---@return integer
function M.base()
  local here = api.nvim_get_current_win()
  if not M.is_float(here) then
    return here
  end
  for _, win in ipairs({ vim.fn.win_getid(vim.fn.winnr('#')), unpack(api.nvim_tabpage_list_wins(0)) }) do
    if api.nvim_win_is_valid(win) and not M.is_float(win) then
      return win
    end
  end
  return here
end

--- Whether the modifiers of a command say where its window is.
---@param mods vim.api.keyset.cmd.mods
---@return boolean
function M.is_placed(mods)
  return mods.vertical or mods.horizontal or (mods.split or '') ~= '' or (mods.tab or -1) >= 0
end

--- A window for a buffer, where the modifiers of a command say.
---@param buf integer
---@param mods vim.api.keyset.cmd.mods
---@param split boolean?
---@return integer win
local function place_in(buf, mods, split)
  local asked = mods.vertical or mods.horizontal or mods.split ~= nil and mods.split ~= ''
  local tab = mods.tab and mods.tab >= 0
  if tab or asked or split then
    local where = asked and mods.split or 'botright'
    vim.cmd.sbuffer({ buf, mods = { tab = tab and mods.tab or nil, vertical = mods.vertical, split = where } })
    return api.nvim_get_current_win()
  end
  local win = api.nvim_get_current_win()
  local ok = pcall(api.nvim_win_set_buf, win, buf)
  if not ok then
    -- 'winfixbuf', or a modified buffer without 'hidden'.
    vim.cmd.sbuffer(buf)
  end
  return api.nvim_get_current_win()
end

--- Shows a buffer in a window that is no float. A float of ours that one goes on from would lie over what was opened:
--- it is closed, unless there is something to lose in it.
---@param buf integer
---@param mods vim.api.keyset.cmd.mods?  as in `nvim_create_user_command`
---@param split boolean?  a split even without modifiers
---@return integer win
function M.show(buf, mods, split)
  local from = api.nvim_get_current_win()
  local ours = vim.w[from].kubectl_float
  api.nvim_set_current_win(M.base())
  local win = place_in(buf, mods or {}, split)
  local there = ours and win ~= from and api.nvim_win_is_valid(from)
  if there and not vim.bo[api.nvim_win_get_buf(from)].modified then
    api.nvim_win_close(from, true)
  end
  return win
end

api.nvim_create_autocmd('VimResized', {
  group = api.nvim_create_augroup('kubectl.window', {}),
  callback = function()
    for _, win in ipairs(api.nvim_list_wins()) do
      M.place(win)
    end
  end,
})

return M
