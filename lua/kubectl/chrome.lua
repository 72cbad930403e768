--- What surrounds a view: titles in the winbar, state in the statusline or in the title of a float.
local config = require('kubectl.config')
local guard = require('kubectl.guard')
local highlight = require('kubectl.highlight')
local window = require('kubectl.window')

local api = vim.api
local M = {}

--- As much of a text as fits into so many cells.
---@param text string
---@param room integer
---@return string
local function fitting(text, room)
  return vim.fn.printf('%.' .. math.max(0, room) .. 'S', text)
end

--- Titles as they stand above lines that are scrolled sideways, behind what stands left of the lines.
---@param titles string
---@param win integer
---@return string
local function scrolled(titles, win)
  local lead = (' '):rep(vim.fn.getwininfo(win)[1].textoff)
  local left = api.nvim_win_call(win, vim.fn.winsaveview).leftcol
  if left == 0 then
    return lead .. titles
  end
  local away = fitting(titles, left)
  local rest = titles:sub(#away + 1)
  local short = left - vim.fn.strdisplaywidth(away)
  if short == 0 or rest == '' then
    return lead .. rest
  end
  -- Half of a wide character is away: the other half is a blank.
  local half = vim.fn.strcharpart(rest, 0, 1)
  return lead .. (' '):rep(vim.fn.strdisplaywidth(half) - short) .. rest:sub(#half + 1)
end

--- What is known of a table before the backend has said anything of it.
---@param view kubectl.View
---@return { left: string, middle: string, right: string, style: string }
local function opening(view)
  if view.kind ~= 'table' then
    return { left = '', middle = '', right = '', style = 'KubectlPending' }
  end
  local query = view.params.query
  local left = query.context and ('%s ▸ %s'):format(query.context, query.resource) or query.resource
  local right = config.get().ascii and 'o opening...' or '◌ opening…'
  return { left = left, middle = '', right = right, style = 'KubectlPending' }
end

---@param view kubectl.View
---@return string left
---@return string middle
---@return string right
---@return string style
local function says(view)
  local state = view.state or opening(view)
  if view.problem then
    return state.left, '', view.problem, 'KubectlError'
  end
  return state.left, state.middle, state.right, state.style
end

--- Why a view could not be opened, as its statusline says it.
---@param code string
---@param line string
---@return string
function M.refusal(code, line)
  if code ~= 'unauthorized' then
    return '✕ ' .. line
  end
  return (config.get().ascii and 'x' or '⚿') .. ' login expired: ' .. line
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

--- A text cut at its end, where it matters least.
---@param text string
---@param room integer
---@return string
local function cut(text, room)
  if vim.fn.strdisplaywidth(text) <= room then
    return text
  end
  return room < 2 and '' or fitting(text, room - 1) .. '…'
end

--- A count as the backend says counts: `10,000`.
---@param count integer
---@return string
local function thousands(count)
  return (tostring(count):reverse():gsub('%d%d%d', '%0,'):reverse():gsub('^,', ''))
end

--- How many objects are selected, as it is said; nothing where none is.
---@param view kubectl.View
---@return string
function M.selection(view)
  local picked, hidden = view.sheet.picked, view.sheet.picked - view.sheet.chosen
  local selected = picked > 0 and ('  %s selected'):format(thousands(picked)) or ''
  return hidden > 0 and ('%s, %s hidden'):format(selected, thousands(hidden)) or selected
end

---@param view kubectl.View
---@return string?
local function context_of(view)
  return view.context or view.opened and view.opened.context
end

--- The middle gives way first, then the left one, from its beginning; a third of the line is left to it, because a
--- reason, however long, says nothing where nobody knows of which table.
---@param view kubectl.View
---@param win integer
---@return string bar
---@return string freshness  coloured
local function statusline_of(view, win)
  local left, middle, right, style = says(view)
  local width = vim.o.laststatus == 3 and vim.o.columns or api.nvim_win_get_width(win)
  local selected = M.selection(view)
  local badge, badge_width = guard.badge(context_of(view))
  local kept = math.min(vim.fn.strdisplaywidth(left), math.floor(width / 3))
  right = cut(right, width - badge_width - kept - 5)
  local taken = vim.fn.strdisplaywidth(left .. right .. selected) + badge_width + 6
  local freshness = coloured(win, style, right)
  local bar = ('%s %%<%s%%=%s%s%%=  %s '):format(
    badge,
    window.escape(left),
    window.escape(cut(middle, width - taken)),
    selected,
    freshness
  )
  return bar, freshness
end

---@param view kubectl.View
---@param win integer
---@return table<string, any>
local function bars(view, win)
  local bar, freshness = statusline_of(view, win)
  local titles = view.layout and scrolled(view.layout.titles, win) or ' '
  -- Too long a line is cut where `%<` stands: at the end, or the titles would slide off their columns.
  local winbar = (view.kind == 'table' or view.kind == 'edit') and '%#KubectlTitle#' .. window.escape(titles) .. '%<'
    or ''
  if not has_statusline() then
    winbar = winbar .. '%=' .. guard.badge(context_of(view)) .. freshness
  end
  return { winbar = winbar, statusline = bar }
end

---@param view kubectl.View
---@param win integer
function M.draw_window(view, win)
  if window.is_float(win) then
    local left, _, right = says(view)
    local title = left ~= '' and left or view.title or ''
    return window.retitle(win, right == '' and title or title .. ' ─ ' .. right, guard.mark(context_of(view)))
  end
  window.set_options(win, bars(view, win))
end

--- What stands left of a window's lines.
local margins = { 'number', 'relativenumber', 'numberwidth', 'signcolumn', 'foldcolumn', 'statuscolumn' }

--- Runs `fn(win)` when lines may begin or end elsewhere in the windows of this tab page.
---@param fn fun(win: integer)
function M.on_shift(fn)
  local function all()
    for _, win in ipairs(api.nvim_tabpage_list_wins(0)) do
      fn(win)
    end
  end
  local group = api.nvim_create_augroup('kubectl.chrome', {})
  api.nvim_create_autocmd({ 'WinScrolled', 'WinResized' }, { group = group, callback = all })
  api.nvim_create_autocmd('OptionSet', {
    group = group,
    pattern = margins,
    callback = function()
      vim.schedule(all)
    end,
  })
end

---@param view kubectl.View
function M.draw(view)
  for _, win in ipairs(vim.fn.win_findbuf(view.buf)) do
    M.draw_window(view, win)
  end
end

return M
