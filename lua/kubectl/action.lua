--- Actions on rows: what the backend says they are, asked for, confirmed and run.
local buffer = require('kubectl.buffer')
local input = require('kubectl.input')
local picker = require('kubectl.picker')
local report = require('kubectl.report')
local views = require('kubectl.view')
local window = require('kubectl.window')

local api = vim.api
local M = {}

--- What an action would act on: the selected rows, also those a filter hides, else the row under the cursor.
---@param view kubectl.View
---@return string[]
function M.targets(view)
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

---@param results kubectl.ActionResult[]
---@param dry_run boolean
local function tell(results, dry_run)
  local failed, lines = 0, {}
  for _, result in ipairs(results) do
    failed = failed + (result.ok and 0 or 1)
    local mark = result.ok and '✓' or '✗'
    table.insert(lines, ('%s %s: %s'):format(mark, result.object, result.message))
    if result.undo then
      table.insert(lines, '  undo: ' .. result.undo)
    end
  end
  local text = (dry_run and 'Dry run:\n' or '') .. table.concat(lines, '\n')
  if failed > 0 then
    return report.error(text)
  end
  report.info(text)
end

---@class (exact) kubectl.Running
---@field view kubectl.View
---@field action string
---@field keys string[]
---@field inputs table<string, string|number|boolean>
---@field danger boolean

---@param running kubectl.Running
---@param dry_run boolean
local function run(running, dry_run)
  local params = { action = running.action, keys = running.keys, inputs = running.inputs, dryRun = dry_run }
  views.request(running.view, 'action.run', params, function(done)
    tell(done.results, dry_run)
    if not dry_run then
      buffer.clear_selection(running.view.sheet)
      views.draw(running.view)
    end
  end)
end

---@param running kubectl.Running
local function plan(running)
  local params = { action = running.action, keys = running.keys, inputs = running.inputs }
  views.request(running.view, 'action.plan', params, function(planned)
    local ask = {
      title = planned.title,
      lines = planned.lines,
      verb = planned.verb,
      type = planned.type,
      danger = running.danger,
      options = #planned.inputs > 0,
      dry_run = true,
    }
    input.confirm(ask, function(choice)
      if choice == 'yes' or choice == 'dry-run' then
        return run(running, choice == 'dry-run')
      elseif choice == 'options' then
        input.form(planned.title, planned.inputs, function(values)
          running.inputs = vim.tbl_extend('force', running.inputs, values or {})
          plan(running)
        end)
      end
    end)
  end)
end

---@param view kubectl.View
---@param keys string[]
---@param entry kubectl.ActionEntry
local function start(view, keys, entry)
  if not entry.applies then
    return report.warn(('%s: %s'):format(entry.title, entry.reason or 'does not apply here'))
  end
  local running = { view = view, action = entry.id, keys = keys, inputs = vim.empty_dict(), danger = entry.danger }
  -- What destroys is shown first, with its options to change; what needs a value asks for it first.
  if #entry.inputs == 0 or entry.danger then
    return plan(running)
  end
  input.form(entry.title, entry.inputs, function(values)
    if values then
      running.inputs = values
      plan(running)
    end
  end)
end

--- Runs one action on the selection or the row under the cursor.
---@param view kubectl.View
---@param id string
function M.run(view, id)
  local keys = M.targets(view)
  if #keys == 0 then
    return
  end
  views.request(view, 'action.menu', { keys = keys }, function(menu)
    for _, entry in ipairs(menu.actions) do
      if entry.id == id then
        return start(view, keys, entry)
      end
    end
    report.warn(('%s: no such action for these rows.'):format(id))
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
    local title = view.opened and view.opened.kind .. ' · actions' or 'actions'
    picker.pick({ title = title, items = vim.tbl_map(item, menu.actions) }, function(chosen)
      if chosen then
        start(view, keys, chosen[1].value)
      end
    end)
  end)
end

return M
