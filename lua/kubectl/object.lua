--- Objects as buffers: `kubectl://context/namespace/resource/name`. The text is the server's until it is changed here;
--- `:w` applies it, `:e!` reads it again.
local called = require('kubectl.called')
local chrome = require('kubectl.chrome')
local draft = require('kubectl.draft')
local highlight = require('kubectl.highlight')
local host = require('kubectl.host')
local private = require('kubectl.private')
local report = require('kubectl.report')
local views = require('kubectl.view')
local window = require('kubectl.window')

local api = vim.api
local M = {}

---@class (exact) kubectl.Object
---@field id integer
---@field kind 'object'
---@field buf integer
---@field sheet { picked: integer, chosen: integer }
---@field source kubectl.Source
---@field opened { context: string }?
---@field title string?
---@field masked boolean       its values are hidden, and must not reach a disk
---@field all boolean          also what the server keeps for itself is shown
---@field revealed string[]
---@field rev integer          what the text was made from; 0 before the first one
---@field latest kubectl.ObjectText?
---@field state kubectl.State?
---@field problem string?
---@field seek string?          the key whose line the cursor goes to with the next text
---@field checking boolean     a look at the differences is due
---@field exists boolean?  it must be there when it is opened
---@field anew ('bare'|'copy')?  it was opened as a new object, however many there are of its name
---@field name string?           of the new object, as it was asked for
---@field fresh boolean         there is no such object yet: `:w` makes it
---@field gone boolean          the object is gone; `:w!` makes it again
---@field called string?         what its buffer is called
---@field place kubectl.Source?  where it is by its name: the table it was opened from may be gone

---@type table<integer, kubectl.Object>
local objects = {}
---@type table<integer, kubectl.Object>
local by_buffer = {}
local group = api.nvim_create_augroup('kubectl.object', {})

--- Signs follow typing after this long.
local MARK_MS = 150

---@param buf integer  0 for the current one
---@return kubectl.Object?
function M.of(buf)
  return by_buffer[buf == 0 and api.nvim_get_current_buf() or buf]
end

--- Neovim's own `[+]` stands in no title of a float, and in no statusline of ours.
---@param object kubectl.Object
local function draw(object)
  local state = object.state
  local changed = state and vim.bo[object.buf].modified
  local more = changed and { state = vim.tbl_extend('force', state, { right = '[+] ' .. state.right }) } or {}
  chrome.draw(setmetatable(more, { __index = object }) --[[@as kubectl.View]])
end

---@param object kubectl.Object
local function fold(object)
  for _, win in ipairs(vim.fn.win_findbuf(object.buf)) do
    draft.fold(win, object.latest and object.latest.folds or {})
  end
end

--- A value that is shown in plain text stands on another line than the hidden one.
---@param object kubectl.Object
local function follow_key(object)
  local key = object.seek
  object.seek = nil
  for index, line in ipairs(key and api.nvim_buf_get_lines(object.buf, 0, -1, false) or {}) do
    if vim.startswith(line, '  ' .. key .. ':') then
      for _, win in ipairs(vim.fn.win_findbuf(object.buf)) do
        api.nvim_win_set_cursor(win, { index, 2 })
      end
    end
  end
end

--- The buffer becomes what the server has now; its own changes are gone.
---@param object kubectl.Object
---@param undo kubectl.Undo?
local function adopt(object, undo)
  local latest = object.latest
  if not latest then
    return
  end
  local first = object.rev == 0
  undo = (first or not draft.is_touched(object.buf)) and 'none' or undo or 'join'
  draft.take(object.buf, latest.text, undo, first)
  vim.bo[object.buf].modifiable = latest.rev > 0 or object.fresh
  object.rev = latest.rev
  host.notify('object.held', { view = object.id, rev = latest.rev })
  draft.mark(object.buf, latest.text)
  fold(object)
  follow_key(object)
end

---@param object kubectl.Object
local function mark_later(object)
  if object.checking then
    return
  end
  object.checking = true
  vim.defer_fn(function()
    object.checking = false
    if objects[object.id] == object and object.latest and object.latest.rev > 0 then
      draft.mark(object.buf, object.latest.text)
    end
  end, MARK_MS)
end

host.on('object', function(text)
  local object = objects[text.view]
  if not object or text.rev == 0 and object.rev > 0 then
    return
  elseif not api.nvim_buf_is_loaded(object.buf) then
    -- Loading it again takes this on.
    object.latest = text
    return
  end
  -- What was changed here may have been made there: word of that comes later than the answer to a `:w`.
  local same = draft.text(object.buf) == text.text .. '\n'
  if not same then
    draft.notice(object.buf, object.latest)
  end
  object.latest = text
  if same or not vim.bo[object.buf].modified then
    return adopt(object)
  end
  -- It was made of this text, which was changed while it was.
  if object.rev == 0 and not object.fresh then
    M.rebase(object, text.rev)
  end
  mark_later(object)
end)

host.on('state', function(state)
  local object = objects[state.view]
  if object then
    object.state, object.problem = state, nil
    draw(object)
  end
end)

--- What a new object begins with, the cursor on its name. A text that is there stays.
---@param object kubectl.Object
---@param fresh { text: string, line: integer }
local function begin(object, fresh)
  object.fresh = true
  if object.rev > 0 or object.latest or vim.bo[object.buf].modified then
    return
  end
  object.latest = { type = 'object', view = object.id, rev = 0, text = fresh.text, folds = {} }
  adopt(object)
  local line = api.nvim_buf_get_lines(object.buf, fresh.line, fresh.line + 1, false)[1] or ''
  local value = line:find('%S', (line:find(':', 1, true) or 0) + 1) or #line
  for _, win in ipairs(vim.fn.win_findbuf(object.buf)) do
    api.nvim_win_set_cursor(win, { fresh.line + 1, math.max(0, value - 1) })
  end
end

---@param object kubectl.Object
---@param opened kubectl.ObjectOpened
local function on_opened(object, opened)
  object.title, object.opened = opened.title, { context = opened.context }
  object.problem = nil
  if opened.masked and not object.masked then
    object.masked = true
    private.keep(object.buf)
  end
  local own = object.called or api.nvim_buf_get_name(object.buf)
  called.set(object, own ~= '' and own or (opened.name:gsub('%c', ' ')))
  object.place = not opened.fresh and M.source_of(opened.name) or nil
  if vim.bo[object.buf].filetype ~= 'yaml' then
    vim.bo[object.buf].filetype = 'yaml'
  end
  if opened.fresh then
    begin(object, opened.fresh)
  end
  draw(object)
end

---@param object kubectl.Object
local function ask(object)
  local source = object.source.name and object.source or object.place or object.source
  local params = { view = object.id, source = source, anew = object.anew, exists = object.exists, name = object.name }
  views.ask_backend('object.open', params, function(err, opened)
    if objects[object.id] ~= object then
      return
    end
    if not err then
      object.gone = false
      return on_opened(object, opened)
    end
    object.problem = '✕ ' .. err.message
    if object.rev == 0 and not object.latest then
      draft.take(object.buf, err.message .. (err.hint and '\n\n' .. err.hint or ''), 'none', true)
      vim.bo[object.buf].modifiable = false
    else
      report.failure(err)
    end
    draw(object)
  end)
end

--- `:bdelete` takes options, maps and the text from the buffer: what is left is a name, which can be opened again.
---@param object kubectl.Object
local function forget(object)
  objects[object.id], by_buffer[object.buf], views.guests[object.id] = nil, nil, nil
  host.notify('session.close', { view = object.id })
  api.nvim_clear_autocmds({ group = group, buffer = object.buf })
end

---@param object kubectl.Object
local function listen(object)
  local function on(events, fn)
    api.nvim_create_autocmd(events, { group = group, buffer = object.buf, callback = fn })
  end
  on('BufWriteCmd', function(event)
    require('kubectl.writing').write(object, event.file, vim.v.cmdbang == 1)
  end)
  on({ 'FileWriteCmd', 'FileAppendCmd' }, function(event)
    require('kubectl.writing').write_part(object, event.file, vim.v.cmdbang == 1, event.event == 'FileAppendCmd')
  end)
  on({ 'TextChanged', 'TextChangedI' }, function()
    draft.notice(object.buf, object.latest)
    draft.calm(object.buf)
    mark_later(object)
  end)
  on('BufModifiedSet', function()
    draw(object)
  end)
  on('BufWinEnter', function()
    window.dress(api.nvim_get_current_win(), { cursorline = false, signcolumn = 'auto' })
    fold(object)
    draw(object)
  end)
  on({ 'BufDelete', 'BufWipeout' }, function(event)
    -- `:set nobuflisted` is told as a deletion too.
    if event.event == 'BufWipeout' or vim.bo[object.buf].buflisted then
      forget(object)
    end
  end)
end

--- What makes the buffer an object's: options, of which `:bdelete` leaves none, and keys.
---@param object kubectl.Object
local function dress(object)
  local options = vim.bo[object.buf]
  -- Nothing of it is ever written to a disk by the editor itself.
  options.buftype, options.swapfile, options.undofile, options.bufhidden = 'acwrite', false, false, 'hide'
  options.modeline = false
  require('kubectl.keymap').attach(object.buf, 'object', object --[[@as kubectl.View]], {
    quit = M.quit,
    toggle_all = M.toggle_all,
    toggle_values = M.toggle_values,
    versions = function(each)
      require('kubectl.versions').open(each)
    end,
  })
end

---@param source kubectl.Source
---@param buf integer
---@return kubectl.Object
local function create(source, buf)
  highlight.ensure()
  local object = {
    id = views.next_id(),
    kind = 'object',
    buf = buf,
    sheet = { picked = 0, chosen = 0 },
    source = source,
    masked = false,
    all = false,
    revealed = {},
    rev = 0,
    checking = false,
    fresh = false,
    gone = false,
  }
  objects[object.id], by_buffer[buf], views.guests[object.id] = object, object, object
  listen(object)
  dress(object)
  return object
end

---@param source kubectl.Source
---@return kubectl.Object?
local function known(source)
  for _, object in pairs(objects) do
    if vim.deep_equal(object.source, source) and not object.problem and not object.fresh then
      return object
    end
  end
end

---@class (exact) kubectl.ObjectOptions
---@field mods vim.api.keyset.cmd.mods?
---@field anew ('bare'|'copy')?  a new object, in a tab of its own
---@field exists boolean?  a name nobody has is a mistake, not a new object's
---@field name string?

--- Opens an object's text: in a float, or where the modifiers say.
---@param source kubectl.Source
---@param options kubectl.ObjectOptions?
---@return kubectl.Object
function M.open(source, options)
  options = options or {}
  local mods = options.mods or {}
  local placed = window.is_placed(mods)
  local object = not options.anew and known(source) or nil
  local fresh = not object
  object = object or create(source, api.nvim_create_buf(true, false))
  object.anew, object.name = options.anew or object.anew, options.name or object.name
  object.exists = options.exists
  if placed or options.anew then
    window.show(object.buf, placed and mods or { tab = vim.fn.tabpagenr() })
  else
    local win = window.float(object.buf, { title = object.title or 'yaml' })
    window.set_options(win, { signcolumn = 'auto' })
  end
  if fresh then
    ask(object)
  end
  fold(object)
  draw(object)
  return object
end

--- `kubectl://context/namespace/resource/name`: also contexts with slashes in their names.
---@param name string
---@return kubectl.Source?
function M.source_of(name)
  local context, namespace, resource, object = name:match('^kubectl://(.*)/([^/]+)/([^/?]+)/([^/?#]+)')
  if not object then
    return
  end
  return { context = context, namespace = namespace ~= '-' and namespace or nil, resource = resource, name = object }
end

--- Fills the buffer of such a name that is edited, or edited again: its own changes are given up.
---@param buf integer
---@param source kubectl.Source
function M.read(buf, source)
  local object = by_buffer[buf]
  if object then
    dress(object)
    draft.calm(buf)
  end
  if object and not object.problem then
    vim.bo[buf].filetype = 'yaml'
    adopt(object, 'own')
    -- Its name may be another object's by now.
    return object.state and object.state.phase == 'gone' and ask(object) or nil
  end
  object = object or create(source, buf)
  ask(object)
end

--- Also what the server keeps for itself, or not.
---@param object kubectl.Object
function M.toggle_all(object)
  if vim.bo[object.buf].modified then
    return report.warn('This text has changes: write or undo them first.')
  end
  object.all = not object.all
  host.notify('object.show', { view = object.id, all = object.all })
end

--- Shows or hides the value on the cursor's line; elsewhere all of them.
---@param object kubectl.Object
function M.toggle_values(object)
  if not object.masked then
    return report.info('Nothing is hidden here.')
  elseif vim.bo[object.buf].modified then
    return report.warn('This text has changes: write or undo them first.')
  end
  local key = api.nvim_get_current_line():match('^  ([%w._-]+):')
  if vim.list_contains(object.revealed, '*') then
    object.revealed = {}
  elseif not key then
    object.revealed = { '*' }
  elseif vim.list_contains(object.revealed, key) then
    object.revealed = vim.tbl_filter(function(each)
      return each ~= key
    end, object.revealed)
  else
    table.insert(object.revealed, key)
  end
  object.seek = key
  host.notify('object.show', { view = object.id, reveal = object.revealed })
end

--- Closes a float that shows it; the buffer stays while it has changes.
---@param object kubectl.Object
function M.quit(object)
  local win = api.nvim_get_current_win()
  if not window.is_float(win) then
    return api.nvim_feedkeys('q', 'n', false)
  end
  window.close(win)
  if api.nvim_buf_is_valid(object.buf) and not vim.bo[object.buf].modified then
    api.nvim_buf_delete(object.buf, {})
  end
end

--- The text was applied: what the server has now takes its place.
---@param object kubectl.Object
function M.written(object)
  vim.bo[object.buf].modified = false
  adopt(object)
end

--- The text became an object: the buffer is about that one from now on.
---@param object kubectl.Object
---@param source kubectl.Source
---@param changed boolean  the text was changed since
function M.made(object, source, changed)
  vim.bo[object.buf].modified = changed
  local text = draft.text(object.buf):gsub('\n$', '')
  object.latest = { type = 'object', view = object.id, rev = 0, text = text, folds = {} }
  object.source, object.anew, object.name, object.fresh, object.gone = source, nil, nil, false, false
  object.rev = changed and 0 or object.rev
  called.set(
    object,
    ('kubectl://%s/%s/%s/%s'):format(source.context, source.namespace or '-', source.resource, source.name)
  )
  ask(object)
end

--- Others' text is what the next change is measured against.
---@param object kubectl.Object
---@param rev integer
function M.rebase(object, rev)
  object.rev = rev
  host.notify('object.held', { view = object.id, rev = rev })
end

host.on('started', function()
  for _, object in pairs(objects) do
    if object.source.name or object.place then
      ask(object)
    else
      object.problem = '✕ backend ended: open it again from its table'
      draw(object)
    end
  end
end)

host.on('guard', function()
  for _, object in pairs(objects) do
    draw(object)
  end
end)

host.on('ended', function(message)
  for _, object in pairs(objects) do
    object.problem = ('✕ backend ended (%s)'):format(message.reason)
    draw(object)
  end
end)

return M
