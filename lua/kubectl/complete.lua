--- Completion of the command line, from what the backend has pushed. It never waits: what is not known is asked for,
--- and the menu opens again when the answer is there and the line is still the same.
local config = require('kubectl.config')
local standing = require('kubectl.standing')
local words = require('kubectl.words')

local M = {}

---@alias kubectl.Ask fun(method: string, params: table, callback: fun(err: kubectl.WireError?, ok: any))

--- What follows a verb of kubectl: 'type' a resource and then names of it, 'sub' one of the words listed, then a type.
local verbs = {
  annotate = 'type',
  ['api-resources'] = '',
  ['api-versions'] = '',
  apply = 'file',
  attach = 'name',
  auth = { 'can-i', 'reconcile', 'whoami' },
  autoscale = 'type',
  certificate = { 'approve', 'deny' },
  ['cluster-info'] = { 'dump' },
  config = {
    'current-context',
    'delete-context',
    'get-clusters',
    'get-contexts',
    'get-users',
    'rename-context',
    'set-context',
    'use-context',
    'view',
  },
  clone = 'type',
  cordon = 'name',
  cp = 'name',
  create = 'file',
  debug = 'name',
  delete = 'type',
  demo = { 'down', 'status' },
  describe = 'type',
  diff = 'file',
  drain = 'name',
  edit = 'type',
  events = '',
  exec = 'name',
  explain = 'type',
  expose = 'type',
  get = 'type',
  guard = { 'open', 'read-only', 'typed' },
  journal = '',
  kustomize = 'file',
  label = 'type',
  logs = 'name',
  new = 'type',
  patch = 'type',
  ['port-forward'] = 'name',
  proxy = '',
  replace = 'file',
  rollout = { 'history', 'pause', 'restart', 'resume', 'status', 'undo' },
  run = '',
  scale = 'type',
  set = { 'env', 'image', 'resources', 'selector', 'serviceaccount', 'subject' },
  taint = 'type',
  top = 'type',
  uncordon = 'name',
  version = '',
  view = 'type',
  wait = 'type',
}

local flags = {
  '--all-namespaces',
  '--context',
  '--field-selector',
  '--filename',
  '--namespace',
  '--output',
  '--selector',
  '--watch',
  '-A',
  '-f',
  '-l',
  '-n',
  '-o',
  '-w',
}

--- Flags whose value is the next word.
local takes_value = {
  ['-n'] = 'namespaces',
  ['--namespace'] = 'namespaces',
  ['--context'] = 'contexts',
  ['-o'] = 'outputs',
  ['--output'] = 'outputs',
  ['-l'] = '',
  ['--selector'] = '',
  ['--field-selector'] = '',
  ['-f'] = 'files',
  ['--filename'] = 'files',
  ['-c'] = '',
  ['--container'] = '',
}

local outputs = { 'json', 'name', 'wide', 'yaml' }

--- What the backend has pushed.
local known = { contexts = nil, namespaces = {}, resources = {} }
local current_context = ''
--- Names by what was asked for. Objects come and go: what is older is shown once more and asked for again.
---@type table<string, { names: string[], at: integer }>
local answers = {}
--- The contexts and namespaces they were given under.
local answered_under = 0
local FRESH = 10000
--- When a question was asked last: one that finds nothing is not repeated at once.
local asked = {}
local ASK_AGAIN = 3000

--- Takes what the backend offers.
---@param data kubectl.Completion
function M.learn(data)
  known.contexts = data.contexts or known.contexts
  for _, field in ipairs({ 'namespaces', 'resources' }) do
    known[field] = vim.tbl_extend('force', known[field], data[field] or {})
  end
end

---@param context string
function M.use_context(context)
  current_context = context
end

--- Opens the menu again if the command line is still what it was.
---@param line string
local function reopen(line)
  if vim.fn.getcmdtype() == ':' and vim.fn.getcmdline() == line then
    vim.api.nvim_feedkeys(vim.fn.nr2char(vim.o.wildchar), 'tn', false)
  end
end

---@param ask kubectl.Ask
---@param params table
---@param learn fun(data: kubectl.Completion)?
---@param again boolean?  something is shown already: the menu is not opened again
local function fetch(ask, params, learn, again)
  local question = vim.inspect(params) .. standing.scope()
  local now = vim.uv.now()
  if asked[question] and now - asked[question] < ASK_AGAIN then
    return
  end
  asked[question] = now
  local line = vim.fn.getcmdline()
  ask('complete', params, function(err, data)
    if err then
      -- The command itself will say what is wrong; a message now would destroy the command line.
      return
    end
    M.learn(data)
    if learn then
      learn(data)
    end
    if not again then
      reopen(line)
    end
  end)
end

---@param ask kubectl.Ask
---@return string[]
local function contexts(ask)
  if known.contexts then
    return known.contexts
  end
  if not asked.contexts or vim.uv.now() - asked.contexts > ASK_AGAIN then
    asked.contexts = vim.uv.now()
    local line = vim.fn.getcmdline()
    ask('contexts', {}, function(err, ok)
      if not err then
        known.contexts = vim.tbl_map(function(context)
          return context.name
        end, ok.contexts)
        reopen(line)
      end
    end)
  end
  return {}
end

---@param ask kubectl.Ask
---@param context string
---@param what 'namespaces'|'resources'
---@return string[]
local function by_context(ask, context, what)
  local found = known[what][context]
  if not found then
    fetch(ask, { context = context ~= '' and context or nil, what = what }, function(data)
      -- The current context is not known before the first answer names it.
      local only = next(data[what] or {})
      if context == '' and only then
        current_context = only
      end
    end)
  end
  return found or {}
end

--- Names where the command will look for them: in the namespace typed, else in the current one.
---@param ask kubectl.Ask
---@param context string
---@param typed string
---@param namespace string?
---@return string[]
local function names(ask, context, typed, namespace)
  if answered_under ~= standing.scope() then
    answers, answered_under = {}, standing.scope()
  end
  local function question(of)
    return ('%s %s %s'):format(of, typed, namespace or '')
  end
  local answer = answers[question(context)]
  if not answer or vim.uv.now() - answer.at > FRESH then
    local params = { context = context ~= '' and context or nil, resource = typed, what = 'names' }
    params.namespace = namespace
    local under = answered_under
    fetch(ask, params, function(data)
      local key, found = next(data.names or {})
      if key and under == answered_under then
        local told = key:match('^%S+')
        current_context = context == '' and told or current_context
        answers[question(context)] = { names = found, at = vim.uv.now() }
        answers[question(told)] = answers[question(context)]
      end
    end, answer ~= nil)
  end
  return answer and answer.names or {}
end

---@class (exact) kubectl.Line
---@field before string[]    words before the one at the cursor, without flags
---@field context string
---@field namespace string?
---@field value_of string?   the flag whose value is being typed

---@param list string[]
---@param context string
---@return kubectl.Line
local function read(list, context)
  local line = { before = {}, context = context }
  local flag
  for _, word in ipairs(list) do
    local name, value = word:match('^(%-%-[%w-]+)=(.*)$')
    name, value = name or flag, value or flag and word or nil
    if name and value then
      if takes_value[name] == 'namespaces' then
        line.namespace = value
      elseif takes_value[name] == 'contexts' then
        line.context = value
      end
      flag = nil
    elseif takes_value[word] then
      flag = word
    elseif word:sub(1, 1) ~= '-' then
      table.insert(line.before, word)
    end
  end
  line.value_of = flag
  return line
end

---@param ask kubectl.Ask
---@param line kubectl.Line
---@param flag string
---@param lead string
---@return string[]
local function flag_values(ask, line, flag, lead)
  local what = takes_value[flag]
  if what == 'namespaces' then
    return by_context(ask, line.context, 'namespaces')
  elseif what == 'contexts' then
    return contexts(ask)
  elseif what == 'outputs' then
    return outputs
  elseif what == 'files' then
    return vim.fn.getcompletion(lead, 'file')
  end
  return {}
end

---@param ask kubectl.Ask
---@param line kubectl.Line
---@param at integer  which word after the verb is being typed, from 1
---@param lead string
---@return string[]
local function type_or_name(ask, line, at, lead)
  local typed = line.before[#line.before - at + 2]
  local resource = lead:match('^([^/]+)/')
  if at == 1 and resource then
    return vim.tbl_map(function(name)
      return resource .. '/' .. name
    end, names(ask, line.context, resource, line.namespace))
  elseif at == 1 then
    local done = lead:match('^.*,') or ''
    return vim.tbl_map(function(name)
      return done .. name
    end, by_context(ask, line.context, 'resources'))
  elseif typed and not typed:find('/', 1, true) then
    return names(ask, line.context, typed, line.namespace)
  end
  return {}
end

---@param ask kubectl.Ask
---@param line kubectl.Line
---@param lead string
---@return string[]
local function arguments(ask, line, lead)
  local verb, at = line.before[1], #line.before
  local shape = verbs[verb]
  if type(shape) == 'table' then
    if at == 1 then
      return shape
    end
    return type_or_name(ask, line, at - 1, lead)
  elseif shape == 'type' then
    return type_or_name(ask, line, at, lead)
  elseif shape == 'file' then
    return vim.fn.getcompletion(lead, 'file')
  elseif shape == 'name' and at == 1 then
    if lead:find('/', 1, true) then
      return type_or_name(ask, line, 1, lead)
    end
    local resource = config.get().completion_names[verb]
    return resource and names(ask, line.context, resource, line.namespace) or {}
  end
  return {}
end

---@param candidates string[]
---@param lead string
---@return string[]
local function starting_with(candidates, lead)
  local found = vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, candidates)
  table.sort(found)
  return found
end

--- Candidates for the word at the cursor of a `:Kubectl` line.
---@param lead string
---@param text string     the line up to the cursor
---@param context string?  of the table the user is in
---@param ask kubectl.Ask
---@return string[]
function M.kubectl(lead, text, context, ask)
  local list = words.split(text:sub(1, #text - #lead))
  -- The first word is the command, after whatever range and modifiers.
  while list[1] and not list[1]:match('^%A*K') do
    table.remove(list, 1)
  end
  table.remove(list, 1)
  local line = read(list, context or current_context)
  local flag, value = lead:match('^(%-%-[%w-]+)=(.*)$')
  if flag then
    return vim.tbl_map(function(each)
      return flag .. '=' .. each
    end, starting_with(flag_values(ask, line, flag, value), value))
  elseif line.value_of then
    return starting_with(flag_values(ask, line, line.value_of, lead), lead)
  elseif lead:sub(1, 1) == '-' then
    return starting_with(flags, lead)
  elseif #line.before == 0 then
    return starting_with(vim.tbl_keys(verbs), lead)
  end
  return starting_with(arguments(ask, line, lead), lead)
end

---@param lead string
---@param ask kubectl.Ask
---@return string[]
function M.contexts(lead, ask)
  return starting_with(contexts(ask), lead)
end

--- Namespaces, several with commas between.
---@param lead string
---@param context string?
---@param ask kubectl.Ask
---@return string[]
function M.namespaces(lead, context, ask)
  local done, last = lead:match('^(.*,)([^,]*)$')
  local found = starting_with(by_context(ask, context or current_context, 'namespaces'), last or lead)
  return vim.tbl_map(function(name)
    return (done or '') .. name
  end, found)
end

return M
