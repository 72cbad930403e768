--- Contexts and namespaces: choosing them.
local config = require('kubectl.config')
local navigate = require('kubectl.navigate')
local picker = require('kubectl.picker')
local report = require('kubectl.report')
local standing = require('kubectl.standing')
local views = require('kubectl.view')

local M = {}

local ALL = 'All'

---@param names string[]
---@return kubectl.PickerItem[]
local function namespace_items(names)
  local items, seen = { { text = ALL, note = 'every namespace' } }, {}
  for _, name in ipairs(names) do
    seen[name] = true
    table.insert(items, { text = name, value = name })
  end
  for _, name in ipairs(config.get().namespace_fallback) do
    if not seen[name] then
      table.insert(items, { text = name, note = 'from setup()', value = name })
    end
  end
  return items
end

--- Uses namespaces for what is opened next, and for a view.
---@param names string[]  empty for all
---@param view kubectl.View?
function M.use_namespaces(names, view)
  standing.use_namespaces(names)
  if view then
    return views.update(view, { namespaces = names })
  end
  report.info(#names == 0 and 'All namespaces' or 'Namespaces ' .. table.concat(names, ', '))
end

--- Lets the user choose namespaces for a view and for what is opened next; without a view only for the latter.
---@param view kubectl.View?
function M.pick_namespaces(view)
  local context = view and view.opened and view.opened.context or nil
  views.ask_backend('namespaces', { context = context }, function(err, ok)
    if err and #config.get().namespace_fallback == 0 then
      return report.failure(err)
    end
    local title = 'namespaces' .. (ok and ' of ' .. ok.context or '')
    local pick = { title = title, items = namespace_items(ok and ok.namespaces or {}), many = true }
    picker.pick(pick, function(chosen)
      if not chosen then
        return
      end
      local names = {}
      for _, item in ipairs(chosen) do
        if item.text == ALL then
          names = {}
          break
        end
        table.insert(names, item.value)
      end
      M.use_namespaces(names, view)
    end)
  end)
end

--- Uses a context; the table the user is in is opened there.
---@param context string
---@param view kubectl.View?
function M.use_context(context, view)
  standing.use_context(context, function()
    if view and view.opened then
      navigate.open_table({ resource = view.opened.resource, context = context })
    else
      report.info('Context ' .. context)
    end
  end)
end

--- Lets the user choose the context.
---@param view kubectl.View?
function M.pick_context(view)
  views.ask_backend('contexts', {}, function(err, ok)
    if err then
      return report.failure(err)
    end
    if #ok.contexts == 0 then
      return report.error('There is no context to choose.', table.concat(ok.problems, '\n'))
    end
    local items = vim.tbl_map(function(context)
      local note = context.name == ok.current and 'current · ' .. context.cluster or context.cluster
      return { text = context.name, note = note, value = context.name }
    end, ok.contexts)
    picker.pick({ title = 'contexts', items = items }, function(chosen)
      if chosen then
        M.use_context(chosen[1].value, view)
      end
    end)
  end)
end

return M
