--- Where new tables open: the context and the namespaces this Neovim has chosen.
local host = require('kubectl.host')
local report = require('kubectl.report')

local M = {}

--- Rises when the context or namespaces change: the same query then means something else.
local scope = 0

--- Contexts and namespaces as they are now, as a number: see `scope` of a view.
---@return integer
function M.scope()
  return scope
end

---@param method string
---@param params table
---@param callback fun(ok: any)?
local function rescope(method, params, callback)
  scope = scope + 1
  host.request(method, params, function(err, ok)
    if err then
      return report.failure(err)
    end
    scope = scope + 1
    host.remember(ok)
    if callback then
      callback(ok)
    end
  end)
end

--- What views opened from now on show.
---@param context string
---@param callback fun(used: { context: string, namespaces: string[] })?
function M.use_context(context, callback)
  rescope('context.use', { context = context }, callback)
end

---@param namespaces string[]  empty for all
---@param callback fun(used: { namespaces: string[] })?
function M.use_namespaces(namespaces, callback)
  rescope('namespace.use', { namespaces = namespaces }, callback)
end

return M
