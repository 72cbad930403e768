--- What surrounds a view: titles in the winbar, state in the statusline or in the title of a float.
local highlight = require('kubectl.highlight')
local window = require('kubectl.window')

local api = vim.api
local M = {}

--- Titles as they stand above lines that are scrolled sideways.
---@param titles string
---@param win integer
---@return string
local function scrolled(titles, win)
  local info = vim.fn.getwininfo(win)[1]
  local left = api.nvim_win_call(win, vim.fn.winsaveview).leftcol
  local cells, start = 0, 0
  while cells < left and start < vim.fn.strchars(titles) do
    cells = cells + vim.fn.strdisplaywidth(vim.fn.strcharpart(titles, start, 1))
    start = start + 1
  end
  return (' '):rep(info.textoff) .. vim.fn.strcharpart(titles, start)
end

---@param view kubectl.View
---@return string left
---@return string middle
---@return string right
---@return string style
local function says(view)
  local state = view.state or { left = '', middle = '', right = '', style = 'KubectlPending' }
  if view.problem then
    return state.left, '', view.problem, 'KubectlError'
  end
  return state.left, state.middle, state.right, state.style
end

---@return boolean
local function has_statusline()
  local status = vim.o.laststatus
  return status >= 2 or status == 1 and #api.nvim_tabpage_list_wins(0) > 1
end

---@param win integer
---@param style string
---@param text string
---@return string
local function coloured(win, style, text)
  if win ~= api.nvim_get_current_win() or vim.fn.hlexists(style) == 0 then
    return window.escape(text)
  end
  return ('%%#%s#%s%%*'):format(highlight.on_statusline(style), window.escape(text))
end

--- At most as wide as a window: a long reason is cut at its end, where it matters least.
---@param text string
---@param win integer
---@return string
local function cut(text, win)
  local room = api.nvim_win_get_width(win) - 3
  if vim.fn.strdisplaywidth(text) <= room then
    return text
  end
  return vim.fn.strcharpart(text, 0, room - 1) .. '…'
end

---@param view kubectl.View
---@param win integer
---@return table<string, any>
local function bars(view, win)
  local left, middle, right, style = says(view)
  right = cut(right, win)
  local picked, hidden = view.sheet.picked, view.sheet.picked - view.sheet.chosen
  local selected = picked > 0 and ('  %d selected'):format(picked) or ''
  if hidden > 0 then
    selected = ('%s, %d hidden'):format(selected, hidden)
  end
  local bar = (' %%<%s%%=%s%s%%=  %s '):format(
    window.escape(left),
    window.escape(middle),
    selected,
    coloured(win, style, right)
  )
  local titles = view.layout and scrolled(view.layout.titles, win) or ' '
  -- Too long a line is cut where `%<` stands: at the end, or the titles would slide off their columns.
  local winbar = view.kind == 'table' and '%#KubectlTitle#' .. window.escape(titles) .. '%<' or ''
  if not has_statusline() then
    winbar = winbar .. '%=' .. coloured(win, style, right)
  end
  return { winbar = winbar, statusline = bar }
end

---@param view kubectl.View
---@param win integer
function M.draw_window(view, win)
  if window.is_float(win) then
    local left, _, right = says(view)
    local title = left ~= '' and left or view.title or ''
    return window.retitle(win, right == '' and title or title .. ' ─ ' .. right)
  end
  window.set_options(win, bars(view, win))
end

---@param view kubectl.View
function M.draw(view)
  for _, win in ipairs(vim.fn.win_findbuf(view.buf)) do
    M.draw_window(view, win)
  end
end

return M
