--- Which rows a table shows: typed, picked by labels, those in trouble.
local buffer = require('kubectl.buffer')
local filter_history = require('kubectl.filter_history')
local input = require('kubectl.input')
local naming = require('kubectl.naming')
local picker = require('kubectl.picker')
local report = require('kubectl.report')
local views = require('kubectl.view')

local api = vim.api
local M = {}

local FAULTS = '@faults'

--- What the prompt begins with. A filter that the server refused has its selectors still.
---@param view kubectl.View
---@return string
local function line_of(view)
  local filter = ' ' .. view.filter .. ' '
  for _, flag in ipairs({ '%-l', '%-%-selector', '%-%-field%-selector' }) do
    if filter:find('[%s,]' .. flag .. '[%s=]') then
      return view.filter
    end
  end
  return naming.line_of(view.filter, view.params.query)
end

--- Whether the server may have a part in a filter.
---@param text string
---@return boolean
local function asks_server(text)
  return text:find('-l', 1, true) ~= nil or text:find('--', 1, true) ~= nil
end

--- Filters while one types; `<CR>` hands `-l` and `--field-selector` to the server.
---@param view kubectl.View
function M.prompt(view)
  local before, line = view.filter, line_of(view)
  view.typing = input.prompt({
    label = '/',
    text = line,
    win = api.nvim_get_current_win(),
    history = filter_history.list(),
    on_change = function(text)
      views.update(view, { filter = text })
    end,
    on_done = function(text)
      view.typing = nil
      filter_history.add(text)
      local query = view.params.query
      -- The line before this one may be on its way to the server: its selectors are not the query's yet.
      if query.selector or query.fieldSelector or asks_server(line) or asks_server(text) then
        return (text ~= line or view.filter ~= before) and views.update(view, { filter = text, push = true })
      end
      if text ~= view.filter then
        views.update(view, { filter = text })
      end
    end,
    on_cancel = function()
      view.typing = nil
      if view.filter ~= before then
        views.update(view, { filter = before })
      end
    end,
  })
end

--- Rows a filter can name one by one.
local MOST_NAMED = 100

--- A filter that shows the rows of these lines.
---@param view kubectl.View
---@param lines string[]
---@param first integer  where they begin, 1-based
---@return string?
local function named(view, lines, first)
  local name
  for _, column in ipairs(view.layout and view.layout.columns or {}) do
    name = column.title == 'NAME' and column or name
  end
  if not name or #lines > MOST_NAMED then
    return report.info(name and ('A filter names %d rows at most.'):format(MOST_NAMED) or 'These rows have no names.')
  end
  local terms = {}
  for index, line in ipairs(lines) do
    local before = vim.fn.printf('%.' .. name.start .. 'S', line)
    local text = vim.trim(vim.fn.printf('%.' .. name.width .. 'S', line:sub(#before + 1)))
    -- Notes and what is left of deleted objects are no rows.
    if buffer.key(view.sheet, first + index - 1) ~= '' then
      -- One that is shortened is found by what is left of it.
      table.insert(terms, text:find('…', 1, true) and text or 'NAME=' .. text)
    end
  end
  return table.concat(terms, '|')
end

--- Filters by the selected text; by whole lines: only those rows.
---@param view kubectl.View
function M.selected(view)
  local mode = vim.fn.mode()
  local first = math.min(vim.fn.line('v'), vim.fn.line('.'))
  local lines = vim.fn.getregion(vim.fn.getpos('v'), vim.fn.getpos('.'), { type = mode })
  api.nvim_feedkeys(vim.keycode('<Esc>'), 'nx', false)
  local text = mode == 'V' and named(view, lines, first) or mode ~= 'V' and vim.trim(lines[1] or '')
  if not text or text == '' then
    return
  end
  filter_history.add(text)
  views.update(view, { filter = text })
end

--- Only rows in trouble, and all again.
---@param view kubectl.View
function M.faults(view)
  local terms = vim.tbl_filter(function(term)
    return term ~= ''
  end, vim.split(view.filter, '%s*,%s*'))
  local rest = vim.tbl_filter(function(term)
    return term ~= FAULTS
  end, terms)
  if #rest == #terms then
    table.insert(rest, 1, FAULTS)
  end
  views.update(view, { filter = table.concat(rest, ',') })
end

--- Labels as a selector: values of one key are alternatives, keys must all hold.
---@param labels { key: string, value: string }[]
---@return string
local function selector_of(labels)
  local keys, values = {}, {}
  for _, label in ipairs(labels) do
    if not values[label.key] then
      values[label.key] = {}
      table.insert(keys, label.key)
    end
    table.insert(values[label.key], label.value)
  end
  return table.concat(
    vim.tbl_map(function(key)
      local list = values[key]
      return #list == 1 and ('%s=%s'):format(key, list[1]) or ('%s in (%s)'):format(key, table.concat(list, ','))
    end, keys),
    ','
  )
end

--- Lets the user choose labels; the server then sends no other rows.
---@param view kubectl.View
function M.labels(view)
  views.request(view, 'view.labels', {}, function(ok)
    local now = view.params.query.selector
    local items = {}
    if now then
      table.insert(items, { text = '(any)', note = 'now -l ' .. now })
    end
    for _, label in ipairs(ok.labels) do
      local note = label.count == 1 and '1 row' or ('%d rows'):format(label.count)
      table.insert(items, { text = ('%s=%s'):format(label.key, label.value), note = note, value = label })
    end
    if #items == 0 then
      return report.info('No row of this table has a label.')
    end
    picker.pick({ title = 'labels', items = items, many = true }, function(chosen)
      if not chosen then
        return
      end
      local labels = {}
      for _, item in ipairs(chosen) do
        table.insert(labels, item.value)
      end
      local selector = selector_of(labels)
      local fields = view.params.query.fieldSelector
      local line = view.filter .. (selector ~= '' and ' -l ' .. selector or '')
      views.update(view, { filter = line .. (fields and ' --field-selector ' .. fields or ''), push = true })
    end)
  end)
end

return M
