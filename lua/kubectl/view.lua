--- Views: live tables and live texts. A view is a buffer here and a subscription in the backend under one number.
local asking = require('kubectl.asking')
local buffer = require('kubectl.buffer')
local chrome = require('kubectl.chrome')
local config = require('kubectl.config')
local fit = require('kubectl.fit')
local habits = require('kubectl.habits')
local highlight = require('kubectl.highlight')
local hold = require('kubectl.hold')
local host = require('kubectl.host')
local methods = require('kubectl.methods')
local naming = require('kubectl.naming')
local narrowing = require('kubectl.narrowing')
local reload = require('kubectl.reload')
local report = require('kubectl.report')
local rest = require('kubectl.rest')
local search = require('kubectl.search')
local standing = require('kubectl.standing')
local viewport = require('kubectl.viewport')
local window = require('kubectl.window')

local api = vim.api
local M = {}

---@class (exact) kubectl.View
---@field id integer
---@field kind kubectl.ViewKind
---@field buf integer
---@field sheet kubectl.Sheet
---@field params table             what it was opened with
---@field opened kubectl.TableOpened?
---@field title string?
---@field context string?           of a text about an object
---@field layout kubectl.Layout?
---@field state kubectl.State?
---@field problem string?          said instead of the state: it could not be opened, the backend ended
---@field filter string
---@field wide boolean
---@field hidden string[]
---@field columns string[]         titles that come first
---@field typing fun(wrong: string)?  told what is wrong with a filter while it is typed
---@field width integer?           cells of its window, as the backend knows them
---@field scope integer            the contexts and namespaces it was opened under
---@field ready boolean            the backend has it open: changes can be sent
---@field meanwhile table          changes made while it was not
---@field asked integer            how often it was asked for: only the newest answer counts
---@field paused boolean           its rows are to stand still, also after it was opened again
---@field asleep boolean           nobody looked for a while: the backend has forgotten it
---@field waits_for integer?      a table that must be loaded first, because the text is of one of its rows
---@field held boolean?            its rows are being edited: it does not fall asleep
---@field timer uv.uv_timer_t?     runs until it falls asleep

--- A frame that does not fit is asked for again, but not in a tight circle, and ever more seldom.
local RESEND_AFTER, RESEND_MOST = 100, 30000

---@type table<integer, kubectl.View>
local views = {}
---@type table<integer, kubectl.View>
local by_buffer = {}
local last_id = 0
--- Buffers of others that ask as views do.
---@type table<integer, kubectl.Object>
M.guests = {}
---@type (fun(view: kubectl.View))[]
local on_attach = {}
local group = api.nvim_create_augroup('kubectl.view', {})

--- Runs `fn(view)` for each new view, before its filetype is set.
---@param fn fun(view: kubectl.View)
function M.on_attach(fn)
  table.insert(on_attach, fn)
end

---@param buf integer  0 for the current one
---@return kubectl.View?
function M.of(buf)
  return by_buffer[buf == 0 and api.nvim_get_current_buf() or buf]
end

---@param buf integer
---@return kubectl.Sheet?
local function sheet_of(buf)
  local view = by_buffer[buf]
  return view and view.sheet
end

search.listen(sheet_of)
reload.listen(sheet_of)

---@return table<integer, kubectl.View>
function M.all()
  return views
end

---@param view kubectl.View
---@return boolean
local function is_table(view)
  return view.kind == 'table'
end

--- Asks about a view. Answers for a view that is gone are dropped.
---@param view kubectl.View
---@param method string
---@param params table
---@param callback fun(ok: any)?
function M.request(view, method, params, callback)
  params.view = view.id
  host.request(method, params, function(err, ok)
    if views[view.id] ~= view and M.guests[view.id] ~= view then
      return
    end
    if err then
      return report.failure(err)
    end
    if callback then
      callback(ok)
    end
  end)
end

--- Asks about something that is no view.
M.ask_backend = host.request

---@param view kubectl.View
---@param problem string?
local function set_problem(view, problem)
  view.problem = problem
  chrome.draw(view)
end

---@param view kubectl.View
---@param opened kubectl.TableOpened|kubectl.Opened
local function on_opened(view, opened)
  if view.problem then
    set_problem(view, nil)
    M.dress(view)
  end
  local filetype = opened.filetype
  local first = is_table(view) and not view.opened
  if is_table(view) then
    view.opened = opened
    naming.set_buffer_name(view, opened.name .. naming.suffix(view.params.query))
    filetype = 'k8s_' .. opened.plural
  else
    view.title, view.context = opened.title, opened.context
    naming.set_buffer_name(view, ('kubectl://%s?%s'):format(opened.title, view.kind))
  end
  -- Its rows, its state and the guard of its context may all have come before this: only now is known whose guard.
  chrome.draw(view)
  if vim.bo[view.buf].filetype ~= filetype then
    vim.bo[view.buf].filetype = filetype
  end
  view.ready = true
  local change = first and vim.tbl_extend('force', habits.recall(view), view.meanwhile) or view.meanwhile
  view.meanwhile = {}
  habits.keep(view, change)
  if is_table(view) and next(change) then
    if change.namespaces then
      opened.namespaces = change.namespaces
    end
    M.request(view, 'view.update', change, narrowing.settle(view, change))
  end
end

---@param view kubectl.View
---@param err kubectl.WireError
local function on_refused(view, err)
  local lines = vim.split(err.message, '\n', { plain = true })
  if err.hint then
    vim.list_extend(lines, { '' })
    vim.list_extend(lines, vim.split(err.hint, '\n', { plain = true }))
  end
  set_problem(view, chrome.refusal(err.code, lines[1]))
  if view.sheet.size == 0 then
    buffer.set_page(view.buf, lines)
    M.dress(view)
  end
end

--- Opens a view in the backend: a new one, or one the backend has lost or forgotten.
---@param view kubectl.View
function M.ask(view)
  view.asleep, view.ready, view.meanwhile = false, false, asking.again(view)
  view.asked = view.asked + 1
  local asked = view.asked
  buffer.expect_afresh(view.sheet)
  local method = methods.open[view.kind]
  host.request(method, asking.params(view), function(err, opened)
    if views[view.id] ~= view or view.asked ~= asked or view.asleep then
      return
    end
    if not err then
      return on_opened(view, opened)
    end
    on_refused(view, err)
  end, host.patience(method), true)
end

---@param view kubectl.View
local function forget(view)
  host.notify(is_table(view) and 'view.close' or 'session.close', { view = view.id })
end

--- The backend forgets a view that keeps its lines; it is opened again when it is looked at.
---@param view kubectl.View
local function sleep(view)
  view.asleep, view.ready = true, false
  forget(view)
end

---@param view kubectl.View
local function resend(view)
  if views[view.id] == view then
    host.notify('view.resend', { view = view.id })
  end
end

--- Sets up the windows that show a view.
---@param view kubectl.View
function M.dress(view)
  -- Why it could not be opened is a text to read, not rows.
  local wrap = methods.wraps[view.kind] or view.problem ~= nil and view.sheet.size == 0
  vim.bo[view.buf].shiftwidth = 2
  local rows = is_table(view) or view.kind == 'journal' or view.kind == 'references'
  local look = { cursorline = rows, wrap = wrap, linebreak = wrap }
  for _, win in ipairs(vim.fn.win_findbuf(view.buf)) do
    window.dress(win, vim.tbl_extend('force', look, methods.windows[view.kind] or {}))
    chrome.draw_window(view, win)
  end
end

---@param view kubectl.View
local function on_shown(view)
  rest.stop(view)
  M.dress(view)
  if view.asleep then
    M.ask(view)
  end
end

---@param view kubectl.View
local function on_wiped(view)
  rest.stop(view)
  buffer.detach(view.sheet)
  views[view.id] = nil
  by_buffer[view.buf] = nil
  forget(view)
end

---@param view kubectl.View
local function listen(view)
  local function on(events, fn)
    api.nvim_create_autocmd(events, {
      group = group,
      buffer = view.buf,
      callback = function()
        fn(view)
      end,
    })
  end
  on('BufWipeout', on_wiped)
  on('BufDelete', rest.deletes(on_wiped))
  on('BufHidden', function()
    rest.begin(view, function()
      if views[view.id] == view then
        sleep(view)
      end
    end)
  end)
  on('BufWinEnter', on_shown)
  on({ 'CursorMoved', 'WinLeave' }, function()
    buffer.drop_ghosts(view.sheet)
  end)
  -- The colours of a statusline are those of the current window.
  on({ 'WinEnter', 'WinLeave' }, function()
    vim.schedule(function()
      if views[view.id] == view then
        chrome.draw(view)
      end
    end)
  end)
end

--- A number the backend knows a buffer by.
---@return integer
function M.next_id()
  last_id = last_id + 1
  return last_id
end

--- A view that is not yet asked for: `show` it, then `ask`.
---@param kind kubectl.ViewKind
---@param params table
---@param buf integer?  an empty buffer to use
---@return kubectl.View
function M.create(kind, params, buf)
  highlight.ensure()
  buf = buf or buffer.create(kind == 'table' or kind == 'logs')
  if kind ~= 'table' and kind ~= 'logs' then
    vim.bo[buf].bufhidden = 'wipe'
  end
  local view = {
    id = M.next_id(),
    kind = kind,
    buf = buf,
    sheet = buffer.attach(buf),
    params = params,
    filter = params.query and params.query.filter or '',
    wide = params.query and params.query.wide or false,
    hidden = {},
    columns = {},
    scope = standing.scope(),
    ready = false,
    meanwhile = {},
    asked = 0,
    paused = false,
    asleep = false,
  }
  view.sheet.mend = function()
    resend(view)
  end
  view.sheet.bound = kind ~= 'table'
  view.sheet.follow = kind == 'logs' and params.options.follow ~= false
  view.sheet.ghost_word = naming.ghost_word(view)
  views[view.id], by_buffer[buf] = view, view
  listen(view)
  for _, fn in ipairs(on_attach) do
    fn(view)
  end
  return view
end

---@param view kubectl.View
---@param change table  see view.update in the wire
function M.update(view, change)
  if change.filter then
    view.filter = change.filter
    view.sheet.ghost_word = naming.ghost_word(view)
  end
  if change.wide ~= nil then
    view.wide = change.wide
  end
  view.hidden, view.columns = change.hidden or view.hidden, change.columns or view.columns
  if change.namespaces then
    -- What is selected in one place must not be acted on from another.
    buffer.clear_selection(view.sheet)
    view.params.query = vim.tbl_extend('force', view.params.query, { namespaces = change.namespaces })
    if view.opened then
      view.opened.namespaces = change.namespaces
    end
  end
  habits.columns(view, change)
  if view.ready then
    return M.request(view, 'view.update', change, narrowing.settle(view, change))
  end
  view.meanwhile = vim.tbl_extend('force', view.meanwhile, change)
end

--- Asks the server again; brings back a view whose backend or subscription is gone.
---@param view kubectl.View
function M.refresh(view)
  if not host.running() then
    local running, problem, advice = host.ensure()
    if not running then
      report.error('kubectl: ' .. problem, advice)
    end
    -- A start of the backend reopens every view.
    return
  end
  if view.problem or view.state and view.state.phase == 'ended' then
    return M.ask(view)
  end
  if is_table(view) then
    M.request(view, 'view.refresh', {})
  else
    forget(view)
    M.ask(view)
  end
end

--- Redraws what surrounds a view.
M.draw = chrome.draw

---@param view kubectl.View
---@param frame kubectl.Frame
local function draw_frame(view, frame)
  if views[view.id] ~= view or view.asleep or not api.nvim_buf_is_loaded(view.buf) then
    return
  end
  local selected = chrome.selection(view)
  local outcome = buffer.apply(view.sheet, frame)
  if chrome.selection(view) ~= selected then
    chrome.draw(view)
  end
  if outcome == 'applied' then
    host.notify('view.ack', { view = view.id, gen = frame.gen, seq = frame.seq })
    viewport.check(view, host.notify)
  elseif outcome == 'broken' then
    vim.defer_fn(function()
      resend(view)
    end, math.min(RESEND_MOST, RESEND_AFTER * 2 ^ math.max(0, view.sheet.broken - 1)))
  end
  -- Nobody waits for word of a stale one: what sent it is gone.
end

host.on('frame', function(frame)
  local view = views[frame.view]
  if not view or view.asleep then
    return
  end
  if not api.nvim_buf_is_loaded(view.buf) then
    return sleep(view)
  end
  hold.when_safe(view.sheet.keys, frame.splices, function()
    draw_frame(view, frame)
  end)
end)

host.on('layout', function(layout)
  local view = views[layout.view]
  if view then
    habits.order(view, layout)
    view.layout = layout
    local second = layout.columns[2]
    view.sheet.mark_column = second and math.max(0, second.start - 2) or 0
    chrome.draw(view)
  end
end)

--- Texts of a table's rows can be asked for again: its rows are there.
---@param table_id integer
local function ask_waiting(table_id)
  for _, view in pairs(views) do
    if view.waits_for == table_id then
      view.waits_for = nil
      M.ask(view)
    end
  end
end

host.on('state', function(state)
  local view = views[state.view]
  if view then
    view.state = state
    asking.note(view)
    if state.phase ~= 'ended' then
      view.problem = nil
    end
    chrome.draw(view)
    if state.phase ~= 'loading' then
      ask_waiting(view.id)
    end
  end
end)

host.on('reopen', function(message)
  local view = views[message.view]
  if view and not view.asleep then
    M.ask(view)
  end
end)

host.on('hello', function(hello)
  buffer.use_styles(highlight.ids(hello.styles), config.get().ascii)
  for _, view in pairs(views) do
    buffer.redraw(view.sheet)
  end
end)

host.on('ended', function(message)
  for _, view in pairs(views) do
    view.ready = false
    set_problem(view, ('✕ backend ended (%s). gr restarts it'):format(message.reason))
  end
end)

host.on('started', function()
  for _, view in pairs(views) do
    local source = view.params.source
    if not view.asleep then
      view.problem = nil
      view.waits_for = source and views[source.view] and source.view or nil
      if not view.waits_for then
        M.ask(view)
      end
    end
  end
end)

chrome.on_shift(function(win)
  local view = M.of(api.nvim_win_get_buf(win))
  if view and is_table(view) then
    chrome.draw_window(view, win)
    fit.check(view, M.update)
    viewport.check(view, host.notify)
  end
end)

return M
