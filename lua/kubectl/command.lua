--- `:Kubectl …`, `:Kubectx`, `:Kubens`: the backend says what a line means, this opens it.
local host = require('kubectl.host')
-- Every command needs the backend: it starts while the modules below are loaded.
host.ensure()
local action = require('kubectl.action')
local buffer = require('kubectl.buffer')
local complete = require('kubectl.complete')
local config = require('kubectl.config')
local guard = require('kubectl.guard')
local input = require('kubectl.input')
local keymap = require('kubectl.keymap')
local navigate = require('kubectl.navigate')
local process = require('kubectl.process')
local report = require('kubectl.report')
local scope = require('kubectl.scope')
local terminal = require('kubectl.terminal')
local views = require('kubectl.view')
local window = require('kubectl.window')
local words = require('kubectl.words')

local api = vim.api
local M = {}

---@param title string
---@param text string
---@param mods vim.api.keyset.cmd.mods?
---@param again fun()?  what R does
local function page(title, text, mods, again)
  local buf = buffer.create(false)
  vim.bo[buf].bufhidden = 'wipe'
  buffer.set_page(buf, vim.split(text, '\n', { plain = true }))
  local win = window.show(buf, mods, true)
  window.dress(win, { wrap = true, statusline = ' ' .. window.escape(title) })
  keymap.attach(buf, 'page', nil, {
    quit = function()
      window.close(api.nvim_get_current_win())
    end,
    rerun = again,
  })
  vim.bo[buf].filetype = 'k8s_page'
end

---@type table<string, fun(plan: table, mods: table?, source: integer)>
local opens = {
  table = function(plan, mods)
    for index, query in ipairs(plan.queries) do
      navigate.open_table(query, { mods = index == 1 and mods or nil, split = index > 1 })
    end
  end,
  describe = function(plan, mods)
    for _, source in ipairs(plan.sources) do
      navigate.open_text('describe', { source = source }, { mods = mods })
    end
  end,
  edit = function(plan, mods)
    for index, source in ipairs(plan.sources) do
      local said = index == 1 and window.is_placed(mods or {})
      local where = said and mods or { tab = vim.fn.tabpagenr() }
      require('kubectl.object').open(source, { mods = where, exists = true })
    end
  end,
  logs = function(plan, mods)
    navigate.open_text('logs', { source = plan.source, options = plan.options }, { mods = mods })
  end,
  dashboard = function(plan)
    terminal.open(plan.name, plan.args)
  end,
  page = function(plan, mods)
    page(plan.title, plan.text, mods)
  end,
  process = function(plan, mods, source)
    -- Each run is asked about, also one more of the same.
    local function asked(run)
      if not plan.confirm then
        return run()
      elseif input.busy(plan.confirm.title) then
        return
      end
      local ask = { danger = true, options = false, dry_run = false }
      input.confirm(vim.tbl_extend('force', ask, plan.confirm), function(choice)
        if choice == 'yes' then
          run()
        end
      end)
    end
    asked(function()
      process.run(plan, mods, source, function(buf, own)
        local rerun = own.rerun
        own.rerun = rerun and function()
          asked(rerun)
        end
        keymap.attach(buf, 'page', nil, own)
      end, function()
        if plan.ends then
          host.notify('process.ended', { process = plan.ends })
        end
      end)
    end)
  end,
  new = function(plan, mods)
    require('kubectl.object').open(plan.source, { mods = mods, anew = plan.anew, name = plan.name })
  end,
  action = function(plan)
    action.typed(plan)
  end,
  text = function(plan, mods)
    navigate.open_text(plan.what, { source = plan.source, what = plan.what }, { mods = mods })
  end,
  apply = function(plan, _, source)
    action.apply(plan, source)
  end,
  journal = function(_, mods)
    navigate.open_text('journal', {}, { mods = mods })
  end,
  guard = function(plan)
    if plan.mode then
      guard.choose(plan.context, plan.mode)
      host.notify('guards.set', { guards = guard.rules() })
    end
    local mode = plan.mode or guard.of(plan.context).mode
    report.info(('context %s: %s'):format(plan.context, guard.meaning(mode)))
  end,
}

---@param plan kubectl.CommandPlan
---@param mods vim.api.keyset.cmd.mods?
---@param source integer
local function carry_out(plan, mods, source)
  local open = opens[plan['do']]
  if not open then
    return report.error(('the backend wants %q, which this plugin does not know'):format(plan['do']))
  end
  open(plan, mods, source)
end

--- Runs kubectl's arguments: a view where there is one, kubectl's own process otherwise.
---@param args string[]
---@param mods vim.api.keyset.cmd.mods?
function M.run(args, mods)
  local source, win = api.nvim_get_current_buf(), api.nvim_get_current_win()
  local own = config.get().kubectl_cmd
  local kubectl = { args = own.args, kubeconfig = own.env.KUBECONFIG }
  host.request('command.plan', { args = args, cwd = vim.fn.getcwd(), kubectl = kubectl }, function(err, plan)
    if err then
      return report.failure(err)
    end
    window.focus(win)
    carry_out(plan, mods, source)
  end)
end

---@param problems string[]
local function first_contact(problems)
  local lines = { 'There is no Kubernetes cluster to connect to.', '' }
  for _, problem in ipairs(problems) do
    table.insert(lines, '  • ' .. problem)
  end
  vim.list_extend(lines, {
    '',
    'What to do:',
    '  • Put the kubeconfig of a cluster at ~/.kube/config, or name it before Neovim starts: KUBECONFIG=/path/to/file',
    '    Inside Neovim:  :let $KUBECONFIG = "/path/to/file"  and then  :lua require("kubectl").restart()',
    '  • :Kubectl demo tries it all on a throw-away cluster of this machine.',
    '  • :checkhealth kubectl says what was found and what was not.',
    '  • :help kubectl tells the rest.',
    '',
    'R looks again, q closes this page.',
  })
  page('kubectl: first contact', table.concat(lines, '\n'), { split = 'botright' }, function()
    window.close(api.nvim_get_current_win())
    M.open()
  end)
end

--- Opens the default table, or says why there is nothing to show.
---@param query kubectl.Query?
---@param mods vim.api.keyset.cmd.mods?
function M.open(query, mods)
  local win = api.nvim_get_current_win()
  host.request('contexts', {}, function(err, ok)
    if err then
      return report.failure(err)
    end
    window.focus(win)
    if #ok.contexts == 0 then
      return first_contact(ok.problems)
    end
    complete.use_context(ok.current)
    navigate.open_table(query or { resource = config.get().default_view }, { mods = mods })
  end)
end

---@param command { args: string, smods: vim.api.keyset.cmd.mods }
function M.kubectl(command)
  local args, unfinished = words.split(command.args)
  if unfinished then
    return report.error('A quote is not closed: :Kubectl ' .. command.args)
  end
  if #args == 0 then
    return M.open(nil, command.smods)
  end
  M.run(args, command.smods)
end

---@param command { args: string }
function M.kubectx(command)
  if command.args == '' then
    return scope.pick_context(views.of(0))
  end
  scope.use_context(command.args, views.of(0))
end

---@param command { args: string }
function M.kubens(command)
  local view = views.of(0)
  view = view and view.kind == 'table' and view or nil
  if command.args == '' then
    return scope.pick_namespaces(view)
  end
  local all = command.args == 'All' or command.args == '*'
  scope.use_namespaces(all and {} or vim.split(command.args, '%s*,%s*'), view)
end

--- Fills the buffer of a `kubectl://` name.
M.read = navigate.read

---@return string?
local function context_here()
  local view = views.of(0)
  return view and view.opened and view.opened.context or nil
end

---@param lead string
---@param line string
---@param position integer
---@return string[]
function M.complete_kubectl(lead, line, position)
  return complete.kubectl(lead, line:sub(1, position), context_here(), host.request)
end

---@param lead string
---@return string[]
function M.complete_contexts(lead)
  return complete.contexts(lead, host.request)
end

---@param lead string
---@return string[]
function M.complete_namespaces(lead)
  return complete.namespaces(lead, context_here(), host.request)
end

host.on('completion', function(message)
  complete.learn(message.data)
end)

host.on('event', function(message)
  if message.name == 'K8sContextChanged' and message.data.context then
    complete.use_context(message.data.context)
  end
end)

host.on('open', function(message)
  terminal.close_current()
  carry_out(message.plan, nil, api.nvim_get_current_buf())
end)

return M
