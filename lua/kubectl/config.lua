--- Options: what there is, what it means, what it may be. `:help kubectl-options` is generated from `M.options`.
local M = {}

---@class (exact) kubectl.Config
---@field node string?
---@field backend string?
---@field kubectl_cmd { cmd: string, env: table<string, string>, args: string[] }
---@field node_shell { image: string, namespace: string, command: string[] }
---@field default_view string
---@field default_namespace (string|string[])?
---@field namespace_fallback string[]
---@field views string[]
---@field completion_names table<string, string>
---@field columns table<string, kubectl.ColumnsOption>
---@field fit boolean
---@field guards table<string, { mode: 'open'|'typed'|'read-only', colour: string? }>
---@field keymaps false|table<string, string|string[]|false>
---@field logs { tail?: integer, timestamps: boolean, follow: boolean }
---@field picker 'float'|'select'
---@field float_size { width: number, height: number }
---@field border string|string[]
---@field ascii boolean
---@field diagnostics boolean
---@field confirm_write boolean
---@field usage_interval number
---@field request_timeout integer

--- Columns to add in the list part: what a label or a JSONPath gives; one with a title alone is the resource's own.
---@class kubectl.ColumnsOption: { [integer]: { title: string, label?: string, jsonpath?: string, width?: integer } }
---@field hidden string[]?
---@field order string[]?
---@field wide boolean?

---@class (exact) kubectl.Option
---@field name string
---@field default any
---@field types string[]
---@field doc string
---@field fields? table<string, string[]>   types of the members, where those are fixed
---@field members? { named: table<string, string[]>, listed: table<string, string[]> }  what each member may hold
---@field items? string                      type of the members of a list or map
---@field one_of? string[]
---@field modes? string[]                    what `mode` of a member may be

---@type kubectl.Option[]
M.options = {
  {
    name = 'node',
    types = { 'string', 'nil' },
    doc = 'Path of the Node program (22.19 or newer). Unset: the one installed with the plugin, else `node` on PATH.',
  },
  {
    name = 'kubectl_cmd',
    default = { cmd = 'kubectl', env = {}, args = {} },
    types = { 'table' },
    fields = { cmd = { 'string' }, env = { 'table' }, args = { 'table' } },
    doc = 'The kubectl program for commands that have no view of their own, with more environment and arguments.',
  },
  {
    name = 'node_shell',
    default = {
      image = 'busybox:1.37',
      namespace = 'default',
      command = { 'nsenter', '-t', '1', '-m', '-u', '-i', '-n', '-p', '--', 'sh', '-l' },
    },
    types = { 'table' },
    fields = { image = { 'string' }, namespace = { 'string' }, command = { 'table' } },
    doc = 'The pod that `gS` on a node makes, and what is run in it. Its namespace must allow privileged pods.',
  },
  {
    name = 'default_view',
    default = 'pods',
    types = { 'string' },
    doc = 'What `:Kubectl` without arguments and `toggle()` open.',
  },
  {
    name = 'default_namespace',
    types = { 'string', 'table', 'nil' },
    items = 'string',
    doc = "Namespaces to start in: a name, a list, or 'All'. Unset: the context's own.",
  },
  {
    name = 'namespace_fallback',
    default = {},
    types = { 'table' },
    items = 'string',
    doc = 'Namespaces for users who may not list them: offered by pickers, and what all namespaces means in tables.',
  },
  {
    name = 'views',
    default = { 'deployments', 'pods', 'configmaps', 'secrets', 'services', 'ingresses' },
    types = { 'table' },
    items = 'string',
    doc = 'What the keys `1` to `9` open, in this order.',
  },
  {
    name = 'completion_names',
    default = {
      logs = 'pods',
      exec = 'pods',
      attach = 'pods',
      debug = 'pods',
      cp = 'pods',
      ['port-forward'] = 'pods',
      cordon = 'nodes',
      uncordon = 'nodes',
      drain = 'nodes',
    },
    types = { 'table' },
    items = 'string',
    doc = 'Verbs of `:Kubectl` that take a name without a resource, and the resource whose names they complete.',
  },
  {
    name = 'columns',
    default = {},
    types = { 'table' },
    items = 'table',
    members = {
      named = { hidden = { 'table' }, order = { 'table' }, wide = { 'boolean' } },
      listed = { title = { 'string' }, label = { 'string' }, jsonpath = { 'string' }, width = { 'number' } },
    },
    doc = "By resource, under any name kubectl knows it by, how every new table of it starts: `hidden = { 'TITLE' }`, "
      .. "`wide = true`, `order = { 'NAME', 'AGE' }` (titles that come first), and columns to add, for example "
      .. "`{ { title = 'TEAM', label = 'team' }, { title = 'IMAGES', jsonpath = '.spec.containers[*].image', "
      .. "width = 40 } }`. JSONPath is kubectl's; `width` is the most cells a column takes. A title that is there "
      .. 'already is replaced, or with a `width` alone limited.',
  },
  {
    name = 'fit',
    default = true,
    types = { 'boolean' },
    doc = 'Shorten names in their middle until the columns up to the age fit the window. `false`: every text whole.',
  },
  {
    name = 'guards',
    default = {},
    types = { 'table' },
    items = 'table',
    members = { named = { mode = { 'string' }, colour = { 'string', 'nil' } }, listed = {} },
    modes = { 'open', 'typed', 'read-only' },
    doc = "By context, `*` and `?` stand for anything: `{ mode = 'typed' }` wants the name typed before a change, "
      .. "'read-only' refuses every change, 'open' asks for y. `colour`: a highlight group or #rrggbb. "
      .. 'The name that says most wins: `prod-eu` over `prod*` over `*`.',
  },
  {
    name = 'keymaps',
    default = {},
    types = { 'table', 'boolean' },
    doc = 'By the name in `<Plug>(kubectl.NAME)`: a key, a list of keys, or false for none. `false`: no keys at all.',
  },
  {
    name = 'logs',
    default = { timestamps = false, follow = true },
    types = { 'table' },
    fields = { tail = { 'number', 'nil' }, timestamps = { 'boolean' }, follow = { 'boolean' } },
    doc = 'How logs start: `tail` lines back (unset: 1000; -1: all), with `timestamps`, whether they `follow`.',
  },
  {
    name = 'picker',
    default = 'float',
    types = { 'string' },
    one_of = { 'float', 'select' },
    doc = "'float' is the built-in picker, 'select' asks `vim.ui.select()`.",
  },
  {
    name = 'float_size',
    default = { width = 0.9, height = 0.8 },
    types = { 'table' },
    fields = { width = { 'number' }, height = { 'number' } },
    doc = 'Size of floats as a part of the editor; above 1 in cells.',
  },
  {
    name = 'border',
    default = 'rounded',
    types = { 'string', 'table' },
    doc = 'Border of floats, as for `nvim_open_win()`.',
  },
  {
    name = 'diagnostics',
    default = false,
    types = { 'boolean' },
    doc = 'Rows of tables that are in trouble are diagnostics, as for `]d`; said anew once a second.',
  },
  {
    name = 'confirm_write',
    default = true,
    types = { 'boolean' },
    doc = '`:w` of an object shows what it would change and asks. Guarded contexts and fields of others ask anyway.',
  },
  { name = 'ascii', default = false, types = { 'boolean' }, doc = 'Plain letters instead of symbols.' },
  {
    name = 'usage_interval',
    default = 15,
    types = { 'number' },
    doc = 'How often CPU and memory are read while a wide table shows them, in seconds. Nothing is asked otherwise.',
  },
  {
    name = 'request_timeout',
    default = 30000,
    types = { 'number' },
    doc = 'How long to wait for an answer of the backend, in milliseconds. What reaches a cluster has 90 s at least.',
  },
  {
    name = 'backend',
    types = { 'string', 'nil' },
    doc = 'For work on the plugin: the script to run instead of `dist/main.js`.',
  },
}

--- Options of kubectl.nvim that say the same under another name.
local renamed = { namespace = 'default_namespace' }

--- Options of kubectl.nvim that have nothing to set here, each with the reason.
local foreign = {
  auto_refresh = 'tables are always live',
  headers = 'keys are shown by g?, the context in the statusline',
  statusline = 'each table has its own',
  alias = 'there is no alias history',
  filter = 'the history of filters keeps a hundred',
  filter_label = 'there is no label history',
  lineage = 'there is no lineage view',
  lsp = 'there is no language server',
  obj_fresh = 'fresh ages are the backend’s',
  api_resources_cache_ttl = 'discovery is watched',
  terminal_cmd = 'terminals are Neovim’s own',
  log_level = 'there is no log file',
  diff = 'kubectl’s own diff is used',
  notifications = 'use your vim.notify',
  mappings = 'use `keymaps`',
  completion = 'completion is always on',
}

---@type kubectl.Config?
local current

---@param a string
---@param b string
---@return integer
local function distance(a, b)
  local row = {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local above = row[j]
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      row[j] = math.min(above + 1, row[j - 1] + 1, diagonal + cost)
      diagonal = above
    end
  end
  return row[#b]
end

---@param name string
---@param names string[]
---@return string
local function nearest(name, names)
  table.sort(names, function(a, b)
    local to_a, to_b = distance(name, a), distance(name, b)
    return to_a == to_b and a < b or to_a < to_b
  end)
  return names[1]
end

---@param text string
local function refuse(text)
  error('kubectl.setup: ' .. text, 0)
end

---@param label string
---@param value any
---@param types string[]
local function check_type(label, value, types)
  if not vim.list_contains(types, type(value)) then
    local wanted = table.concat(types, ' or '):gsub(' or nil', '')
    refuse(('`%s` must be a %s, not the %s %s'):format(label, wanted, type(value), vim.inspect(value)))
  end
end

---@param label string
---@param value table
---@param fields table<string, string[]>
local function check_fields(label, value, fields)
  for key, member in pairs(value) do
    local types = fields[key]
    if not types then
      local near = nearest(tostring(key), vim.tbl_keys(fields))
      refuse(('unknown option `%s.%s`; the nearest is `%s.%s`'):format(label, key, label, near))
    end
    check_type(label .. '.' .. key, member, types)
  end
end

---@param label string
---@param value table
---@param members { named: table<string, string[]>, listed: table<string, string[]> }
local function check_members(label, value, members)
  local named = {}
  for key, member in pairs(value) do
    if type(key) ~= 'number' then
      named[key] = member
    else
      local place = ('%s[%d]'):format(label, key)
      check_type(place, member, { 'table' })
      check_fields(place, member, members.listed)
      if not member.title then
        refuse(('`%s` needs a title'):format(place))
      end
    end
  end
  check_fields(label, named, members.named)
end

---@param option kubectl.Option
---@param value any
local function check(option, value)
  check_type(option.name, value, option.types)
  if option.one_of and value ~= nil and not vim.list_contains(option.one_of, value) then
    refuse(
      ('`%s` must be one of %s, not %s'):format(option.name, table.concat(option.one_of, ', '), vim.inspect(value))
    )
  end
  if type(value) ~= 'table' then
    return
  end
  if option.fields then
    check_fields(option.name, value, option.fields)
  end
  for key, member in pairs(option.items and value or {}) do
    local label = ('%s[%s]'):format(option.name, vim.inspect(key))
    check_type(label, member, { option.items })
    if option.members then
      check_members(label, member, option.members)
    end
    if option.modes and not vim.list_contains(option.modes, member.mode) then
      refuse(
        ('`%s.mode` must be one of %s, not %s'):format(
          label,
          table.concat(option.modes, ', '),
          vim.inspect(member.mode)
        )
      )
    end
  end
end

---@param given table
---@return table<string, any> known
---@return string[] remarks
local function translate(given)
  local known, remarks = {}, {}
  for name, value in pairs(given) do
    name = renamed[name] or name
    if foreign[name] then
      table.insert(remarks, ('`%s` of kubectl.nvim has no meaning here: %s'):format(name, foreign[name]))
    else
      known[name] = value
    end
  end
  table.sort(remarks)
  return known, remarks
end

---@return kubectl.Config
local function defaults()
  local config = {}
  for _, option in ipairs(M.options) do
    config[option.name] = vim.deepcopy(option.default)
  end
  return config
end

--- Takes the user's options over the defaults. An unknown or wrong one raises an error that names it.
---@param given table?
---@return string[] remarks  on options of kubectl.nvim that do nothing here
function M.set(given)
  if given ~= nil and type(given) ~= 'table' then
    refuse('options must be a table, not the ' .. type(given) .. ' ' .. vim.inspect(given))
  end
  local known, remarks = translate(given or {})
  local config, names = defaults(), {}
  for _, option in ipairs(M.options) do
    names[option.name] = option
  end
  for name, value in pairs(known) do
    local option = names[name]
    if not option then
      local near = nearest(tostring(name), vim.tbl_keys(names))
      refuse(('unknown option `%s`; the nearest is `%s` (:help kubectl-options)'):format(name, near))
    end
    check(option, value)
    if option.fields then
      config[name] = vim.tbl_extend('force', config[name], value)
    else
      config[name] = vim.deepcopy(value)
    end
  end
  current = config
  return remarks
end

---@return kubectl.Config
function M.get()
  current = current or defaults()
  return current
end

return M
