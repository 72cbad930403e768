--- What a window showed, as it was: the table with its filter, order and namespaces, the object under the cursor and
--- where on the screen it stood.
local asking = require('kubectl.asking')
local buffer = require('kubectl.buffer')
local naming = require('kubectl.naming')
local seats = require('kubectl.seats')
local views = require('kubectl.view')

local api = vim.api
local M = {}

---@param view kubectl.View
---@return kubectl.Query?
local function query_of(view)
  return view.kind == 'table' and asking.query(view) or nil
end

---@param win integer
---@param view kubectl.View
---@return kubectl.Place
function M.of(win, view)
  local screen = api.nvim_win_call(win, vim.fn.winsaveview)
  local key = buffer.key(view.sheet, screen.lnum)
  local offset = screen.lnum - screen.topline
  return { view = view.id, query = query_of(view), key = key, offset = offset, leftcol = screen.leftcol }
end

--- What of a table is no longer as it was.
---@param view kubectl.View
---@param query kubectl.Query
---@return table
local function changed(view, query)
  local now, change = query_of(view) or {}, {}
  local moved = now.selector ~= query.selector or now.fieldSelector ~= query.fieldSelector
  if now.filter ~= query.filter or moved then
    change.filter = moved and naming.line_of(query.filter or '', query) or query.filter or ''
    change.push = moved or nil
  end
  if query.sort and not vim.deep_equal(now.sort, query.sort) then
    change.order = query.sort
  end
  if query.namespaces and not vim.deep_equal(now.namespaces, query.namespaces) then
    change.namespaces = query.namespaces
  end
  return change
end

--- Puts the window's cursor, and its screen, where they were; a row that is not there yet is waited for.
---@param view kubectl.View
---@param place kubectl.Place
local function sit(view, place)
  local win = api.nvim_get_current_win()
  if place.key == '' then
    return
  end
  seats.seek(view.sheet, win, place.key)
  local line = buffer.line(view.sheet, place.key)
  if line then
    vim.fn.winrestview({ topline = math.max(1, line - place.offset), leftcol = place.leftcol })
  end
end

--- The current window shows `view` again: makes it as it was at the place.
---@param view kubectl.View
---@param place kubectl.Place
function M.restore(view, place)
  local change = place.query and changed(view, place.query) or {}
  if next(change) then
    views.update(view, change)
  end
  sit(view, place)
end

return M
