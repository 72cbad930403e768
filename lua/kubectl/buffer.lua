--- Lines and marks of views: applies frames, keeps every window's cursor on its object, paints what is visible.
--- The only file that sets lines or marks of a view.
---
--- A sheet mirrors its buffer: one key and one code per line. A deleted object under a cursor stays as a ghost, an
--- extra line without a key. Ghosts are lifted out before a frame is applied and put back after it, so frames always
--- meet the lines the backend knows.
local seats = require('kubectl.seats')
local splice = require('kubectl.splice')

local api = vim.api
local M = {}

---@class (exact) kubectl.Ghost
---@field at integer       the 0-based line it stands above, counted without ghosts
---@field text string
---@field since integer    uv.now() of the deletion

---@class (exact) kubectl.Sheet
---@field buf integer
---@field keys string[]
---@field codes string[]
---@field size integer          lines of the view; an empty view has a buffer of one line
---@field gen integer
---@field turning boolean       lines of a new gen are arriving: rows that vanish were not deleted
---@field bound boolean         cursors stick to objects; not on line 1 while the first rows stream in
---@field follow boolean        a cursor on the last line stays on the last line
---@field selected table<string, true>
---@field ghosts kubectl.Ghost[]
---@field ghost_word string     what a ghost says happened
---@field mark_column integer   display cell of the selection mark
---@field seats table<integer, kubectl.Seat>

local namespace = api.nvim_create_namespace('kubectl')

---@type table<integer, kubectl.Sheet>
local sheets = {}
---@type integer[]
local styles = {}
---@type table<string, integer[]>
local spans_of = {}
local spans_held = 0
local deleted_style, selected_style = 'KubectlDeleted', 'KubectlSelected'
local mark_text = '»'

--- Codes repeat from row to row: what they mean is kept, within limits.
local SPANS_KEPT = 4096

---@param ids integer[]  highlight ids by the index codes use
---@param ascii boolean
function M.use_styles(ids, ascii)
  styles = ids
  spans_of, spans_held = {}, 0
  mark_text = ascii and '>' or '»'
end

---@param code string
---@return integer[] flat: start, end, highlight id
local function spans(code)
  local found = spans_of[code]
  if found then
    return found
  end
  found = {}
  for first, last, style in code:gmatch('(%d+),(%d+),(%d+);') do
    local id = styles[tonumber(style) + 1]
    if id then
      local n = #found
      found[n + 1], found[n + 2], found[n + 3] = tonumber(first), tonumber(last), id
    end
  end
  if spans_held >= SPANS_KEPT then
    spans_of, spans_held = {}, 0
  end
  spans_of[code] = found
  spans_held = spans_held + 1
  return found
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
  note_mark.virt_text = { { (' %s %d s ago '):format(sheet.ghost_word, seconds), 'KubectlNote' } }
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
    local found = spans(code)
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
    ghosts = {},
    ghost_word = 'deleted',
    mark_column = 0,
    seats = {},
  }
  sheets[buf] = sheet
  return sheet
end

---@param sheet kubectl.Sheet
function M.detach(sheet)
  sheets[sheet.buf] = nil
end

---@param buf integer
---@param first integer
---@param last integer
---@param lines string[]
local function set_lines(buf, first, last, lines)
  local options = vim.bo[buf]
  options.modifiable = true
  local ok, problem = pcall(api.nvim_buf_set_lines, buf, first, last, false, lines)
  options.modifiable = false
  if not ok then
    error(problem, 0)
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
  if merging then
    sheet.keys = splice.merge(sheet.keys, size, changes, 'keys')
    sheet.codes = splice.merge(sheet.codes, size, changes, 'codes')
  end
  for _, change in ipairs(changes) do
    seats.shift(sheet, change)
    splice_buffer(sheet, change.start, change.removed, change.lines, change.to_end)
    if not merging then
      splice.list(sheet.keys, sheet.size, change.start, change.removed, change.keys, change.count)
      splice.list(sheet.codes, sheet.size, change.start, change.removed, change.codes, change.count)
    end
    sheet.size = sheet.size + change.count - change.removed
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

---@param sheet kubectl.Sheet
---@param frame kubectl.Frame
---@param changes kubectl.Change[]
local function apply(sheet, frame, changes)
  if frame.gen > sheet.gen then
    sheet.gen = frame.gen
    sheet.turning = true
  end
  apply_changes(sheet, changes)
  for _, ghost in ipairs(seats.settle(sheet, frame.last)) do
    table.insert(sheet.ghosts, ghost)
  end
  if frame.last then
    sheet.turning = false
  end
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
  seats.take(sheet)
  local options = vim.bo[sheet.buf]
  options.modifiable = true
  local fits = false
  local ok = pcall(function()
    lift_ghosts(sheet)
    local changes = splice.read(sheet.size, frame.splices)
    if frame.gen > sheet.gen then
      sheet.ghosts = {}
    end
    if changes then
      apply(sheet, frame, changes)
      fits = sheet.size == frame.total
    end
    place_ghosts(sheet)
  end)
  options.modifiable = false
  if not ok then
    sheet.ghosts = {}
  end
  seats.give(sheet)
  tick()
  return ok and fits and 'applied' or 'broken'
end

--- The next frame is the first of a new backend: it counts from the start, and rows it lacks were not deleted.
---@param sheet kubectl.Sheet
function M.expect_afresh(sheet)
  sheet.gen = -1
end

--- The buffer was emptied; the whole view is to come.
---@param sheet kubectl.Sheet
function M.reset(sheet)
  sheet.keys, sheet.codes, sheet.size, sheet.ghosts = {}, {}, 0, {}
end

--- Takes the ghosts away that no cursor stands on any more.
---@param sheet kubectl.Sheet
function M.drop_ghosts(sheet)
  if #sheet.ghosts == 0 then
    return
  end
  seats.take(sheet)
  local kept = seats.ghosts(sheet)
  if #kept == #sheet.ghosts then
    return
  end
  local options = vim.bo[sheet.buf]
  options.modifiable = true
  lift_ghosts(sheet)
  sheet.ghosts = kept
  place_ghosts(sheet)
  options.modifiable = false
  seats.give(sheet)
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
  for line = first, last do
    local key = sheet.keys[line] or ''
    if key ~= '' then
      local wanted = on
      if wanted == nil then
        wanted = not sheet.selected[key]
      end
      sheet.selected[key] = wanted or nil
    end
  end
  M.redraw(sheet)
end

--- Keys of the selected rows that are shown, from the top.
---@param sheet kubectl.Sheet
---@return string[]
function M.selection(sheet)
  local found = {}
  if next(sheet.selected) then
    for _, key in ipairs(sheet.keys) do
      if sheet.selected[key] then
        table.insert(found, key)
      end
    end
  end
  return found
end

---@param sheet kubectl.Sheet
function M.clear_selection(sheet)
  sheet.selected = {}
  M.redraw(sheet)
end

---@param sheet kubectl.Sheet
function M.redraw(sheet)
  api.nvim__redraw({ buf = sheet.buf, valid = false })
end

return M
