--- Programs: kubectl itself, for what has no view. Started with argument lists, never through a shell, and never
--- waited for.
local buffer = require('kubectl.buffer')
local config = require('kubectl.config')
local report = require('kubectl.report')
local window = require('kubectl.window')

local api = vim.api
local M = {}

---@class (exact) kubectl.Process
---@field plan table                  CommandPlan of kind 'process'
---@field stdin string?
---@field buf integer
---@field run integer                 rises with each run: output of an earlier one is dropped
---@field handle vim.SystemObj?
---@field pending string[]            output not yet shown
---@field flushing boolean
---@field said boolean                there was output

local FLUSH_EVERY = 30

--- The user's kubectl and its arguments, where the plan runs kubectl.
---@param plan table
---@return string[] argv
---@return table<string, string> env
local function command(plan)
  local chosen = config.get().kubectl_cmd
  local argv = vim.deepcopy(plan.argv)
  local env = vim.tbl_extend('force', {}, plan.env or {})
  local program = vim.fs.basename(argv[1])
  if program == 'kubectl' or program == vim.fs.basename(chosen.cmd) then
    argv[1] = chosen.cmd ~= 'kubectl' and chosen.cmd or argv[1]
    for index, argument in ipairs(chosen.args) do
      table.insert(argv, index + 1, argument)
    end
    env = vim.tbl_extend('force', env, chosen.env)
  end
  return argv, env
end

---@param process kubectl.Process
---@param status string
local function show_status(process, status)
  for _, win in ipairs(vim.fn.win_findbuf(process.buf)) do
    local text = (' %s%%=%s '):format(window.escape(process.plan.title), window.escape(status))
    window.set_options(win, { statusline = text })
  end
end

---@param process kubectl.Process
local function flush(process)
  process.flushing = false
  local text = table.concat(process.pending)
  process.pending = {}
  if text ~= '' and api.nvim_buf_is_valid(process.buf) then
    process.said = true
    buffer.append(process.buf, text)
  end
end

---@param process kubectl.Process
---@param run integer
---@return fun(err: string?, data: string?)
local function collect(process, run)
  return function(_, data)
    if not data or run ~= process.run then
      return
    end
    table.insert(process.pending, data)
    if not process.flushing then
      process.flushing = true
      vim.defer_fn(function()
        flush(process)
      end, FLUSH_EVERY)
    end
  end
end

---@param process kubectl.Process
---@param code integer
local function finished(process, code)
  flush(process)
  if not api.nvim_buf_is_valid(process.buf) then
    return
  end
  local fine = vim.list_contains(process.plan.okCodes, code)
  if not process.said then
    buffer.append(process.buf, fine and '(no output)' or '(no output, no reason given)')
  end
  show_status(process, fine and 'done' or ('✕ exit code %d'):format(code))
end

---@param process kubectl.Process
local function start(process)
  process.run = process.run + 1
  local run = process.run
  process.pending, process.said = {}, false
  buffer.set_page(process.buf, {})
  local argv, env = command(process.plan)
  local options = { env = env, stdin = process.stdin, stdout = collect(process, run), stderr = collect(process, run) }
  local ok, handle = pcall(vim.system, argv, options, function(result)
    vim.schedule(function()
      if run == process.run then
        process.handle = nil
        finished(process, result.code)
      end
    end)
  end)
  if not ok then
    buffer.set_page(process.buf, { ('%s could not be run: %s'):format(argv[1], handle) })
    return show_status(process, '✕ not run')
  end
  process.handle = handle
  show_status(process, 'running…')
end

---@param process kubectl.Process
local function stop(process)
  process.run = process.run + 1
  if process.handle then
    process.handle:kill('sigterm')
    process.handle = nil
  end
end

---@param plan table
---@param stdin string?
---@param mods vim.api.keyset.cmd.mods?
---@param attach fun(buf: integer, own: table<string, fun()>)
local function in_split(plan, stdin, mods, attach)
  local buf = buffer.create(false)
  vim.bo[buf].bufhidden = 'wipe'
  local process = { plan = plan, stdin = stdin, buf = buf, run = 0, pending = {}, flushing = false, said = false }
  local win = window.show(buf, mods, true)
  window.dress(win)
  attach(buf, {
    quit = function()
      window.close(api.nvim_get_current_win())
    end,
    rerun = function()
      stop(process)
      start(process)
    end,
  })
  vim.bo[buf].filetype = plan.filetype ~= '' and plan.filetype or 'k8s_output'
  api.nvim_create_autocmd('BufWipeout', {
    buffer = buf,
    once = true,
    callback = function()
      stop(process)
    end,
  })
  start(process)
end

---@param plan table
---@param mods vim.api.keyset.cmd.mods?
---@param attach fun(buf: integer, own: table<string, fun()>)
---@param ended fun()  it is no more, or never was
local function in_terminal(plan, mods, attach, ended)
  local buf = api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden = 'wipe'
  window.dress(window.show(buf, mods, true), { statusline = ' ' .. window.escape(plan.title) })
  local argv, env = command(plan)
  local options = vim.empty_dict()
  options.env = next(env) and env or nil
  options.on_exit = ended
  local ok, job = pcall(function()
    if vim.fn.has('nvim-0.11') == 0 then
      return vim.fn.termopen(argv, options)
    end
    options.term = true
    return vim.fn.jobstart(argv, options)
  end)
  if not ok or job <= 0 then
    ended()
    api.nvim_buf_delete(buf, { force = true })
    return report.error(('%s could not be run'):format(argv[1]), not ok and job or nil)
  end
  attach(buf, {
    quit = function()
      window.close(api.nvim_get_current_win())
    end,
  })
  vim.cmd.startinsert()
end

--- Runs the program of a plan in a split or a terminal. `attach(buf, own)` gives the buffer its keys.
---@param plan table
---@param mods vim.api.keyset.cmd.mods?
---@param source integer  the buffer whose text goes to stdin where the plan wants it
---@param attach fun(buf: integer, own: table<string, fun()>)
---@param ended fun()  what else happens when a terminal's program is no more
function M.run(plan, mods, source, attach, ended)
  local stdin
  if plan.stdin == 'buffer' then
    stdin = table.concat(api.nvim_buf_get_lines(source, 0, -1, false), '\n') .. '\n'
  end
  if plan.show == 'terminal' then
    return in_terminal(plan, mods, attach, ended)
  end
  in_split(plan, stdin, mods, attach)
end

return M
