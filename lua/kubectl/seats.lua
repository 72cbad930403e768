--- Where each window's cursor sits: on an object, whatever line that object is on.
---
--- Before a frame every window's seat is taken down, while lines change it is shifted, afterwards it is settled on the
--- line of its object and given back to the window. Lines are 0-based here.
local bookmarks = require('kubectl.bookmarks')

local api = vim.api
local M = {}

---@class (exact) kubectl.Seat
---@field win integer
---@field key string              the object under the cursor, '' for none
---@field want string?            an object that is not there at the moment
---@field hidden boolean          it went by a change of the view, not of the cluster
---@field sought boolean          it never was there: a jump waits for it
---@field back kubectl.Back?      where the cursor was before a change of the view hid that: the next may show it again
---@field text string?            its line, once that is gone
---@field ghost kubectl.Ghost?    the cursor stands on what is left of a deleted object
---@field row integer
---@field top integer             first line of the window
---@field height integer
---@field offset integer          lines between the two
---@field lost boolean            the line of the cursor was replaced
---@field free boolean            not bound to its object
---@field at_end boolean          stays on the last line
---@field full boolean            no empty lines below the last: there are to be none as long as there are rows for it
---@field lnum integer            where the cursor was put last, 1-based
---@field col integer
---@field curswant integer
---@field range kubectl.Range?    the other end of a visual range

---@class (exact) kubectl.Back
---@field key string
---@field offset integer

---@class (exact) kubectl.Range
---@field key string
---@field row integer
---@field col integer

---@param sheet kubectl.Sheet
---@param key string
---@return integer? line 1-based
function M.find(sheet, key)
  local keys = sheet.keys
  for index = 1, #keys do
    if keys[index] == key then
      return index
    end
  end
end

---@param sheet kubectl.Sheet
---@param line integer 0-based
---@return kubectl.Ghost?
local function ghost_on(sheet, line)
  for index, ghost in ipairs(sheet.ghosts) do
    if ghost.at + index - 1 == line then
      return ghost
    end
  end
end

---@param sheet kubectl.Sheet
---@param win integer
---@param old kubectl.Seat?
---@return kubectl.Seat
local function sit(sheet, win, old)
  local view = api.nvim_win_call(win, vim.fn.winsaveview)
  local row, top = view.lnum - 1, view.topline - 1
  -- Neovim counts a winbar as part of a window's height, here it is not.
  local height = vim.fn.getwininfo(win)[1].height
  local moved = not old or old.lnum ~= view.lnum
  local want = not moved and old and old.want or nil
  return {
    win = win,
    key = sheet.keys[view.lnum] or '',
    want = want,
    hidden = not moved and old and old.hidden or false,
    sought = not moved and old and old.sought or false,
    back = not moved and old and old.back or nil,
    text = not moved and old and old.text or nil,
    -- Who waits for an object may stand where another window's is no more.
    ghost = not want and (not moved and old and old.ghost or ghost_on(sheet, row)) or nil,
    row = row,
    top = top,
    height = height,
    offset = want and old and old.offset or row - top,
    lost = false,
    free = not want and (sheet.size == 0 or not sheet.bound and row == 0),
    at_end = sheet.follow and view.lnum >= sheet.size,
    full = top == 0 or top + height <= sheet.size,
    lnum = view.lnum,
    col = view.col,
    curswant = view.curswant,
  }
end

--- Sends a window's cursor to an object: now where it is there, else when it comes, unless the user moves first.
---@param sheet kubectl.Sheet
---@param win integer
---@param key string
function M.seek(sheet, win, key)
  local line = M.find(sheet, key)
  if line then
    return api.nvim_win_set_cursor(win, { line, 0 })
  end
  local seat = sit(sheet, win)
  seat.want, seat.hidden, seat.sought, seat.free = key, true, true, false
  seat.offset = math.floor(seat.height / 2)
  sheet.seats[win] = seat
end

--- The end of a visual range the cursor is not at.
---@param sheet kubectl.Sheet
---@return kubectl.Range?
local function range_start(sheet)
  if not vim.fn.mode():match('^[vV\22]') then
    return
  end
  local start = vim.fn.getpos('v')
  return { key = sheet.keys[start[2]] or '', row = start[2] - 1, col = start[3] - 1 }
end

--- Takes down the seats of all windows that show the sheet.
---@param sheet kubectl.Sheet
function M.take(sheet)
  local old = sheet.seats
  sheet.seats = {}
  bookmarks.take(sheet)
  for _, win in ipairs(vim.fn.win_findbuf(sheet.buf)) do
    sheet.seats[win] = sit(sheet, win, old[win])
    if win == api.nvim_get_current_win() then
      sheet.seats[win].range = range_start(sheet)
    end
  end
end

--- The lines are about to be lost: cursors that stay where they are wait for their objects.
---@param sheet kubectl.Sheet
function M.await(sheet)
  for _, seat in pairs(sheet.seats) do
    if not seat.want and not seat.ghost and not seat.at_end and seat.key ~= '' then
      seat.want, seat.hidden = seat.key, true
    end
  end
  bookmarks.await(sheet)
end

--- Neovim emptied the buffer and put all cursors on the one line it has now: that is not where the user went.
---@param sheet kubectl.Sheet
function M.emptied(sheet)
  for _, seat in pairs(sheet.seats) do
    seat.lnum = 1
  end
end

---@param position integer
---@param change { start: integer, removed: integer, count: integer }
---@return integer
---@return boolean inside  it was on a replaced line
local function shifted(position, change)
  if position < change.start then
    return position, false
  end
  if position >= change.start + change.removed then
    return position + change.count - change.removed, false
  end
  return change.start + math.min(position - change.start, change.count), true
end

---@param sheet kubectl.Sheet
---@param seat kubectl.Seat
---@param change kubectl.Change
local function shift_seat(sheet, seat, change)
  local row, inside = shifted(seat.row, change)
  if inside and change.keys[seat.row - change.start + 1] ~= seat.key then
    if not seat.text and not seat.want and seat.key ~= '' and not seat.ghost then
      seat.text = api.nvim_buf_get_lines(sheet.buf, seat.row, seat.row + 1, false)[1]
    end
    seat.lost = true
  end
  seat.row = row
  if seat.range then
    seat.range.row = shifted(seat.range.row, change)
  end
  -- At the top of the buffer what comes in above is seen.
  if seat.top > 0 then
    seat.top = shifted(seat.top, change)
  end
end

--- A change of the view's lines is about to be made.
---@param sheet kubectl.Sheet
---@param change kubectl.Change
function M.shift(sheet, change)
  bookmarks.shift(sheet, change)
  for _, seat in pairs(sheet.seats) do
    if not seat.free then
      shift_seat(sheet, seat, change)
    end
  end
  for _, ghost in ipairs(sheet.ghosts) do
    if ghost.at > change.start then
      ghost.at = shifted(ghost.at, change)
    end
  end
end

--- A ghost's line comes or goes: as `shift`, but windows that begin there still begin there.
---@param sheet kubectl.Sheet
---@param start integer
---@param removed integer
---@param count integer
function M.shift_ghost(sheet, start, removed, count)
  local change = { start = start, removed = removed, count = count }
  bookmarks.shift(sheet, change)
  for _, seat in pairs(sheet.seats) do
    if not seat.free then
      seat.row = shifted(seat.row, change)
      seat.top = seat.top > start and shifted(seat.top, change) or seat.top
      if seat.range then
        seat.range.row = shifted(seat.range.row, change)
      end
    end
  end
end

--- Moves a seat to where an object is now, as high in the window as it was before.
---@param sheet kubectl.Sheet
---@param seat kubectl.Seat
---@param line integer? 1-based
---@return boolean
local function found(sheet, seat, line)
  if not line then
    return false
  end
  if line - 1 ~= seat.row or seat.want then
    seat.row = line - 1
    seat.top = math.max(0, math.min(seat.row - seat.offset, sheet.size - seat.height))
  end
  seat.want, seat.text, seat.lost, seat.sought = nil, nil, false, false
  return true
end

--- All lines are there and the object is not among them.
---@param sheet kubectl.Sheet
---@param seat kubectl.Seat
---@return kubectl.Ghost?
local function give_up(sheet, seat)
  if seat.hidden and (sheet.keys[math.min(seat.row + 1, sheet.size)] or '') == '' then
    -- A note stands there instead: that nothing matches.
    return
  end
  local key, text = seat.want or '', seat.text or ''
  seat.want, seat.text = nil, nil
  if seat.hidden then
    -- The cursor is on another object from now on, until the view changes again.
    seat.back = seat.back or { key = key, offset = seat.offset }
    return
  end
  seat.ghost = { key = key, at = seat.row, text = text, since = vim.uv.now(), word = sheet.ghost_word }
  return seat.ghost
end

---@param sheet kubectl.Sheet
---@param seat kubectl.Seat
---@param last boolean
---@param lines table<string, integer>
---@return kubectl.Ghost?
local function settle_seat(sheet, seat, last, lines)
  local back = sheet.turning and seat.back
  if back and lines[back.key] then
    seat.offset = back.offset
    found(sheet, seat, lines[back.key])
    seat.back, seat.ghost = nil, nil
    return
  elseif seat.back and lines[seat.back.key] then
    -- It is shown again and the cursor was left where it is: that is where the user is now.
    seat.back = nil
  end
  if seat.ghost then
    if found(sheet, seat, lines[seat.ghost.key]) then
      seat.ghost = nil
    end
    return
  end
  if not seat.want then
    if seat.key == '' or sheet.keys[seat.row + 1] == seat.key or found(sheet, seat, lines[seat.key]) then
      seat.text = nil
      return
    end
    seat.want, seat.hidden = seat.key, sheet.turning
  elseif found(sheet, seat, lines[seat.want]) then
    return
  end
  if last and not seat.sought then
    return give_up(sheet, seat)
  end
end

--- Objects that are not where the shifts of a frame put them.
---@param sheet kubectl.Sheet
---@return table<string, boolean>  true: it was there before the frame
local function astray(sheet)
  local wanted = {}
  for _, seat in pairs(sheet.seats) do
    if not seat.free and not seat.at_end then
      local missing = seat.ghost and seat.ghost.key or seat.want
      local key = missing or seat.key
      if key ~= '' and (missing or sheet.keys[seat.row + 1] ~= key) then
        wanted[key] = wanted[key] or not missing
      end
      if seat.back then
        wanted[seat.back.key] = wanted[seat.back.key] or false
      end
    end
    local range = seat.range
    if range and range.key ~= '' and sheet.keys[range.row + 1] ~= range.key then
      wanted[range.key] = true
    end
  end
  return bookmarks.astray(sheet, wanted)
end

--- Lines of objects, 1-based. 50,000 lines are looked at only for one that was there, or has come: one that a filter
--- hides costs nothing.
---@param sheet kubectl.Sheet
---@param wanted table<string, boolean>
---@param changes kubectl.Change[]
---@return table<string, integer>
local function lines_of(sheet, wanted, changes)
  local lines, look = {}, vim.list_contains(vim.tbl_values(wanted), true)
  for _, change in ipairs(not look and next(wanted) and changes or {}) do
    for _, key in ipairs(change.keys) do
      look = look or wanted[key] ~= nil
    end
  end
  for line, key in ipairs(look and sheet.keys or {}) do
    if wanted[key] ~= nil then
      lines[key] = line
    end
  end
  return lines
end

--- Finds every cursor's object after a frame; returns ghosts for those that were deleted. A ghost whose object is back
--- is one no more.
---@param sheet kubectl.Sheet
---@param changes kubectl.Change[]  of this frame
---@param last boolean  no more frames are to come: what is missing is gone
---@return kubectl.Ghost[]
function M.settle(sheet, changes, last)
  local ghosts, by_key = {}, {}
  local lines = lines_of(sheet, astray(sheet), changes)
  for _, seat in pairs(sheet.seats) do
    local range = seat.range
    if range and lines[range.key] then
      range.row = lines[range.key] - 1
    end
    if seat.at_end then
      seat.row = math.max(0, sheet.size - 1)
      seat.top = math.max(0, sheet.size - seat.height)
    elseif not seat.free then
      local key = seat.want or seat.key
      local ghost = settle_seat(sheet, seat, last, lines)
      if ghost and by_key[key] then
        seat.ghost = by_key[key]
      elseif ghost then
        by_key[key] = ghost
        table.insert(ghosts, ghost)
      end
    end
  end
  bookmarks.settle(sheet, lines)
  sheet.ghosts = vim.tbl_filter(function(ghost)
    return not lines[ghost.key]
  end, sheet.ghosts)
  return ghosts
end

--- Ghosts a cursor stands on.
---@param sheet kubectl.Sheet
---@return kubectl.Ghost[]
function M.ghosts(sheet)
  return vim.tbl_filter(function(ghost)
    for _, seat in pairs(sheet.seats) do
      if seat.ghost == ghost then
        return true
      end
    end
    return false
  end, sheet.ghosts)
end

---@param sheet kubectl.Sheet
---@param seat kubectl.Seat
local function give_seat(sheet, seat)
  for index, ghost in ipairs(sheet.ghosts) do
    if ghost == seat.ghost then
      seat.row = ghost.at + index - 1
    end
  end
  local last = math.max(0, sheet.size - 1)
  seat.row = math.min(seat.row, last)
  local hidden = seat.row < seat.top or seat.row > seat.top + seat.height - 1
  if hidden and seat.row - seat.top ~= seat.offset then
    seat.top = seat.row - math.min(seat.offset, seat.height - 1)
  end
  seat.top = math.max(0, math.min(seat.top, seat.full and sheet.size - seat.height or last))
  seat.lnum = seat.row + 1
  local view = vim.fn.winsaveview()
  if view.lnum ~= seat.lnum or view.topline ~= seat.top + 1 then
    vim.fn.winrestview({ lnum = seat.lnum, col = seat.col, curswant = seat.curswant, topline = seat.top + 1 })
  end
end

--- Neovim has no way to set the other end of a range but to go there.
---@param sheet kubectl.Sheet
---@param range kubectl.Range
local function give_range(sheet, range)
  local line = math.max(1, math.min(range.row + 1, sheet.size))
  if vim.fn.line('v') ~= line then
    local view = vim.fn.winsaveview()
    vim.cmd('normal! o')
    api.nvim_win_set_cursor(0, { line, range.col })
    vim.cmd('normal! o')
    -- Going there may have scrolled, and forgets a `$`.
    vim.fn.winrestview(view)
  end
end

--- Puts every window's cursor where its seat is.
---@param sheet kubectl.Sheet
function M.give(sheet)
  for win, seat in pairs(sheet.seats) do
    if api.nvim_win_is_valid(win) then
      api.nvim_win_call(win, function()
        give_seat(sheet, seat)
      end)
      if seat.range and win == api.nvim_get_current_win() then
        give_range(sheet, seat.range)
      end
      if vim.wo[win].scrollbind then
        -- Setting it takes the line the window now begins with as the one it is bound at: its partners are at theirs.
        vim.wo[win].scrollbind = true
      end
    end
  end
  bookmarks.give(sheet)
end

return M
