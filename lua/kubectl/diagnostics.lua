--- Rows in trouble as diagnostics, for `]d`, lists and statuslines: with `diagnostics = true` in setup().
local spans = require('kubectl.spans')
local views = require('kubectl.view')

local api = vim.api
local M = {}

--- Rows change many times a second; who reads diagnostics does not.
local EVERY = 1000

local namespace = api.nvim_create_namespace('kubectl.diagnostics')

---@return table<integer, vim.diagnostic.Severity>
local function severities()
  return {
    [api.nvim_get_hl_id_by_name('KubectlError')] = vim.diagnostic.severity.ERROR,
    [api.nvim_get_hl_id_by_name('KubectlWarning')] = vim.diagnostic.severity.WARN,
  }
end

--- The cells that are in trouble themselves, else the row.
---@param text string
---@param found integer[]  start, end and highlight id of the row, then of cells
---@param known table<integer, vim.diagnostic.Severity>
---@return string
local function message(text, found, known)
  local cells = {}
  for index = 4, #found, 3 do
    if known[found[index + 2]] then
      table.insert(cells, vim.trim(text:sub(found[index] + 1, found[index + 1])))
    end
  end
  return #cells > 0 and table.concat(cells, ', ') or (vim.trim(text):gsub('%s%s+', '  '))
end

---@param view kubectl.View
local function set(view)
  local known, list, of_code = severities(), {}, {}
  for line, code in ipairs(view.sheet.codes) do
    local severity = of_code[code]
    if severity == nil then
      local found = spans.of(code)
      severity = found[1] == 0 and known[found[3]] or false
      of_code[code] = severity
    end
    if severity then
      local text = api.nvim_buf_get_lines(view.buf, line - 1, line, false)[1] or ''
      local found = spans.of(code)
      -- The health of a row colours it from end to end; what ends before is a cell's colour.
      if found[2] == #text then
        table.insert(list, {
          lnum = line - 1,
          col = 0,
          end_col = #text,
          severity = severity,
          source = 'kubectl',
          message = message(text, found, known),
        })
      end
    end
  end
  vim.diagnostic.set(namespace, view.buf, list, { underline = false })
end

--- Says the rows in trouble of a table whenever they change.
---@param view kubectl.View
function M.follow(view)
  local waiting = false
  local function later()
    if waiting then
      return
    end
    waiting = true
    vim.defer_fn(function()
      waiting = false
      if api.nvim_buf_is_loaded(view.buf) and views.all()[view.id] == view then
        set(view)
      end
    end, EVERY)
  end
  api.nvim_buf_attach(view.buf, false, {
    on_lines = function()
      later()
    end,
  })
end

return M
