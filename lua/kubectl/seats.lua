--- Where each window's cursor sits: on an object, whatever line that object is on.
---
--- Before a frame every window's seat is taken down, while lines change it is shifted, afterwards it is settled on the
--- line of its object and given back to the window. Lines are 0-based here.
local api = vim.api
local M = {}

---@class (exact) kubectl.Seat
---@field win integer
---@field key string              the object under the cursor, '' for none
---@field want string?            an object that is not there at the moment
---@field hidden boolean          it went by a change of the view, not of the cluster
---@field text string?            its line, once that is gone
---@field ghost kubectl.Ghost?    the cursor stands on what is left of a deleted object
---@field row integer
---@field top integer             first line of the window
---@field height integer
---@field offset integer          lines between the two
---@field lost boolean            the line of the cursor was replaced
---@field free boolean            not bound to its object
---@field at_end boolean          stays on the last line
---@field lnum integer            where the cursor was put last, 1-based
---@field col integer
---@field curswant integer
---@field range kubectl.Range?    the other end of a visual range

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
  local moved = not old or old.lnum ~= view.lnum
  local want = not moved and old and old.want or nil
  return {
    win = win,
    key = sheet.keys[view.lnum] or '',
    want = want,
    hidden = not moved and old and old.hidden or false,
    text = not moved and old and old.text or nil,
    ghost = ghost_on(sheet, row),
    row = row,
    top = top,
    height = api.nvim_win_get_height(win),
    offset = want and old and old.offset or row - top,
    lost = false,
    free = not want and (sheet.size == 0 or not sheet.bound and row == 0),
    at_end = sheet.follow and view.lnum >= sheet.size,
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
  seat.want, seat.hidden, seat.free = key, true, false
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

--- Moves a seat to where its object is now, as high in the window as it was before.
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
  seat.want, seat.text, seat.lost = nil, nil, false
  return true
end

---@param sheet kubectl.Sheet
---@param seat kubectl.Seat
---@param last boolean
---@return kubectl.Ghost?
local function settle_seat(sheet, seat, last)
  if seat.want then
    if found(sheet, seat, M.find(sheet, seat.want)) then
      return
    end
  elseif seat.key == '' or seat.ghost then
    return
  elseif sheet.keys[seat.row + 1] == seat.key or found(sheet, seat, M.find(sheet, seat.key)) then
    seat.text = nil
    return
  else
    seat.want, seat.hidden = seat.key, sheet.turning
  end
  if last and not seat.hidden then
    local ghost = { at = seat.row, text = seat.text or '', since = vim.uv.now() }
    seat.want, seat.text, seat.ghost = nil, nil, ghost
    return ghost
  end
end

--- Finds every cursor's object after a frame; returns ghosts for those that were deleted.
---@param sheet kubectl.Sheet
---@param last boolean  no more frames are to come: what is missing is gone
---@return kubectl.Ghost[]
function M.settle(sheet, last)
  local ghosts, by_key = {}, {}
  for _, seat in pairs(sheet.seats) do
    if seat.at_end then
      seat.row = math.max(0, sheet.size - 1)
      seat.top = math.max(0, sheet.size - seat.height)
    elseif not seat.free then
      local key = seat.want or seat.key
      local ghost = settle_seat(sheet, seat, last)
      if ghost and by_key[key] then
        seat.ghost = by_key[key]
      elseif ghost then
        by_key[key] = ghost
        table.insert(ghosts, ghost)
      end
    end
  end
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
  seat.top = math.max(0, math.min(seat.top, last))
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
  if range.key ~= '' and sheet.keys[range.row + 1] ~= range.key then
    range.row = (M.find(sheet, range.key) or range.row + 1) - 1
  end
  local line = math.max(1, math.min(range.row + 1, sheet.size))
  if vim.fn.line('v') ~= line then
    vim.cmd('normal! o')
    api.nvim_win_set_cursor(0, { line, range.col })
    vim.cmd('normal! o')
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
    end
  end
end

return M
