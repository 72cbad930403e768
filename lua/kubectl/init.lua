--- The public API. Everything else is loaded when it is first used.
local M = {}

---@class (exact) kubectl.RowsOptions
---@field buf integer  0 for the current buffer

---@class (exact) kubectl.ToggleOptions
---@field tab boolean?  open in a tab of its own

---@param name string
---@param value any
---@param types string[]
local function expect(name, value, types)
  local function fits()
    return vim.list_contains(types, type(value))
  end
  local wanted = table.concat(types, ' or ')
  if vim.fn.has('nvim-0.11') == 1 then
    return vim.validate(name, value, fits, wanted)
  end
  vim.validate({ [name] = { value, fits, wanted } })
end

--- Sets options; optional. An unknown or wrong option raises an error that names it. See `:help kubectl-options`.
---@param options table?
function M.setup(options)
  local remarks = require('kubectl.config').set(options)
  if package.loaded['kubectl.host'] then
    -- The backend that runs already must not hold contexts to rules of before.
    require('kubectl.host').notify('guards.set', { guards = require('kubectl.guard').rules() })
  end
  if #remarks > 0 then
    require('kubectl.report').warn(table.concat(remarks, '\n'))
  end
end

--- Opens a table in the current window: a resource's name, a query, or the default view.
---@param query (string|kubectl.Query)?
function M.open(query)
  expect('query', query, { 'nil', 'string', 'table' })
  if type(query) == 'string' then
    query = { resource = query }
  end
  require('kubectl.command').open(query)
end

--- Runs a line as `:Kubectl` would, its words already apart: `run({ 'get', 'pods', '-A' })`.
---@param args string[]
function M.run(args)
  expect('args', args, { 'table' })
  require('kubectl.command').run(args)
end

---@return kubectl.View[]
local function views()
  return package.loaded['kubectl.view'] and vim.tbl_values(require('kubectl.view').all()) or {}
end

--- Closes every view and its windows. The backend stays, so that opening again is fast.
function M.close()
  local window = require('kubectl.window')
  for _, view in ipairs(views()) do
    for _, win in ipairs(vim.fn.win_findbuf(view.buf)) do
      window.close(win)
    end
    if vim.api.nvim_buf_is_valid(view.buf) then
      vim.api.nvim_buf_delete(view.buf, { force = true })
    end
  end
end

--- Closes what is open, else opens the default view.
---@param options kubectl.ToggleOptions?
function M.toggle(options)
  expect('options', options, { 'nil', 'table' })
  for _, view in ipairs(views()) do
    if #vim.fn.win_findbuf(view.buf) > 0 then
      return M.close()
    end
  end
  local tab = options and options.tab
  require('kubectl.command').open(nil, tab and { tab = vim.fn.tabpagenr() } or nil)
end

--- The rows of a table in the order shown, with every column the kind has:
--- `{ uid, namespace, name, cells = { TITLE = text }, health }[]`.
---@param options kubectl.RowsOptions
---@param callback fun(rows: kubectl.RowJson[]?, err: kubectl.WireError?)
function M.rows(options, callback)
  expect('options', options, { 'table' })
  expect('callback', callback, { 'function' })
  local view = require('kubectl.view').of(options.buf or 0)
  if not view or view.kind ~= 'table' then
    return vim.schedule(function()
      callback(nil, { code = 'invalid', message = 'this buffer is no table of kubectl' })
    end)
  end
  require('kubectl.host').request('view.rows', { view = view.id }, function(err, ok)
    callback(ok and ok.rows, err)
  end)
end

--- Keys (uids) of the selected rows of a table.
---@param options kubectl.RowsOptions?
---@return string[]
function M.selection(options)
  local view = require('kubectl.view').of(options and options.buf or 0)
  return view and require('kubectl.buffer').selection(view.sheet) or {}
end

--- Uses a context for what is opened from now on.
---@param context string
function M.use_context(context)
  expect('context', context, { 'string' })
  require('kubectl.scope').use_context(context)
end

--- Uses namespaces for what is opened from now on; an empty list means all.
---@param namespaces string[]
function M.use_namespaces(namespaces)
  expect('namespaces', namespaces, { 'table' })
  require('kubectl.scope').use_namespaces(namespaces)
end

--- Ends the backend and starts it again, for example after a change of the environment.
function M.restart()
  require('kubectl.host').restart()
end

--- What is known of the backend: program, version, process, last words, and where it is looked for.
---@return { backend: kubectl.Backend, root: string, script: string, node: string?, node_source: string }
function M.status()
  local host = require('kubectl.host')
  local node, source = host.find_node()
  return { backend = host.status(), root = host.root, script = host.script(), node = node, node_source = source }
end

--- Asks the backend for its findings, as `:checkhealth kubectl` shows them.
---@param callback fun(sections: table[]?, err: kubectl.WireError?)
function M.health(callback)
  expect('callback', callback, { 'function' })
  require('kubectl.host').request('health', {}, function(err, ok)
    callback(ok and ok.sections, err)
  end)
end

return M
