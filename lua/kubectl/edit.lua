--- Tables as text: `e` makes the rows lines that can be changed and deleted, `:w` plans, asks and writes them. The live
--- table goes on beneath and comes back with `:e!`.
local buffer = require('kubectl.buffer')
local chrome = require('kubectl.chrome')
local draft = require('kubectl.lines')
local highlight = require('kubectl.highlight')
local hold = require('kubectl.hold')
local host = require('kubectl.host')
local input = require('kubectl.input')
local report = require('kubectl.report')
local views = require('kubectl.view')
local window = require('kubectl.window')

local api = vim.api
local M = {}

---@class (exact) kubectl.Edit
---@field id integer
---@field kind 'edit'
---@field buf integer
---@field table_view kubectl.View      the live table
---@field sheet { picked: integer, chosen: integer }
---@field opened { context: string }
---@field layout { titles: string }
---@field lines kubectl.Lines
---@field state kubectl.State?
---@field problem string?
---@field title string
---@field marking boolean              a look at the lines is due
---@field partial boolean              only the rows that were selected
---@field known table<string, boolean> keys of its rows

---@type table<integer, kubectl.Edit>
local edits = {}
---@type table<integer, kubectl.Edit>
local by_buffer = {}
local group = api.nvim_create_augroup('kubectl.edit', {})

--- Signs follow typing after this long, in ms.
local MARK_MS = 150
--- The server's answer, and the user's, are waited for this long.
local PATIENCE = 24 * 3600 * 1000

---@param buf integer
---@return kubectl.Edit?
function M.of(buf)
  return by_buffer[buf == 0 and api.nvim_get_current_buf() or buf]
end

---@param edit kubectl.Edit
---@param now kubectl.LinesNow
---@return integer added  rows of the live table that are not here
---@return integer gone   lines whose objects are
local function news_of(edit, now)
  local added, gone = 0, 0
  for _, key in ipairs(edit.partial and {} or edit.table_view.sheet.keys) do
    if key ~= '' and not edit.known[key] then
      added = added + 1
    end
  end
  for key, each in pairs(edit.lines.news) do
    gone = gone + (each.state == 'gone' and now.at[key] and 1 or 0)
  end
  return added, gone
end

---@param edit kubectl.Edit
local function draw(edit)
  if not api.nvim_buf_is_valid(edit.buf) then
    return
  end
  local now = draft.read(edit.lines)
  draft.mark(edit.lines, now)
  local changed, deleted = #draft.changed(edit.lines, now), 0
  for _, key in ipairs(now.deleted) do
    deleted = deleted + (edit.lines.base[key] and 1 or 0)
  end
  local added, gone = news_of(edit, now)
  local parts = {}
  for _, part in ipairs({ { changed, 'changed' }, { deleted, 'deleted' }, { added, 'new' }, { gone, 'gone' } }) do
    if part[1] > 0 then
      table.insert(parts, ('%d %s'):format(part[1], part[2]))
    end
  end
  edit.state = {
    type = 'state',
    view = edit.id,
    phase = 'live',
    left = edit.title,
    middle = table.concat(parts, ' · '),
    right = '✎ :w or :e!',
    style = 'KubectlPending',
    shown = 0,
    total = 0,
  }
  chrome.draw(edit --[[@as kubectl.View]])
end

---@param edit kubectl.Edit
local function draw_later(edit)
  if edit.marking then
    return
  end
  edit.marking = true
  vim.defer_fn(function()
    edit.marking = false
    if edits[edit.id] == edit then
      draw(edit)
    end
  end, MARK_MS)
end

---@param edit kubectl.Edit
---@param now kubectl.LinesNow
---@param found { key: string, message: string }[]
local function complain(edit, now, found)
  local list = {}
  for _, each in ipairs(found) do
    -- Of a line that was deleted the place is left.
    local line = now.at[each.key] or now.graves[each.key] or 0
    table.insert(list, { line = line, message = each.message })
  end
  draft.complain(edit.lines, list)
end

---@param edit kubectl.Edit
---@param now kubectl.LinesNow
---@param left_out kubectl.EditProblem[]  what was not even planned
---@param done kubectl.EditWritten
---@param dry_run boolean
local function on_written(edit, now, left_out, done, dry_run)
  if edits[edit.id] ~= edit then
    return
  end
  complain(edit, now, vim.list_extend(done.problems, left_out))
  if dry_run then
    return
  end
  draft.settle(edit.lines, done.settled, now)
  local again = draft.read(edit.lines)
  local left = vim.tbl_filter(function(key)
    return edit.lines.base[key] ~= nil
  end, again.deleted)
  vim.bo[edit.buf].modified = #draft.changed(edit.lines, again) + #left + #again.strange > 0
  draw(edit)
end

---@param edit kubectl.Edit
---@param now kubectl.LinesNow
---@param planned kubectl.EditPlanned
local function on_planned(edit, now, planned)
  draft.settle(edit.lines, planned.settled, now)
  complain(edit, now, planned.problems)
  draw(edit)
  if not planned.plan then
    if #planned.problems > 0 then
      return report.error(
        ('%d of the lines cannot be written: %s'):format(#planned.problems, planned.problems[1].message),
        'They are marked; ]d goes to the next one. Nothing was done.'
      )
    end
    vim.bo[edit.buf].modified = false
    return report.info('Nothing to write: the objects are as the lines say.')
  end
  local confirm = planned.confirm
  require('kubectl.action').ask({
    run = 'edit.write',
    params = { view = edit.id, plan = planned.plan },
    inputs = vim.empty_dict(),
    danger = vim.iter(confirm.lines):any(function(line)
      return vim.startswith(line, '! Deleted')
    end),
    done = function(done, dry_run)
      on_written(edit, now, planned.problems, done, dry_run)
    end,
  }, confirm)
end

--- Plans what the lines say, asks, writes. Another file than its own just gets the text.
---@param edit kubectl.Edit
---@param file string  where to
function M.write(edit, file)
  local own = api.nvim_buf_get_name(edit.buf)
  if file ~= '' and file ~= own and vim.fn.fnamemodify(file, ':p') ~= own then
    local ok, problem = pcall(vim.fn.writefile, api.nvim_buf_get_lines(edit.buf, 0, -1, false), file)
    if not ok then
      return report.error(tostring(problem), 'Nothing was written.')
    end
    return report.info(('%s written'):format(file))
  end
  draft.calm(edit.buf)
  local now = draft.read(edit.lines)
  if #now.strange > 0 then
    draft.complain(edit.lines, now.strange)
    return report.error(now.strange[1].message, 'Nothing was done. ]d goes to the next such line.')
  end
  local deleted = vim.tbl_filter(function(key)
    return edit.lines.base[key] ~= nil
  end, now.deleted)
  local changed = draft.changed(edit.lines, now)
  if #changed + #deleted == 0 then
    vim.bo[edit.buf].modified = false
    return report.info('Nothing to write: no line is changed.')
  end
  local win, tick = api.nvim_get_current_win(), api.nvim_buf_get_changedtick(edit.buf)
  host.request('edit.plan', { view = edit.id, changed = changed, deleted = deleted }, function(err, planned)
    if edits[edit.id] ~= edit then
      return
    end
    if err then
      return report.failure(err)
    end
    if api.nvim_buf_get_changedtick(edit.buf) ~= tick then
      return report.warn('The lines changed while they were checked: :w again.')
    end
    if input.busy('This table') then
      return
    end
    window.focus(win)
    on_planned(edit, now, planned)
  end, PATIENCE)
end

---@param edit kubectl.Edit
local function forget(edit)
  edits[edit.id], by_buffer[edit.buf] = nil, nil
  edit.table_view.held = nil
  host.notify('edit.close', { view = edit.id })
end

--- Gives back the live table; what was not written is given up.
---@param edit kubectl.Edit
function M.leave(edit)
  local live = edit.table_view.buf
  for _, win in ipairs(vim.fn.win_findbuf(edit.buf)) do
    if api.nvim_buf_is_valid(live) then
      api.nvim_win_set_buf(win, live)
    end
  end
  if api.nvim_buf_is_valid(edit.buf) then
    api.nvim_buf_delete(edit.buf, { force = true })
  end
end

--- Gives back the live table when nothing would be lost.
---@param edit kubectl.Edit
function M.quit(edit)
  if vim.bo[edit.buf].modified then
    return report.warn('The table has changes: :w writes them, :e! gives them up.')
  end
  M.leave(edit)
end

---@param edit kubectl.Edit
local function listen(edit)
  local function on(events, fn)
    api.nvim_create_autocmd(events, { group = group, buffer = edit.buf, callback = fn })
  end
  on('BufWriteCmd', function(event)
    M.write(edit, event.file)
  end)
  on({ 'TextChanged', 'TextChangedI' }, function()
    draft.calm(edit.buf)
    draw_later(edit)
  end)
  on('BufWinEnter', function()
    M.dress(edit)
  end)
  on('BufWipeout', function()
    forget(edit)
  end)
end

--- What its windows look like.
---@param edit kubectl.Edit
function M.dress(edit)
  for _, win in ipairs(vim.fn.win_findbuf(edit.buf)) do
    window.dress(win, { cursorline = true, signcolumn = 'yes' })
  end
  draw(edit)
end

---@param view kubectl.View
---@param id integer
---@param keys string[]
---@param partial boolean
---@param opened kubectl.EditOpened
---@return kubectl.Edit
local function create(view, id, keys, partial, opened)
  local buf = api.nvim_create_buf(true, false)
  local options = vim.bo[buf]
  options.buftype, options.swapfile, options.undofile, options.bufhidden = 'acwrite', false, false, 'hide'
  options.modeline = false
  local edit = {
    id = id,
    kind = 'edit',
    buf = buf,
    table_view = view,
    sheet = { picked = 0, chosen = 0 },
    opened = { context = opened.context },
    layout = { titles = opened.titles },
    lines = draft.fill(buf, opened.lines),
    title = view.state and view.state.left or opened.title,
    marking = false,
    partial = partial,
    known = {},
  }
  for _, key in ipairs(keys) do
    edit.known[key] = true
  end
  view.held = true
  edits[id], by_buffer[buf] = edit, edit
  local name = opened.name:gsub('%c', ' ')
  if not pcall(api.nvim_buf_set_name, buf, name) then
    pcall(api.nvim_buf_set_name, buf, name .. '&' .. id)
  end
  listen(edit)
  require('kubectl.keymap').attach(buf, 'edit', edit --[[@as kubectl.View]], {
    quit = function()
      M.quit(edit)
    end,
    leave_edit = function()
      M.quit(edit)
    end,
  })
  options.filetype = 'k8s_edit'
  api.nvim_buf_call(buf, function()
    vim.cmd('syntax match KubectlNote /│/')
  end)
  return edit
end

--- The line of the row under the cursor stays under it.
---@param edit kubectl.Edit
---@param win integer
---@param key string
local function follow(edit, win, key)
  local row = draft.read(edit.lines).at[key]
  if row then
    api.nvim_win_set_cursor(win, { row + 1, 0 })
  end
end

--- Makes the rows of a table lines to edit, in its window: the selected ones, else all that the filter shows.
---@param view kubectl.View
function M.open(view)
  highlight.ensure()
  for _, edit in pairs(edits) do
    if edit.table_view == view then
      api.nvim_win_set_buf(0, edit.buf)
      return
    end
  end
  if not buffer.check(view.sheet) then
    return
  end
  local selected = buffer.selection(view.sheet)
  local keys = #selected > 0 and selected or vim.tbl_filter(function(key)
    return key ~= ''
  end, view.sheet.keys)
  if #keys == 0 then
    return report.warn('There are no objects to edit.')
  end
  local win, under = api.nvim_get_current_win(), buffer.key(view.sheet, api.nvim_win_get_cursor(0)[1])
  local id = views.next_id()
  host.request('edit.open', { of = view.id, keys = keys, view = id }, function(err, opened)
    if err then
      return report.failure(err)
    end
    if not api.nvim_win_is_valid(win) or api.nvim_win_get_buf(win) ~= view.buf then
      return host.notify('edit.close', { view = id })
    end
    local edit = create(view, id, keys, #selected > 0, opened)
    api.nvim_win_set_buf(win, edit.buf)
    follow(edit, win, under)
    M.dress(edit)
    complain(edit, draft.read(edit.lines), opened.problems)
  end)
end

host.on('edited', function(message)
  local edit = edits[message.view]
  if not edit then
    return
  end
  for _, row in ipairs(message.rows) do
    edit.lines.news[row.key] = row.state ~= 'same' and { state = row.state, note = row.note } or nil
  end
  draw(edit)
end)

--- Which rows are new is told by those of the live table: its state may be word of them before they are there.
host.on('frame', function(frame)
  for _, edit in pairs(edits) do
    if edit.table_view.id == frame.view then
      hold.when_safe(edit.table_view.sheet.keys, frame.splices, function()
        draw_later(edit)
      end)
    end
  end
end)

host.on('started', function()
  for _, edit in pairs(edits) do
    report.warn('The backend was started again: this edit cannot be written any more. Its text stays until :e!.')
    edit.title = edit.title .. ' (lost)'
    draw(edit)
  end
end)

return M
