--- `:w` of an object's buffer: planned by the server's dry run, confirmed, applied. Whatever happens, the text stays.
local called = require('kubectl.called')
local config = require('kubectl.config')
local draft = require('kubectl.draft')
local input = require('kubectl.input')
local objects = require('kubectl.object')
local report = require('kubectl.report')
local views = require('kubectl.view')
local window = require('kubectl.window')

local api = vim.api
local M = {}

--- The server's answer, and the user's, are waited for this long.
local PATIENCE = 24 * 3600 * 1000
local last_run = 1e6

---@param object kubectl.Object
---@param plan table  an ObjectPlan to confirm
---@param inputs table<string, string|number|boolean>
local function run(object, plan, inputs)
  last_run = last_run + 1
  local confirm = plan.confirm
  local params = {
    view = object.id,
    plan = plan.plan,
    inputs = inputs,
    how = { run = last_run, dryRun = false, typed = confirm.type, unjournaled = confirm.unjournaled },
  }
  views.ask_backend('object.write', params, function(err, done)
    if err then
      return report.failure(err)
    end
    local result, open = done.results[1], objects.of(object.buf) == object
    if not result or not result.ok then
      local text = result and ('✗ %s: %s'):format(result.object, result.message) or 'nothing was applied'
      return report.error(text, 'Your text is still here: :w looks again, and does what is left to do.')
    end
    -- What was typed while the server worked is the next change.
    local changed = open and api.nvim_buf_get_changedtick(object.buf) ~= plan.tick
    if open and done.made then
      objects.made(object, done.made, changed)
    elseif open and done.whole and changed and done.rev then
      objects.rebase(object, done.rev)
    elseif open and done.whole then
      objects.written(object)
    end
    if done.made or done.whole then
      local more = changed and ', but not what was typed since' or ''
      return report.info(('✓ %s: %s%s'):format(result.object, result.message, more))
    end
    report.info(('✓ %s: applied but for the fields left to others'):format(result.object))
  end, PATIENCE)
end

---@param object kubectl.Object
---@param plan table
---@param values table<string, string|number|boolean>
local function confirm(object, plan, values)
  local asked = plan.confirm
  local skip = config.get().confirm_write == false and not asked.type and #asked.inputs == 0
  if skip and not asked.unjournaled then
    return run(object, plan, values)
  end
  local lines = vim.list_extend({}, asked.lines)
  for _, each in ipairs(asked.inputs) do
    if values[each.name] ~= nil then
      table.insert(lines, ('%s: %s'):format(each.label, each.value and 'yes' or 'no'))
    end
  end
  local ask = {
    title = asked.title,
    lines = lines,
    verb = asked.verb,
    type = asked.type,
    never = asked.dryRunOnly,
    danger = false,
    options = #asked.inputs > 0,
    dry_run = false,
    diff = true,
  }
  input.confirm(ask, function(choice)
    if choice == 'yes' then
      return run(object, plan, values)
    elseif choice == 'diff' then
      local after = { title = 'after :w', text = plan.after }
      draft.compare({ title = 'server', text = plan.before }, after, nil, object.masked)
    elseif choice == 'options' then
      input.form(asked.title, asked.inputs, function(chosen)
        for _, each in ipairs(asked.inputs) do
          each.value = vim.F.if_nil(chosen and chosen[each.name], each.value)
        end
        confirm(object, plan, chosen or values)
      end)
    end
  end)
end

---@type table<string, fun(object: kubectl.Object, plan: table)>
local outcomes = {
  nothing = function(object, plan)
    vim.bo[object.buf].modified = false
    report.info(plan.message)
  end,
  mend = function(object, plan)
    draft.complain(object.buf, plan.problems)
    local marked = #plan.problems > 0
    local hint = marked and 'The lines are marked; ]d goes to the next one.'
      or 'Your text is still here: :w tries again.'
    report.error(plan.message, hint)
  end,
  gone = function(object, plan)
    object.gone = true
    report.warn(plan.message)
  end,
  exists = function(_, plan)
    local ask = { title = 'It exists already', lines = { plan.message }, verb = 'open it', danger = false }
    ask.options, ask.dry_run = false, false
    input.confirm(ask, function(choice)
      if choice == 'yes' then
        objects.open(plan.source, { mods = { tab = vim.fn.tabpagenr() } })
      end
    end)
  end,
  merge = function(object, plan)
    draft.take(object.buf, (plan.text:gsub('\n$', '')), 'own', false)
    vim.bo[object.buf].modified = true
    objects.rebase(object, plan.rev)
    local theirs = { title = 'the server now', text = plan.theirs }
    draft.compare({ title = 'before', text = plan.base }, object.buf, theirs, object.masked)
    report.warn(
      plan.message,
      'Your text is in the middle, with what they changed elsewhere in it. Make it what you want, then :w again.'
    )
  end,
  confirm = function(object, plan)
    confirm(object, plan, vim.empty_dict())
  end,
}

--- Writes lines to a file. Values that must not reach a disk do so only when `bang` says it.
---@param object kubectl.Object
---@param lines string[]
---@param file string
---@param bang boolean
---@param flags string  of writefile()
local function to_file(object, lines, file, bang, flags)
  if object.masked and not bang then
    return report.warn('Values of this object would be on the disk in plain text.', ':w! writes the file all the same.')
  end
  local ok, problem = pcall(vim.fn.writefile, lines, file, flags)
  if not ok then
    return report.error(tostring(problem), 'Nothing was written.')
  end
  report.info(('%s written'):format(file))
end

--- `:1,3w`, `:1,3w file`, `:w >>file`.
---@param object kubectl.Object
---@param file string
---@param bang boolean
---@param append boolean
function M.write_part(object, file, bang, append)
  if file == '' or file == api.nvim_buf_get_name(object.buf) then
    return report.warn('A part of an object cannot be applied.', ':w applies what is changed in all of it.')
  end
  local lines = api.nvim_buf_get_lines(object.buf, vim.fn.line("'[") - 1, vim.fn.line("']"), false)
  to_file(object, lines, file, bang, append and 'a' or '')
end

--- The name the buffer has been given is the file that is meant: the buffer stays its object.
---@param object kubectl.Object
---@param name string
---@param bang boolean
local function save_as(object, name, bang)
  if name:find('^%a[%w+.-]*://') then
    return report.warn(
      ('This buffer is %s, whatever it is called: nothing was written.'):format(object.title or 'an object'),
      'gN makes another object of it.'
    )
  end
  to_file(object, api.nvim_buf_get_lines(object.buf, 0, -1, false), name, bang, '')
end

--- Plans and asks. `bang` makes an object again that is gone, and nothing else: what to force is asked for, field by
--- field.
---@param object kubectl.Object
---@param file string  where to
---@param bang boolean
function M.write(object, file, bang)
  local other = called.restore(object)
  if other then
    return save_as(object, other, bang)
  end
  local own = api.nvim_buf_get_name(object.buf)
  if file ~= '' and vim.fn.fnamemodify(file, ':p') ~= own and file ~= own then
    return to_file(object, api.nvim_buf_get_lines(object.buf, 0, -1, false), file, bang, '')
  end
  if object.rev == 0 and not object.fresh then
    return report.warn('There is no object to write yet.')
  end
  draft.calm(object.buf)
  report.outdated()
  local win = api.nvim_get_current_win()
  local params = { view = object.id, rev = object.rev, text = draft.text(object.buf) }
  params.create = object.fresh or (bang and object.gone) or nil
  local tick = api.nvim_buf_get_changedtick(object.buf)
  views.ask_backend('object.plan', params, function(err, plan)
    if not api.nvim_buf_is_valid(object.buf) then
      return
    end
    if err then
      return report.failure(err)
    end
    if api.nvim_buf_get_changedtick(object.buf) ~= tick then
      return report.warn('The text changed while it was checked: :w again.')
    end
    local asks = plan['do'] == 'confirm' or plan['do'] == 'exists' or plan['do'] == 'merge'
    if asks and input.busy(object.title or 'This text') then
      return
    elseif asks then
      window.focus(win)
    end
    plan.tick = tick
    outcomes[plan['do']](object, plan)
  end, PATIENCE)
end

return M
