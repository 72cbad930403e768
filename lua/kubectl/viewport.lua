--- Which lines of a table are on a screen. The backend keeps the ages of those right to the second, and the others in
--- turn: 10,000 young pods would else be drawn again every second.
local api = vim.api
local M = {}

--- Messages about one table are at least this far apart, in ms: a scroll by wheel is dozens a second.
local APART = 30

---@class (exact) kubectl.Told
---@field asked integer   the session of the view it was told to
---@field first integer
---@field last integer
---@field waiting boolean

---@type table<kubectl.View, kubectl.Told>
local told = setmetatable({}, { __mode = 'k' })

--- Lines counted from 0, from the first that a window shows to the last; nothing is seen where last is before first.
---@param view kubectl.View
---@return integer first
---@return integer last
local function seen(view)
  local first, last
  for _, win in ipairs(vim.fn.win_findbuf(view.buf)) do
    local top = vim.fn.getwininfo(win)[1].topline - 1
    first = math.min(first or top, top)
    last = math.max(last or 0, top + api.nvim_win_get_height(win) - 1)
  end
  -- Ghosts are lines the backend does not count.
  return math.max(0, (first or 0) - #view.sheet.ghosts), last or -1
end

---@param view kubectl.View
---@param notify fun(method: string, params: table)
local function tell(view, notify)
  local known = told[view]
  local first, last = seen(view)
  if known and known.asked == view.asked and known.first == first and known.last == last then
    return
  end
  told[view] = { asked = view.asked, first = first, last = last, waiting = true }
  notify('view.viewport', { view = view.id, first = first, last = last })
  vim.defer_fn(function()
    told[view].waiting = false
    M.check(view, notify)
  end, APART)
end

--- Tells the backend where windows have come to, unless it knows.
---@param view kubectl.View
---@param notify fun(method: string, params: table)
function M.check(view, notify)
  -- Before its first frame the backend takes the top of the table for what is seen.
  if view.kind ~= 'table' or view.asleep or view.sheet.gen < 0 or not api.nvim_buf_is_loaded(view.buf) then
    return
  end
  local known = told[view]
  if not (known and known.waiting and known.asked == view.asked) then
    tell(view, notify)
  end
end

return M
