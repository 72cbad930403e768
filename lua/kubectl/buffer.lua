--- Lines and marks of views: applies frames, keeps every window's cursor on its object, paints what is visible.
--- The only file that sets lines or marks of a view.
---
--- A sheet mirrors its buffer: one key and one code per line. A deleted object under a cursor stays as a ghost, an
--- extra line without a key. Ghosts are lifted out before a frame is applied and put back after it, so frames always
--- meet the lines the backend knows.
local report = require('kubectl.report')
local seats = require('kubectl.seats')
local selection = require('kubectl.selection')
local spans = require('kubectl.spans')
local splice = require('kubectl.splice')

local api = vim.api
local M = {}

---@class (exact) kubectl.Ghost
---@field key string
---@field at integer       the 0-based line it stands above, counted without ghosts
---@field home integer?    where that is to be again, while the lines of a new gen arrive
---@field text string
---@field since integer    uv.now() of the deletion
---@field word string       what it says happened: a filter of later does not change that

---@class (exact) kubectl.Sheet
---@field buf integer
---@field keys string[]
---@field codes string[]
---@field size integer          lines of the view; an empty view has a buffer of one line
---@field gen integer
---@field turning boolean       lines of other rows are arriving: those that vanish were not deleted
---@field bound boolean         cursors stick to objects; not on line 1 while the first list streams in
---@field follow boolean        a cursor on the last line stays on the last line
---@field selected table<string, integer>  how many lines show a selected object; 0 while a filter hides it
---@field chosen integer        selected objects that are shown
---@field picked integer        selected objects, shown or not
---@field unselect table<string, true>     left the lines, perhaps to come back in the same change
---@field ghosts kubectl.Ghost[]
---@field ghost_word string     what a ghost says happened
---@field mark_column integer   display cell of the selection mark
---@field seats table<integer, kubectl.Seat>
---@field bookmarks table<string, kubectl.Bookmark>  by the letter of the mark
---@field mend fun()?           asks for all lines, because somebody else changed them
---@field complained boolean    a failure to apply frames was reported
---@field broken integer        frames that did not fit since the last that did

local namespace = api.nvim_create_namespace('kubectl')

---@type table<integer, kubectl.Sheet>
local sheets = {}
local deleted_style, selected_style = 'KubectlDeleted', 'KubectlSelected'
local mark_text = '»'

---@param ids integer[]  highlight ids by the index codes use
---@param ascii boolean
function M.use_styles(ids, ascii)
  spans.use(ids)
  mark_text = ascii and '>' or '»'
end

local cell_mark = { ephemeral = true, strict = false, priority = 100 }
local row_mark = { ephemeral = true, strict = false, priority = 90, hl_eol = true, end_col = 0 }
local note_mark = { ephemeral = true, strict = false, virt_text_pos = 'right_align', hl_mode = 'combine' }
local sign_mark = { ephemeral = true, strict = false, virt_text_pos = 'overlay', hl_mode = 'combine' }

---@param sheet kubectl.Sheet
---@param line integer 0-based
---@return kubectl.Ghost?
local function ghost_at(sheet, line)
  for index, ghost in ipairs(sheet.ghosts) do
    if ghost.at + index - 1 == line then
      return ghost
    end
  end
end

---@param sheet kubectl.Sheet
---@param row integer
---@param ghost kubectl.Ghost
local function paint_ghost(sheet, row, ghost)
  cell_mark.end_col, cell_mark.hl_group = #ghost.text, deleted_style
  api.nvim_buf_set_extmark(sheet.buf, namespace, row, 0, cell_mark)
  local seconds = math.floor((vim.uv.now() - ghost.since) / 1000)
  note_mark.virt_text = { { (' %s %d s ago '):format(ghost.word, seconds), 'KubectlNote' } }
  api.nvim_buf_set_extmark(sheet.buf, namespace, row, 0, note_mark)
end

---@param sheet kubectl.Sheet
---@param row integer
local function paint_selected(sheet, row)
  row_mark.end_row, row_mark.hl_group = row + 1, selected_style
  api.nvim_buf_set_extmark(sheet.buf, namespace, row, 0, row_mark)
  sign_mark.virt_text = { { mark_text, 'KubectlSelectedMark' } }
  local line = api.nvim_buf_get_lines(sheet.buf, row, row + 1, false)[1] or ''
  local byte = vim.fn.byteidx(line, sheet.mark_column)
  api.nvim_buf_set_extmark(sheet.buf, namespace, row, byte < 0 and #line or byte, sign_mark)
end

---@type kubectl.Sheet?
local painting

local function paint_line(_, _, _, row)
  local sheet = painting
  if not sheet then
    return
  end
  if #sheet.ghosts > 0 then
    local ghost = ghost_at(sheet, row)
    if ghost then
      return paint_ghost(sheet, row, ghost)
    end
  end
  local code = sheet.codes[row + 1]
  if code and code ~= '' then
    local found = spans.of(code)
    for index = 1, #found, 3 do
      cell_mark.end_col, cell_mark.hl_group = found[index + 1], found[index + 2]
      api.nvim_buf_set_extmark(sheet.buf, namespace, row, found[index], cell_mark)
    end
  end
  if sheet.selected[sheet.keys[row + 1]] then
    paint_selected(sheet, row)
  end
end

api.nvim_set_decoration_provider(namespace, {
  on_win = function(_, _, buf)
    painting = sheets[buf]
    return painting ~= nil
  end,
  on_line = paint_line,
})

--- A scratch buffer whose lines are the plugin's.
---@param listed boolean
---@return integer
function M.create(listed)
  local buf = api.nvim_create_buf(listed, true)
  vim.bo[buf].undolevels = -1
  vim.bo[buf].modifiable = false
  return buf
end

---@param buf integer
---@return kubectl.Sheet
function M.attach(buf)
  local sheet = {
    buf = buf,
    keys = {},
    codes = {},
    size = 0,
    gen = -1,
    turning = false,
    bound = false,
    follow = false,
    selected = {},
    chosen = 0,
    picked = 0,
    unselect = {},
    ghosts = {},
    ghost_word = 'deleted',
    mark_column = 0,
    seats = {},
    bookmarks = {},
    complained = false,
    broken = 0,
  }
  sheets[buf] = sheet
  return sheet
end

---@param sheet kubectl.Sheet
function M.detach(sheet)
  sheets[sheet.buf] = nil
end

--- Runs `fn` while lines may be set; afterwards they may not, whatever happened.
---@param buf integer
---@param fn fun()
---@return boolean ok
---@return string? trace
local function writing(buf, fn)
  local ok, trace = xpcall(function()
    vim.bo[buf].modifiable = true
    fn()
  end, debug.traceback)
  vim.bo[buf].modifiable = false
  return ok, trace
end

---@param buf integer
---@param first integer
---@param last integer
---@param lines string[]
local function set_lines(buf, first, last, lines)
  local ok, trace = writing(buf, function()
    api.nvim_buf_set_lines(buf, first, last, false, lines)
  end)
  if not ok then
    error(trace, 0)
  end
end

--- Replaces all lines of a buffer that is no view: a page, the output of a program.
---@param buf integer
---@param lines string[]
function M.set_page(buf, lines)
  set_lines(buf, 0, -1, lines)
end

--- Continues the last line of such a buffer; cursors on its last line stay on the last line.
---@param buf integer
---@param text string
function M.append(buf, text)
  local lines = vim.split(text, '\n', { plain = true })
  local last = api.nvim_buf_line_count(buf)
  local following = vim.tbl_filter(function(win)
    return api.nvim_win_get_cursor(win)[1] == last
  end, vim.fn.win_findbuf(buf))
  lines[1] = api.nvim_buf_get_lines(buf, last - 1, last, false)[1] .. lines[1]
  set_lines(buf, last - 1, last, lines)
  for _, win in ipairs(following) do
    api.nvim_win_set_cursor(win, { last + #lines - 1, 0 })
  end
end

---@param sheet kubectl.Sheet
---@param start integer
---@param removed integer
---@param lines string[]
---@param to_end boolean?
local function splice_buffer(sheet, start, removed, lines, to_end)
  -- The one line of an empty buffer is not the view's.
  local last = (to_end or sheet.size == 0) and -1 or start + removed
  api.nvim_buf_set_lines(sheet.buf, start, last, false, lines)
end

---@param sheet kubectl.Sheet
---@param changes kubectl.Change[]
local function apply_changes(sheet, changes)
  local merging = splice.worth_merging(changes)
  local size = sheet.size
  for _, change in ipairs(changes) do
    seats.shift(sheet, change)
    splice_buffer(sheet, change.start, change.removed, change.lines, change.to_end)
    -- Lists that are merged in the end are still those of before.
    selection.follow(sheet, change, change.start - (merging and sheet.size - size or 0))
    if not merging and change.removed == sheet.size then
      sheet.keys, sheet.codes = change.keys, change.codes
    elseif not merging then
      splice.list(sheet.keys, sheet.size, change.start, change.removed, change.keys, change.count)
      splice.list(sheet.codes, sheet.size, change.start, change.removed, change.codes, change.count)
    end
    sheet.size = sheet.size + change.count - change.removed
  end
  if merging then
    splice.merge(sheet.keys, size, changes, 'keys')
    splice.merge(sheet.codes, size, changes, 'codes')
  end
end

---@param sheet kubectl.Sheet
---@param start integer
---@param removed integer
---@param lines string[]
local function put_ghost_line(sheet, start, removed, lines)
  local blank = lines[1] and { '' } or {}
  seats.shift_ghost(sheet, start, removed, #lines)
  splice_buffer(sheet, start, removed, lines)
  splice.list(sheet.keys, sheet.size, start, removed, blank, #lines)
  splice.list(sheet.codes, sheet.size, start, removed, blank, #lines)
  sheet.size = sheet.size + #lines - removed
end

---@param sheet kubectl.Sheet
local function lift_ghosts(sheet)
  for index = #sheet.ghosts, 1, -1 do
    put_ghost_line(sheet, sheet.ghosts[index].at + index - 1, 1, {})
  end
end

---@param sheet kubectl.Sheet
local function place_ghosts(sheet)
  table.sort(sheet.ghosts, function(a, b)
    return a.at < b.at
  end)
  for index, ghost in ipairs(sheet.ghosts) do
    ghost.at = math.min(ghost.at, sheet.size - index + 1)
    put_ghost_line(sheet, ghost.at + index - 1, 0, { ghost.text })
  end
end

---@type uv.uv_timer_t?
local ticker

--- Ghosts say how long ago they went: once a second while there are any.
local function tick()
  local any = false
  for _, sheet in pairs(sheets) do
    if #sheet.ghosts > 0 then
      any = true
      M.redraw(sheet)
    end
  end
  if any and not ticker then
    ticker = assert(vim.uv.new_timer())
    ticker:start(1000, 1000, vim.schedule_wrap(tick))
  elseif not any and ticker then
    ticker:stop()
    ticker:close()
    ticker = nil
  end
end

--- Whether the buffer has the lines the sheet knows. An empty sheet fits any buffer: its first lines replace them all.
---@param sheet kubectl.Sheet
---@return boolean
local function is_whole(sheet)
  return sheet.size == 0 or api.nvim_buf_is_loaded(sheet.buf) and api.nvim_buf_line_count(sheet.buf) == sheet.size
end

---@param sheet kubectl.Sheet
---@param frame kubectl.Frame
---@param changes kubectl.Change[]
local function apply(sheet, frame, changes)
  -- What a list that is still coming lacks is not gone.
  local last = frame.last and not frame.partial
  if frame.gen > sheet.gen then
    sheet.turning = sheet.turning or frame.turned or sheet.gen < 0
    sheet.gen = frame.gen
    for _, ghost in ipairs(sheet.ghosts) do
      ghost.home = ghost.home or ghost.at
    end
  end
  apply_changes(sheet, changes)
  for _, ghost in ipairs(sheet.ghosts) do
    ghost.at = ghost.home or ghost.at
    ghost.home = not last and ghost.home or nil
  end
  for _, ghost in ipairs(seats.settle(sheet, changes, last)) do
    table.insert(sheet.ghosts, ghost)
  end
  if last then
    selection.settle(sheet)
    sheet.turning = false
    sheet.bound = sheet.bound or (sheet.keys[1] or '') ~= ''
  end
end

---@param sheet kubectl.Sheet
---@param frame kubectl.Frame
---@return boolean fits
local function take_frame(sheet, frame)
  local fits = false
  seats.take(sheet)
  lift_ghosts(sheet)
  local changes = splice.read(sheet.size, frame.splices)
  if changes then
    apply(sheet, frame, changes)
    fits = sheet.size == frame.total
  end
  place_ghosts(sheet)
  seats.give(sheet)
  tick()
  return fits
end

--- The lines are not those the sheet knows; the whole view is to come, and cursors go back to their objects then.
---@param sheet kubectl.Sheet
function M.reset(sheet)
  seats.await(sheet)
  selection.forget_lines(sheet)
  sheet.keys, sheet.codes, sheet.size, sheet.ghosts = {}, {}, 0, {}
end

---@param sheet kubectl.Sheet
---@param fn fun()
---@return boolean ok
local function attempt(sheet, fn)
  local ok, trace = writing(sheet.buf, fn)
  if not ok then
    M.reset(sheet)
    if not sheet.complained then
      sheet.complained = true
      report.bug('a change of ' .. api.nvim_buf_get_name(sheet.buf), trace or '')
    end
  end
  return ok
end

--- Applies one frame. 'stale': it belongs to lines that are already replaced. 'broken': it does not fit the buffer,
--- which then needs the whole view again.
---@param sheet kubectl.Sheet
---@param frame kubectl.Frame
---@return 'applied'|'stale'|'broken'
function M.apply(sheet, frame)
  if frame.gen < sheet.gen then
    return 'stale'
  end
  if not is_whole(sheet) then
    M.reset(sheet)
    return 'broken'
  end
  local fits = false
  local ok = attempt(sheet, function()
    fits = take_frame(sheet, frame)
  end)
  sheet.broken = ok and fits and 0 or sheet.broken + 1
  return ok and fits and 'applied' or 'broken'
end

--- Whether lines can be trusted to be the objects the sheet knows. If not, says so and asks for all of them.
---@param sheet kubectl.Sheet
---@return boolean
function M.check(sheet)
  if is_whole(sheet) then
    return true
  end
  report.warn('The lines of this table were changed by something else, so nothing is done.', 'They are loaded again.')
  M.reset(sheet)
  if sheet.mend then
    sheet.mend()
  end
  return false
end

--- The next frame is the first of a new backend: it counts from the start, and rows it lacks were not deleted.
---@param sheet kubectl.Sheet
function M.expect_afresh(sheet)
  sheet.gen = -1
end

--- Takes the ghosts away that no cursor stands on any more.
---@param sheet kubectl.Sheet
function M.drop_ghosts(sheet)
  if #sheet.ghosts == 0 or not is_whole(sheet) then
    return
  end
  seats.take(sheet)
  local kept = seats.ghosts(sheet)
  if #kept == #sheet.ghosts then
    return
  end
  local ok = attempt(sheet, function()
    lift_ghosts(sheet)
    sheet.ghosts = kept
    place_ghosts(sheet)
    seats.give(sheet)
  end)
  if not ok and sheet.mend then
    sheet.mend()
  end
end

--- The object of a line; '' where there is none.
---@param sheet kubectl.Sheet
---@param line integer 1-based
---@return string key
---@return string? ghost  what stood there before it was deleted
function M.key(sheet, line)
  local ghost = ghost_at(sheet, line - 1)
  return sheet.keys[line] or '', ghost and ghost.text or nil
end

--- The line of an object, 1-based.
---@param sheet kubectl.Sheet
---@param key string
---@return integer?
function M.line(sheet, key)
  return seats.find(sheet, key)
end

---@param sheet kubectl.Sheet
---@param first integer 1-based
---@param last integer
---@param on boolean?  absent: the other way round
function M.select(sheet, first, last, on)
  if M.check(sheet) then
    selection.set(sheet, first, last, on)
    M.redraw(sheet)
  end
end

--- Keys of the selected rows, shown or not.
M.selection = selection.keys

---@param sheet kubectl.Sheet
function M.clear_selection(sheet)
  selection.clear(sheet)
  M.redraw(sheet)
end

---@param sheet kubectl.Sheet
function M.redraw(sheet)
  api.nvim__redraw({ buf = sheet.buf, valid = false })
end

return M
