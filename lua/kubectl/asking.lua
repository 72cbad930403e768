--- What a view is asked for with: the query it was made with, and all that was chosen for it since.
local columns = require('kubectl.columns')
local config = require('kubectl.config')
local fit = require('kubectl.fit')
local narrowing = require('kubectl.narrowing')

local api = vim.api
local M = {}

--- What a table shows now, as a query: one opened again, or come back to, is as the user left it. It stays where it was
--- opened first, whatever context and namespaces are chosen since.
---@param view kubectl.View
---@return kubectl.Query
function M.query(view)
  local opened = view.opened or {}
  local query = vim.tbl_extend('force', view.params.query, {
    context = opened.context,
    namespaces = opened.namespaced and opened.namespaces or nil,
    sort = view.layout and view.layout.sort or nil,
  })
  -- Absent where there is none now, also where it was opened with one.
  query.filter = view.filter ~= '' and view.filter or nil
  query.wide = view.wide or nil
  return query
end

---@param view kubectl.View
---@return table
function M.params(view)
  local params = vim.tbl_extend('force', view.params, { view = view.id })
  if view.kind == 'table' then
    local win = vim.fn.win_findbuf(view.buf)[1]
    params.rows = win and api.nvim_win_get_height(win) or vim.o.lines
    view.width = fit.width(view) or view.width
    params.width = view.width
    params.usageInterval = config.get().usage_interval
    params.query = vim.tbl_extend('force', M.query(view), { choices = columns.choices() })
  end
  return params
end

--- A state arrived. What it says of a pause holds, but not while the view is opened again: until its rows are there.
---@param view kubectl.View
function M.note(view)
  local phase = view.state.phase
  if phase == 'paused' then
    view.paused = true
  elseif view.ready and phase ~= 'loading' and phase ~= 'ended' then
    view.paused = false
  end
end

--- What to change in a view as soon as it is open again.
---@param view kubectl.View
---@return table
function M.again(view)
  local change = narrowing.again(view)
  change.paused = view.paused or nil
  return change
end

return M
