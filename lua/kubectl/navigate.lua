--- Going places: opening tables and texts, drilling down, coming back.
local config = require('kubectl.config')
local edits = require('kubectl.edit')
local history = require('kubectl.history')
local naming = require('kubectl.naming')
local objects = require('kubectl.object')
local place = require('kubectl.place')
local reload = require('kubectl.reload')
local report = require('kubectl.report')
local standing = require('kubectl.standing')
local views = require('kubectl.view')
local window = require('kubectl.window')

local api = vim.api
local M = {}

---@param win integer
local function remember(win)
  local view = views.of(api.nvim_win_get_buf(win))
  if view then
    history.push(win, place.of(win, view))
  end
end

---@param query kubectl.Query
---@param buf integer?
---@return kubectl.View
local function new_table(query, buf)
  return views.create('table', { query = query }, buf)
end

--- What a table turned out to show: its query with the context and namespaces the backend filled in.
---@param view kubectl.View
---@return kubectl.Query
local function resolved(view)
  local opened = view.opened or {}
  return vim.tbl_extend('force', view.params.query, {
    context = opened.context,
    namespaces = opened.namespaced and opened.namespaces or nil,
  })
end

--- The table that already shows a query.
---@param query kubectl.Query
---@return kubectl.View?
local function same(query)
  for _, view in pairs(views.all()) do
    if view.kind == 'table' and not view.problem then
      local as_asked = view.scope == standing.scope() and vim.deep_equal(view.params.query, query)
      if as_asked or vim.deep_equal(resolved(view), query) then
        return view
      end
    end
  end
end

---@class (exact) kubectl.TextParams
---@field source kubectl.Source?
---@field options kubectl.LogOptions?
---@field what kubectl.TextKind?
---@field task integer?
---@field entry integer?

---@class (exact) kubectl.OpenOptions
---@field mods vim.api.keyset.cmd.mods?
---@field split boolean?

--- Opens a table in the current window, or where the modifiers say; a view of the same query is shown again.
---@param query kubectl.Query
---@param options kubectl.OpenOptions?
---@return kubectl.View
function M.open_table(query, options)
  options = options or {}
  local known = same(query)
  local view = known or new_table(query)
  local from = window.base()
  local there = api.nvim_win_get_buf(from) == view.buf
  if not there then
    remember(from)
  end
  local win = window.show(view.buf, options.mods, options.split)
  if win ~= from and not there then
    history.pop(from)
  end
  views.dress(view)
  if not known then
    views.ask(view)
  end
  return view
end

--- Opens a live text: logs and the journal in the window, all others in a float.
---@param kind kubectl.ViewKind
---@param params kubectl.TextParams
---@param options kubectl.OpenOptions?
---@return kubectl.View
function M.open_text(kind, params, options)
  options = options or {}
  if kind == 'logs' then
    params.options = vim.tbl_extend('keep', params.options or {}, config.get().logs)
  end
  local view = views.create(kind, params)
  local mods = options.mods or {}
  local placed = window.is_placed(mods)
  if kind == 'logs' or kind == 'journal' or placed then
    local from = window.base()
    remember(from)
    if window.show(view.buf, mods, options.split) ~= from then
      history.pop(from)
    end
  else
    window.float(view.buf, { title = kind })
  end
  views.dress(view)
  views.ask(view)
  return view
end

--- Opens where a row leads.
---@param view kubectl.View
---@param key string
function M.drill(view, key)
  views.request(view, 'view.drill', { key = key }, function(drill)
    if drill.open == 'table' then
      M.open_table(drill.query)
    else
      M.open_text(drill.open, { source = drill.source, options = drill.options })
    end
  end)
end

---@return boolean
function M.can_go_back()
  return history.depth(api.nvim_get_current_win()) > 0
end

--- Back to what this window showed before.
function M.back()
  local win = api.nvim_get_current_win()
  local left = views.of(0)
  local last = history.pop(win)
  if not last then
    return report.info('Nothing to go back to in this window.')
  end
  local view = views.all()[last.view]
  if view then
    window.show(view.buf)
    place.restore(view, last)
  elseif last.query then
    place.restore(M.open_table(last.query), last)
    history.pop(win)
  end
  -- A text wipes its own buffer when it is left.
  local hidden = left and api.nvim_buf_is_valid(left.buf) and #vim.fn.win_findbuf(left.buf) == 0
  if hidden and not history.remembers(left.id) then
    api.nvim_buf_delete(left.buf, { force = true })
  end
end

---@param buf integer
local function read_table(buf)
  local name = api.nvim_buf_get_name(buf)
  local context, resource = name:match('^kubectl://(.*)/([^/?]+)$')
  local query = naming.query_of(name) or { resource = resource, context = context ~= '' and context or nil }
  if not query.resource then
    return report.warn('No table has this name: ' .. name, 'kubectl://CONTEXT/RESOURCE')
  end
  local options = vim.bo[buf]
  options.buftype, options.swapfile, options.undolevels, options.modifiable = 'nofile', false, -1, false
  options.bufhidden = 'hide'
  local view = new_table(query, buf)
  views.dress(view)
  views.ask(view)
end

--- Makes the buffer of a `kubectl://context/resource` or `kubectl://context/namespace/resource/name` that was edited a
--- table or an object, or fills it again. Contexts may have slashes in their names: the kubeconfig says what is one.
---@param buf integer
function M.read(buf)
  local view = views.of(buf)
  if view then
    return reload.refill(view.sheet)
  end
  local edited = edits.of(buf)
  if edited then
    return vim.schedule(function()
      edits.leave(edited)
    end)
  end
  local known = objects.of(buf)
  if known then
    return objects.read(buf, known.source)
  end
  local name = api.nvim_buf_get_name(buf)
  local source = not naming.query_of(name) and objects.source_of(name)
  if not source then
    return read_table(buf)
  end
  views.ask_backend('contexts', {}, function(_, ok)
    if not api.nvim_buf_is_valid(buf) then
      return
    end
    local table_of = name:match('^kubectl://(.*)/[^/?]+$')
    for _, context in ipairs(ok and ok.contexts or {}) do
      if context.name == table_of then
        return read_table(buf)
      end
    end
    objects.read(buf, source)
  end)
end

return M
