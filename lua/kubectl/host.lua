--- The backend as Lua sees it: a Node process, requests with an id and a deadline, messages by type.
--- Nothing here waits. The only file that says rpc.
local config = require('kubectl.config')
local guard = require('kubectl.guard')
local highlight = require('kubectl.highlight')
local messages = require('kubectl.messages')
local methods = require('kubectl.methods')
local report = require('kubectl.report')

local M = {}

---@class (exact) kubectl.Waiting
---@field method string
---@field callback fun(err: kubectl.WireError?, ok: any)
---@field timer uv.uv_timer_t

---@class (exact) kubectl.Backend
---@field channel integer?
---@field node string?          path of the program
---@field node_source string?   where it was found
---@field hello table?          the backend's answer
---@field started integer       how many were started
---@field since integer         uv.hrtime() of the start
---@field ready_ms number?      from start to hello
---@field ended string?         why the last one ended
---@field stderr string[]       its last lines
---@field held table[]?         messages that wait until it knows the context and namespaces

local STDERR_LINES = 200
local REACHING_TIMEOUT = 90000
local NODE_WANTED = '22.19'
--- Flags that change how V8 compiles or collects have it refuse code compiled without them: src/util/heap-growth.ts.
local flags = { '--max-semi-space-size=4', '--no-warnings' }

---@type kubectl.Backend
local backend = { started = 0, since = 0, stderr = {} }
---@type table<integer, kubectl.Waiting>
local waiting = {}
--- Past their deadline, but still of use.
---@type table<integer, kubectl.Waiting>
local overdue = {}
local last_id = 0
local restarting = false
--- What is sent now does not wait with the messages held.
local overtaking = false
--- What `context.use` and `namespace.use` last answered: a new backend is told again.
---@type { context: string?, namespaces: string[]? }
local place = {}
---@type table<string, (fun(message: table))[]>
local listeners = {}

--- The plugin's folder.
M.root = vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(vim.fs.normalize(debug.getinfo(1, 'S').source:sub(2)))))

--- Runs `fn(message)` for messages of a type. Besides those of the wire: 'started' (a new backend runs),
--- 'hello' (it introduced itself) and 'ended' (`{ reason }`).
---@param type string
---@param fn fun(message: table)
function M.on(type, fn)
  listeners[type] = listeners[type] or {}
  table.insert(listeners[type], fn)
end

---@param type string
---@param message table
local function emit(type, message)
  for _, fn in ipairs(listeners[type] or {}) do
    local ok, trace = xpcall(fn, debug.traceback, message)
    if not ok and messages.worth_saying(type) then
      report.bug(('a message of type %q'):format(type), trace)
    end
  end
end

---@param id integer
---@param err kubectl.WireError?
---@param ok any
local function settle(id, err, ok)
  local request = waiting[id] or overdue[id]
  if not request then
    return
  end
  waiting[id], overdue[id] = nil, nil
  if not request.timer:is_closing() then
    request.timer:stop()
    request.timer:close()
  end
  local done, trace = xpcall(request.callback, debug.traceback, err, ok)
  if not done then
    report.bug(('the answer to %q'):format(request.method), trace)
  end
end

---@param err kubectl.WireError|{ ended: boolean }
local function fail_all(err)
  overdue = {}
  for _, id in ipairs(vim.tbl_keys(waiting)) do
    settle(id, err)
  end
end

--- Everything the backend says comes through here.
---@param message kubectl.ToEditor
function M.receive(message)
  local type = type(message) == 'table' and message.type
  if type == 'reply' then
    local request = waiting[message.id] or overdue[message.id]
    if request and request.method ~= 'view.rows' then
      messages.without_null(message)
    end
    settle(message.id, message.error, message.ok)
  elseif type == 'frame' then
    emit(type, messages.frame(message))
  elseif type then
    emit(type, type == 'terminal' and message or messages.without_null(message))
  elseif messages.worth_saying('no message') then
    report.bug('what the backend said', vim.inspect(message):sub(1, 200))
  end
end

---@return string? path
---@return string source
function M.find_node()
  local chosen = config.get().node
  if chosen then
    return vim.fn.executable(chosen) == 1 and chosen or nil, '`node` of setup()'
  end
  local own = M.root .. '/node_modules/.bin/node'
  if vim.fn.executable(own) == 1 then
    return own, 'installed with the plugin'
  end
  local found = vim.fn.exepath('node')
  return found ~= '' and found or nil, 'on PATH'
end

---@return string
function M.script()
  return config.get().backend or (M.root .. '/dist/main.js')
end

---@return string? problem
---@return string? advice
local function missing()
  local node, source = M.find_node()
  if not node then
    if config.get().node then
      return ('Node was not found: %s, %s, is no program'):format(config.get().node, source),
        'Correct or remove `node` in setup().'
    end
    return ('Node was not found: neither %s/node_modules/.bin/node nor `node` on PATH'):format(M.root),
      ('Install Node %s or newer, or name it: require("kubectl").setup({ node = "/path/to/node" })'):format(NODE_WANTED)
  end
  if not vim.uv.fs_stat(M.script()) then
    return ('the backend is not built: %s does not exist'):format(M.script()),
      ('Run `npm run setup` in %s'):format(M.root)
  end
  backend.node, backend.node_source = node, source
end

---@param lines string[]
local function keep_stderr(lines)
  for index, line in ipairs(lines) do
    -- A chunk may begin in the middle of a line: its first part belongs to the last line kept.
    if index == 1 and #backend.stderr > 0 then
      backend.stderr[#backend.stderr] = backend.stderr[#backend.stderr] .. line
    else
      table.insert(backend.stderr, line)
    end
  end
  while #backend.stderr > STDERR_LINES do
    table.remove(backend.stderr, 1)
  end
end

--- Neovim reports a signal as 128 + its number.
---@param code integer
---@return string
local function ending(code)
  return code > 128 and ('signal %d'):format(code - 128) or ('exit code %d'):format(code)
end

--- A backend that never introduced itself was most likely started by too old a Node.
---@param reason string
local function explain_early_end(reason)
  local advice = ':checkhealth kubectl shows what it said.'
  local function say(text)
    report.error(('kubectl: the backend did not start (%s)%s'):format(reason, text), advice)
  end
  vim.system({ backend.node, '--version' }, { text = true, timeout = 5000 }, function(result)
    local version = vim.trim(result.stdout or '')
    local parsed = vim.version.parse(version)
    if parsed and vim.version.lt(parsed, NODE_WANTED) then
      advice = ('Install Node %s or newer, or name one with `node` in setup().'):format(NODE_WANTED)
      say((': %s, %s, is Node %s'):format(backend.node, backend.node_source, version))
    else
      say('')
    end
  end)
end

---@param code integer
local function on_exit(code)
  local introduced = backend.hello ~= nil
  backend.channel, backend.hello, backend.held = nil, nil, nil
  backend.ended = ending(code)
  if vim.v.exiting ~= vim.NIL then
    return
  end
  fail_all({
    code = 'unreachable',
    message = ('the backend ended (%s)'):format(backend.ended),
    hint = 'gr or any :Kubectl command starts it again.',
    ended = true,
  })
  emit('ended', { reason = backend.ended })
  if not introduced and not restarting then
    explain_early_end(backend.ended)
  end
end

---@return string
local function plugin_version()
  local ok, text = pcall(vim.fn.readblob, M.root .. '/package.json')
  local decoded, package = pcall(vim.json.decode, ok and text or '')
  return decoded and package.version or 'unknown'
end

local function introduce()
  local kubectl = config.get().kubectl_cmd.cmd
  local params = {
    version = plugin_version(),
    columns = vim.o.columns,
    lines = vim.o.lines,
    truecolor = vim.o.termguicolors,
    ascii = config.get().ascii,
    kubectl = kubectl ~= 'kubectl' and kubectl or nil,
    ambiwidth = vim.o.ambiwidth,
    namespaceFallback = config.get().namespace_fallback,
    nodeShell = config.get().node_shell,
    guards = guard.rules(),
  }
  M.request('hello', params, function(err, hello)
    if err then
      -- Why it ended is found out and said elsewhere.
      return not err.ended and report.failure(err) or nil
    end
    backend.hello = hello
    backend.ready_ms = (vim.uv.hrtime() - backend.since) / 1e6
    emit('hello', hello)
  end)
end

---@return string[]?
local function starting_namespaces()
  local namespaces = place.namespaces or config.get().default_namespace
  if type(namespaces) == 'string' then
    namespaces = { namespaces }
  end
  return namespaces and vim.list_contains(namespaces, 'All') and {} or namespaces
end

--- The backend knows where it is: what waited for that goes out.
local function release()
  local held = backend.held or {}
  backend.held = nil
  if backend.started > 1 then
    emit('started', {})
  end
  for _, message in ipairs(held) do
    pcall(vim.rpcnotify, backend.channel, 'kubectl', message)
  end
end

--- Gives a new backend the context and namespaces in use. Whatever else is asked meanwhile would be answered for
--- those of the kubeconfig, so it waits.
local function take_place()
  local function use(method, params, callback)
    overtaking = true
    M.request(method, params, callback, config.get().request_timeout)
    overtaking = false
  end
  local function go_on(err)
    if err and err.ended then
      return
    elseif err then
      report.failure(err)
    end
    release()
  end
  local namespaces = starting_namespaces()
  local function use_namespaces(err)
    if err or not namespaces then
      return go_on(err)
    end
    use('namespace.use', { namespaces = namespaces }, go_on)
  end
  if not place.context and not namespaces then
    return release()
  end
  backend.held = {}
  if place.context then
    return use('context.use', { context = place.context }, use_namespaces)
  end
  use_namespaces()
end

--- A context or namespaces were chosen and accepted.
---@param used { context: string?, namespaces: string[] }
function M.remember(used)
  place = { context = used.context or place.context, namespaces = used.namespaces }
end

---@return boolean running
---@return string? problem
---@return string? advice
local function start()
  local problem, advice = missing()
  if problem then
    return false, problem, advice
  end
  local command = vim.list_extend({ backend.node }, flags)
  table.insert(command, M.script())
  backend.since, backend.stderr, backend.ended, backend.ready_ms = vim.uv.hrtime(), {}, nil, nil
  -- Who names a place for Node's code cache, or wants none, has the say.
  local cache = vim.env.NODE_COMPILE_CACHE == nil and not config.get().backend and M.root .. '/dist/cache' or nil
  local channel = -1
  channel = vim.fn.jobstart(command, {
    rpc = true,
    env = cache and { NODE_COMPILE_CACHE = cache } or nil,
    on_stderr = function(_, lines)
      keep_stderr(lines)
    end,
    on_exit = function(_, code)
      if backend.channel == channel then
        on_exit(code)
      end
    end,
  })
  if channel <= 0 then
    return false, ('%s could not be run'):format(backend.node), 'Name another Node with `node` in setup().'
  end
  backend.channel = channel
  backend.started = backend.started + 1
  introduce()
  take_place()
  return true
end

--- Starts the backend when none runs. Returns at once.
---@return boolean running
---@return string? problem
---@return string? advice
function M.ensure()
  if backend.channel then
    return true
  end
  return start()
end

---@param id integer
---@param method string
---@param params table?
---@param deadline integer
---@return boolean sent
local function send(id, method, params, deadline)
  if params == nil or next(params) == nil then
    params = vim.empty_dict()
  end
  local message = { id = id, method = method, params = params, deadline = deadline }
  if backend.held and not overtaking then
    table.insert(backend.held, message)
    return true
  end
  return (pcall(vim.rpcnotify, backend.channel, 'kubectl', message))
end

--- How long an answer is waited for, in ms.
---@param method string
---@return integer
function M.patience(method)
  local asked = config.get().request_timeout
  return methods.reaching[method] and math.max(asked, REACHING_TIMEOUT) or asked
end

--- Asks the backend; `callback(err, ok)` runs once: with the answer, when the deadline has passed, or when the
--- backend ends. Starts the backend when none runs.
---@param method string
---@param params table?
---@param callback fun(err: kubectl.WireError?, ok: any)
---@param deadline integer?  in ms
---@param late boolean?  `callback` runs once more when the answer comes after the deadline
function M.request(method, params, callback, deadline, late)
  local running, problem, advice = M.ensure()
  if not running then
    return vim.schedule(function()
      callback({ code = 'unreachable', message = problem, hint = advice })
    end)
  end
  deadline = deadline or M.patience(method)
  last_id = last_id + 1
  local id = last_id
  local timer = assert(vim.uv.new_timer())
  local request = { method = method, callback = callback, timer = timer }
  waiting[id] = request
  timer:start(
    deadline,
    0,
    vim.schedule_wrap(function()
      settle(id, {
        code = 'timeout',
        message = ('%s: no answer from the backend within %g s'):format(method, deadline / 1000),
        hint = ':checkhealth kubectl shows its state.',
      })
      overdue[id] = late and request or nil
    end)
  )
  if not send(id, method, params, deadline) then
    vim.schedule(function()
      settle(id, { code = 'unreachable', message = method .. ': the backend has just ended', hint = 'Try again.' })
    end)
  end
end

--- Tells the backend something that wants no answer. Says nothing when no backend runs: it would not know what of.
---@param method string
---@param params table?
function M.notify(method, params)
  if backend.channel then
    send(0, method, params, config.get().request_timeout)
  end
end

---@return boolean
function M.running()
  return backend.channel ~= nil
end

---@return kubectl.Backend
function M.status()
  return backend
end

function M.stop()
  if backend.channel then
    vim.fn.jobstop(backend.channel)
  end
end

--- Ends the backend and starts another; views and dashboards come back by themselves.
function M.restart()
  if not backend.channel then
    return M.ensure()
  end
  restarting = true
  M.stop()
  return true
end

M.on('ended', function()
  if restarting then
    restarting = false
    vim.schedule(M.ensure)
  end
end)

M.on('notify', function(message)
  local say = report[message.level] or report.info
  say(message.text)
end)

M.on('guard', guard.note)

M.on('event', function(message)
  vim.api.nvim_exec_autocmds('User', { pattern = message.name, data = message.data, modeline = false })
end)

M.on('hello', function()
  highlight.ensure()
end)

return M
