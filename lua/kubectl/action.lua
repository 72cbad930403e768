--- Actions on rows: what the backend says they are, asked for, confirmed and run.
local buffer = require('kubectl.buffer')
local input = require('kubectl.input')
local picker = require('kubectl.picker')
local progress = require('kubectl.progress')
local report = require('kubectl.report')
local views = require('kubectl.view')
local window = require('kubectl.window')

local api = vim.api
local M = {}

--- A text about one object is that object, whatever its line says.
---@param view kubectl.View
---@return boolean
local function is_one(view)
  return view.kind == 'object' or view.kind == 'describe'
end

--- What an action would act on: the selected rows, also those a filter hides, else the row under the cursor.
---@param view kubectl.View
---@return string[]
function M.targets(view)
  if is_one(view) then
    return { '' }
  end
  if not buffer.check(view.sheet) then
    return {}
  end
  local keys = buffer.selection(view.sheet)
  if #keys > 0 then
    return keys
  end
  local key = M.key(view)
  return key and { key } or {}
end

--- The object under the cursor; says why when there is none.
---@param view kubectl.View
---@return string?
function M.key(view)
  if is_one(view) then
    return ''
  end
  if not buffer.check(view.sheet) then
    return
  end
  local key, ghost = buffer.key(view.sheet, api.nvim_win_get_cursor(0)[1])
  if ghost then
    report.warn(('This object is gone (%s): %s'):format(view.sheet.ghost_word, vim.trim(ghost)))
  elseif key == '' then
    report.warn('There is no object on this line.')
  else
    return key
  end
end

--- What is planned, confirmed and run: an action on rows, entries of the journal that are taken back, manifests.
---@class (exact) kubectl.Running
---@field view kubectl.View?
---@field plan string?                method that plans
---@field run string                  method that does
---@field params table                of both
---@field inputs table<string, string|number|boolean>
---@field danger boolean
---@field done (fun(done: table, dry_run: boolean))?  what else happens with the answer

--- Those that failed, in the quickfix list: <CR> there opens the object.
---@param results kubectl.ActionResult[]
---@param title string
local function list_failed(results, title)
  local items = {}
  for _, result in ipairs(results) do
    if not result.ok then
      local source = result.source
      local name = source
        and ('kubectl://%s/%s/%s/%s'):format(source.context, source.namespace or '-', source.resource, source.name)
      local text = ('%s: %s'):format(result.object, result.message)
      table.insert(items, { filename = name, text = text, type = 'E', valid = 1, lnum = 1 })
    end
  end
  vim.fn.setqflist({}, ' ', { title = title, items = items })
end

--- As many lines of results as are read; the others are a number.
local TOLD = 12

---@param results kubectl.ActionResult[]
---@param title string
---@param dry_run boolean
local function tell(results, title, dry_run)
  local failed, good, bad = 0, {}, {}
  for _, result in ipairs(results) do
    local lines = result.ok and good or bad
    failed = failed + (result.ok and 0 or 1)
    table.insert(lines, ('%s %s: %s'):format(result.ok and '✓' or '✗', result.object, result.message))
    if result.undo and #results <= TOLD then
      table.insert(lines, '  undo: ' .. result.undo)
    end
  end
  local lines = vim.list_extend(bad, good)
  if #results > TOLD then
    local more = #lines - TOLD
    lines = vim.list_slice(lines, 1, TOLD)
    table.insert(lines, ('… and %d more'):format(more))
    table.insert(lines, 1, ('%d of %d done, %d failed'):format(#results - failed, #results, failed))
  end
  if failed > 0 and #results > 1 then
    list_failed(results, title)
    table.insert(lines, ':copen lists those that failed')
  end
  local text = (dry_run and 'Dry run:\n' or '') .. table.concat(lines, '\n')
  if failed > 0 then
    return report.error(text)
  end
  report.info(text)
end

--- The backend ends what takes too long; an answer that comes late must still be heard.
local PATIENCE = 24 * 3600 * 1000
local last_run = 0

---@param running kubectl.Running
---@param planned kubectl.ActionPlan
---@param dry_run boolean
local function run(running, planned, dry_run)
  last_run = last_run + 1
  local view = running.view
  local inputs = vim.deepcopy(running.inputs)
  for _, each in ipairs(planned.inputs) do
    if each.keep and inputs[each.name] == nil then
      inputs[each.name] = each.value
    end
  end
  local how = { run = last_run, dryRun = dry_run, typed = planned.type, unjournaled = planned.unjournaled }
  local params = vim.tbl_extend('force', running.params, { how = how })
  if running.run == 'action.run' then
    params.inputs = inputs
  elseif running.run == 'apply.run' then
    params = { plan = running.params.plan, inputs = inputs, how = how }
  end
  local watching = progress.watch(last_run, planned.title)
  views.ask_backend(running.run, params, function(err, done)
    watching.close()
    if not err and running.done then
      running.done(done, dry_run)
    end
    if err then
      return report.failure(err)
    end
    if done.task then
      require('kubectl.navigate').open_text('task', { task = done.task })
    end
    if #done.results > 0 then
      tell(done.results, planned.title, dry_run)
    end
    if not dry_run and view and views.of(view.buf) == view then
      buffer.clear_selection(view.sheet)
      views.draw(view)
    end
  end, PATIENCE)
end

--- Why an action cannot be done. The mark of a title that more is asked does not belong there.
---@param entry kubectl.ActionEntry
---@return string
local function refusal(entry)
  return ('%s: %s'):format((entry.title:gsub('…$', '')), entry.reason or 'does not apply here')
end

--- What the user set to something else: the rest is left to what each object has when its turn comes.
---@param inputs kubectl.ActionInput[]
---@param values table<string, string|number|boolean>
---@return table<string, string|number|boolean>
local function changed(inputs, values)
  local set = vim.empty_dict()
  for _, each in ipairs(inputs) do
    if values[each.name] ~= each.value then
      set[each.name] = values[each.name]
    end
  end
  return set
end

---@param running kubectl.Running
---@param planned kubectl.ActionPlan
---@param again fun()  what is chosen changed: asks anew
local function confirm(running, planned, again)
  local ask = {
    title = planned.title,
    lines = planned.lines,
    verb = planned.verb,
    type = planned.type,
    never = planned.dryRunOnly,
    danger = running.danger,
    options = #planned.inputs > 0,
    dry_run = true,
  }
  input.confirm(ask, function(choice)
    if choice == 'yes' or choice == 'dry-run' then
      return run(running, planned, choice == 'dry-run')
    elseif choice == 'options' then
      input.form(planned.title, planned.inputs, function(values)
        local set = values and changed(planned.inputs, values) or {}
        running.inputs = vim.tbl_extend('force', running.inputs, set)
        again()
      end)
    end
  end)
end

--- Asks about what is planned, and does it.
---@param running kubectl.Running
---@param planned kubectl.ActionPlan
function M.ask(running, planned)
  confirm(running, planned, function() end)
end

---@param running kubectl.Running
local function plan(running)
  local params = vim.tbl_extend('force', {}, running.params)
  if running.run == 'action.run' then
    params.inputs = running.inputs
  end
  local win = api.nvim_get_current_win()
  views.request(running.view, running.plan, params, function(planned)
    if input.busy(planned.title) then
      return
    end
    window.focus(win)
    confirm(running, planned, function()
      plan(running)
    end)
  end)
end

--- An action on objects that were typed: planned, asked about and written down as on rows.
---@param command table  CommandPlan of kind 'action'
function M.typed(command)
  local running = {
    plan = 'action.plan',
    run = 'action.run',
    params = { action = command.action, view = 0, keys = {}, objects = command.objects },
    inputs = command.inputs,
    danger = false,
  }
  local win = api.nvim_get_current_win()
  local function ask()
    local params = vim.tbl_extend('force', { inputs = running.inputs }, running.params)
    views.ask_backend(running.plan, params, function(err, planned)
      if err then
        return report.failure(err)
      end
      -- From here on it is these objects, whatever gets their names.
      running.params.objects = planned.objects
      running.danger = planned.danger
      if command.dryRun then
        return run(running, planned, true)
      elseif input.busy(planned.title) then
        return
      end
      window.focus(win)
      confirm(running, planned, ask)
    end)
  end
  ask()
end

--- Plans and applies manifests: a set of files, or the text of a buffer.
---@param command table  CommandPlan of kind 'apply'
---@param source integer  the buffer
function M.apply(command, source)
  local function full(path)
    return vim.fn.fnamemodify(path, ':p')
  end
  local lines = command.buffer and api.nvim_buf_get_lines(source, 0, -1, false) or nil
  local params = {
    text = lines and table.concat(lines, '\n') .. '\n' or nil,
    files = vim.tbl_map(full, command.files),
    kustomize = command.kustomize and full(command.kustomize) or nil,
    recursive = command.recursive,
    prune = command.prune,
    context = command.context,
    namespace = command.namespace,
  }
  local win = api.nvim_get_current_win()
  views.ask_backend('apply.plan', params, function(err, planned)
    if err then
      return report.failure(err)
    elseif planned.nothing then
      return report.info(planned.nothing)
    elseif input.busy(planned.confirm.title) then
      return
    end
    window.focus(win)
    local running = {
      plan = 'apply.plan',
      run = 'apply.run',
      params = { plan = planned.plan },
      inputs = vim.empty_dict(),
      danger = false,
    }
    local function ask()
      for _, each in ipairs(planned.confirm.inputs) do
        each.value = vim.F.if_nil(running.inputs[each.name], each.value)
      end
      confirm(running, planned.confirm, ask)
    end
    ask()
  end)
end

--- Plans, asks and takes back entries of the journal.
---@param view kubectl.View
---@param entries integer[]
function M.revert(view, entries)
  plan({
    view = view,
    plan = 'journal.plan',
    run = 'journal.revert',
    params = { entries = entries },
    inputs = {},
    danger = true,
  })
end

---@param view kubectl.View
---@param keys string[]
---@param entry kubectl.ActionEntry
local function start(view, keys, entry)
  if not entry.applies then
    return report.warn(refusal(entry))
  end
  if entry.opens then
    local source = { view = view.id, key = keys[1] }
    return require('kubectl.navigate').open_text(entry.opens, { source = source, what = entry.opens })
  end
  local running = {
    view = view,
    plan = 'action.plan',
    run = 'action.run',
    params = { action = entry.id, view = view.id, keys = keys },
    inputs = vim.empty_dict(),
    danger = entry.danger,
  }
  -- What destroys is shown first, with its options to change; what needs a value asks for it first.
  if #entry.inputs == 0 or entry.danger then
    return plan(running)
  elseif input.busy(entry.title) then
    return
  end
  input.form(entry.title, entry.inputs, function(values)
    if values then
      running.inputs = changed(entry.inputs, values)
      plan(running)
    end
  end)
end

--- Runs an action on the selection or the row under the cursor: of those that share a key, the one that applies.
---@param view kubectl.View
---@param ids string[]
function M.run(view, ids)
  local keys = M.targets(view)
  if #keys == 0 then
    return
  end
  views.request(view, 'action.menu', { keys = keys, actions = ids }, function(menu)
    local entries = vim.tbl_filter(function(entry)
      return vim.list_contains(ids, entry.id)
    end, menu.actions)
    -- Those that apply come first.
    local first = entries[1]
    if not first then
      return report.warn(('%s: no such action for these rows.'):format(ids[1]))
    end
    if first.applies or #entries == 1 then
      return start(view, keys, first)
    end
    report.warn(table.concat(
      vim.tbl_map(function(entry)
        return refusal(entry)
      end, entries),
      '\n'
    ))
  end)
end

---@param entry kubectl.ActionEntry
---@return kubectl.PickerItem
local function item(entry)
  local key = entry.applies and entry.key or '—'
  local note = entry.applies and entry.note or not entry.applies and ('(%s)'):format(entry.reason or 'not here') or nil
  return { text = ('%-5s %s'):format(key, entry.title), note = note, value = entry }
end

--- Lists what can be done with the selection or the row under the cursor.
---@param view kubectl.View
function M.menu(view)
  local keys = M.targets(view)
  if #keys == 0 then
    return
  end
  local win = api.nvim_get_current_win()
  views.request(view, 'action.menu', { keys = keys }, function(menu)
    if #menu.actions == 0 then
      return report.info('No actions for these rows.')
    end
    window.focus(win)
    local title = view.opened and view.opened.kind and view.opened.kind .. ' · actions' or 'actions'
    picker.pick({ title = title, items = vim.tbl_map(item, menu.actions) }, function(chosen)
      if chosen then
        start(view, keys, chosen[1].value)
      end
    end)
  end)
end

return M
