--- Keys: what each `<Plug>(kubectl.NAME)` does, and which keys of a buffer lead there. The user's maps win.
local action = require('kubectl.action')
local buffer = require('kubectl.buffer')
local columns = require('kubectl.columns')
local config = require('kubectl.config')
local edit = require('kubectl.edit')
local filters = require('kubectl.filters')
local host = require('kubectl.host')
local hover = require('kubectl.hover')
local keys = require('kubectl.keys')
local navigate = require('kubectl.navigate')
local object = require('kubectl.object')
local progress = require('kubectl.progress')
local related = require('kubectl.related')
local report = require('kubectl.report')
local rows = require('kubectl.rows')
local scope = require('kubectl.scope')
local views = require('kubectl.view')
local window = require('kubectl.window')

local api = vim.api
local M = {}

--- What the backend can do to objects, once it has said so.
---@type { id: string, title: string, key: string }[]
local actions = {}

---@param view kubectl.View
---@param kind 'describe'|'logs'
local function open_text(view, kind)
  local key = action.key(view)
  if key then
    navigate.open_text(kind, { source = { view = view.id, key = key } })
  end
end

---@param view kubectl.View
---@param options kubectl.OpenOptions?
local function open_object(view, options)
  local key = action.key(view)
  if key then
    object.open({ view = view.id, key = key }, options)
  end
end

---@param view kubectl.View
local function sort(view)
  local under = rows.column(view)
  if under then
    views.update(view, { sort = under.title })
  end
end

---@param view kubectl.View
local function select_row(view)
  local first, last = vim.fn.line('v'), vim.fn.line('.')
  if vim.fn.mode() == 'n' then
    buffer.select(view.sheet, last, last)
    if last < api.nvim_buf_line_count(0) then
      vim.cmd('normal! j')
    end
  else
    buffer.select(view.sheet, math.min(first, last), math.max(first, last), true)
    api.nvim_feedkeys(vim.keycode('<Esc>'), 'nx', false)
  end
  views.draw(view)
end

---@param view kubectl.View
local function quit(view)
  local win = api.nvim_get_current_win()
  if view and not window.is_float(win) and navigate.can_go_back() then
    return navigate.back()
  end
  window.close(win)
end

--- Takes back the entry under the cursor, in Visual mode those of the lines.
---@param view kubectl.View
local function revert(view)
  local first, last = vim.fn.line('v'), vim.fn.line('.')
  local entries = {}
  for line = math.min(first, last), math.max(first, last) do
    local key = tonumber(buffer.key(view.sheet, line))
    if key then
      table.insert(entries, key)
    end
  end
  if vim.fn.mode() ~= 'n' then
    api.nvim_feedkeys(vim.keycode('<Esc>'), 'nx', false)
  end
  if #entries == 0 then
    return report.warn('There is no entry on this line.')
  end
  action.revert(view, entries)
end

--- A copy as a new object: of the row, or of the object the text is about.
---@param view kubectl.View
local function copy(view)
  local key = action.key(view)
  if key then
    object.open({ view = view.id, key = key }, { anew = 'copy', mods = { tab = vim.fn.tabpagenr() } })
  end
end

---@type table<string, fun(view: kubectl.View)>
local does = {
  copy = copy,
  follow_link = related.follow,
  references = related.references,
  reference = related.reference,
  select = function(view)
    local key = action.key(view)
    if key then
      navigate.drill(view, key)
    end
  end,
  go_up = navigate.back,
  describe = function(view)
    open_text(view, 'describe')
  end,
  yaml = function(view)
    open_object(view)
  end,
  edit = function(view)
    open_object(view, { mods = { tab = vim.fn.tabpagenr() } })
  end,
  edit_table = edit.open,
  logs = function(view)
    open_text(view, 'logs')
  end,
  owner = function(view)
    related.open(view, 'owner')
  end,
  row_events = function(view)
    related.open(view, 'row-events')
  end,
  hover = hover.open,
  yank = rows.yank,
  quickfix = rows.quickfix,
  action_menu = action.menu,
  sort = sort,
  toggle_columns = function(view)
    columns.pick(view, views.update)
  end,
  refresh = views.refresh,
  pause_view = function(view)
    views.update(view, { paused = not (view.state and view.state.phase == 'paused') })
  end,
  filter_view = filters.prompt,
  filter_term = filters.selected,
  faults = filters.faults,
  labels_view = filters.labels,
  namespace_view = scope.pick_namespaces,
  contexts_view = scope.pick_context,
  tab = select_row,
  clear_selection = function(view)
    buffer.clear_selection(view.sheet)
    views.draw(view)
  end,
  journal_entry = function(view)
    local key = action.key(view)
    if key then
      navigate.open_text('journal-entry', { entry = tonumber(key) })
    end
  end,
  journal_revert = revert,
  task_cancel = function(view)
    views.request(view, 'task.cancel', {})
  end,
  quit = quit,
  toggle_fullscreen = function()
    window.toggle_fullscreen(api.nvim_get_current_win())
  end,
}

---@param name string
---@return string
local function plug(name)
  return ('<Plug>(kubectl.%s)'):format(name)
end

--- What maps in a mode lead to: name of the plug → its keys.
---@param buf integer?  nil for global maps alone
---@param mode string
---@return table<string, string[]>
local function mapped(buf, mode)
  local found = {}
  local function add(maps)
    for _, map in ipairs(maps) do
      local name = (map.rhs or ''):match('^<Plug>%(kubectl%.(.-)%)$')
      if name and not vim.startswith(map.lhs, '<Plug>') then
        found[name] = found[name] or {}
        table.insert(found[name], map.lhs)
      end
    end
  end
  if buf then
    add(api.nvim_buf_get_keymap(buf, mode))
  end
  add(api.nvim_get_keymap(mode))
  return found
end

---@param name string
---@param default string
---@return string[]
local function wanted(name, default)
  local chosen = config.get().keymaps
  if chosen == false then
    return {}
  end
  local lhs = chosen[name]
  if lhs == nil then
    return default ~= '' and { default } or {}
  end
  return lhs == false and {} or type(lhs) == 'table' and lhs or { lhs }
end

---@param buf integer
---@param modes string[]
---@param name string
---@param default string
---@param doc string
---@param fn fun()
local function set(buf, modes, name, default, doc, fn)
  for _, mode in ipairs(modes) do
    vim.keymap.set(mode, plug(name), fn, { buffer = buf, desc = doc, silent = true })
    if not mapped(nil, mode)[name] then
      for _, lhs in ipairs(wanted(name, default)) do
        vim.keymap.set(mode, lhs, plug(name), { buffer = buf, desc = doc, remap = true, nowait = true, silent = true })
      end
    end
  end
end

--- From one table to another of the same place: the context and namespaces go along.
---@param buf integer
---@param view kubectl.View?
local function set_views(buf, view)
  for index, resource in ipairs(config.get().views) do
    local default = index <= 9 and tostring(index) or ''
    set(buf, { 'n' }, 'view_' .. resource, default, 'table of ' .. resource, function()
      local here = view and view.opened or {}
      navigate.open_table({
        resource = resource,
        context = here.context,
        namespaces = here.namespaced and here.namespaces or nil,
      })
    end)
  end
end

--- Rows of different kinds have different actions under one key: which of them applies shows when it is pressed.
---@param view kubectl.View
---@param keyed table<string, boolean>?  actions that have their key here; nil: all
local function set_actions(view, keyed)
  local leads = {}
  for _, each in ipairs(actions) do
    local lead = each.key ~= '' and leads[each.key]
    if lead then
      table.insert(lead.ids, each.id)
      table.insert(lead.titles, each.title)
    elseif each.key ~= '' then
      leads[each.key] = { ids = { each.id }, titles = { each.title } }
    end
  end
  for _, each in ipairs(actions) do
    local lead = leads[each.key]
    local leading = lead and lead.ids[1] == each.id
    local ids = leading and lead.ids or { each.id }
    local title = leading and table.concat(lead.titles, ' / ') or each.title
    local key = leading and (not keyed or keyed[each.id]) and each.key or ''
    set(view.buf, { 'n' }, each.id, key, title, function()
      action.run(view, ids)
    end)
  end
end

--- Gives a buffer its keys.
---@param buf integer
---@param where 'table'|'text'|'describe'|'logs'|'page'|'journal'|'task'|'object'|'edit'|'references'
---@param view kubectl.View?
---@param own table<string, fun()>?  what the keys do here, where that differs
function M.attach(buf, where, view, own)
  for _, key in ipairs(keys) do
    local fn = own and own[key.name] or does[key.name]
    if key.name == 'help' then
      fn = M.help
    end
    if fn and vim.list_contains(key.where, where) then
      set(buf, key.modes, key.name, key.lhs, key.doc, function()
        fn(view)
      end)
    end
  end
  if where == 'table' then
    set_views(buf, view)
  end
  if view and (where == 'table' or where == 'object' or where == 'describe') then
    -- Where one types and moves as in any text, the other keys keep their own meaning.
    set_actions(view, where ~= 'table' and { delete = true } or nil)
  end
end

--- The keys of the current buffer as they are mapped now.
function M.help()
  local buf = api.nvim_get_current_buf()
  local lines = {}
  for _, mode in ipairs({ 'n', 'x' }) do
    local found = mapped(buf, mode)
    for _, map in ipairs(api.nvim_buf_get_keymap(buf, mode)) do
      local name = map.lhs:match('^<Plug>%(kubectl%.(.-)%)$')
      local lhs = name and found[name] and table.concat(found[name], ' ')
      if lhs then
        table.insert(lines, ('%-10s %s%s'):format(lhs, map.desc or '', mode == 'x' and ' (visual)' or ''))
      end
    end
  end
  table.sort(lines)
  local page = buffer.create(false)
  vim.bo[page].bufhidden, vim.bo[page].filetype = 'wipe', 'k8s_help'
  buffer.set_page(page, lines)
  local win = window.float(page, { title = 'keys', size = { width = 60, height = math.max(2, #lines) } })
  for _, lhs in ipairs({ 'q', '<Esc>', 'g?' }) do
    vim.keymap.set('n', lhs, function()
      window.close(win)
    end, { buffer = page, nowait = true })
  end
end

views.on_attach(function(view)
  local own = {
    table = 'table',
    describe = 'describe',
    logs = 'logs',
    journal = 'journal',
    task = 'task',
    references = 'references',
  }
  local where = own[view.kind] or 'text'
  M.attach(view.buf, where, view)
  if where == 'table' and config.get().diagnostics then
    require('kubectl.diagnostics').follow(view)
  end
end)

host.on('progress', progress.note)

host.on('guard', function()
  for _, view in pairs(views.all()) do
    views.draw(view)
  end
end)

host.on('hello', function(hello)
  actions = hello.actions
  for _, view in pairs(views.all()) do
    if view.kind == 'table' then
      set_actions(view)
    end
  end
end)

return M
