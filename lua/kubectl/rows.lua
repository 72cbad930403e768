--- Rows as text: yanked, exported, listed in the quickfix window. They come from the backend, with every cell whole.
local action = require('kubectl.action')
local buffer = require('kubectl.buffer')
local picker = require('kubectl.picker')
local report = require('kubectl.report')
local views = require('kubectl.view')

local api = vim.api
local M = {}

--- The column under the cursor.
---@param view kubectl.View
---@return kubectl.LayoutColumn?
function M.column(view)
  local cell = vim.fn.virtcol('.') - 1
  local under
  for _, column in ipairs(view.layout and view.layout.columns or {}) do
    if column.start <= cell then
      under = column
    end
  end
  return under
end

--- Titles of the columns shown, from the left.
---@param view kubectl.View
---@return string[]
local function shown_titles(view)
  return vim.tbl_map(function(column)
    return column.title
  end, view.layout and view.layout.columns or {})
end

---@param row kubectl.RowJson
---@return string
local function key_of(row)
  return row.uid ~= '' and row.uid or ('%s/%s'):format(row.namespace, row.name)
end

---@param text string
---@return string
local function json(text)
  -- `\/` is allowed and nobody wants to read it.
  return (vim.json.encode(text):gsub('\\/', '/'))
end

--- Cells as `"TITLE": "text"`: those shown in their order, then the others by title.
---@param row kubectl.RowJson
---@param titles string[]
---@return string[]
local function json_cells(row, titles)
  local rest = vim.tbl_filter(function(title)
    return not vim.list_contains(titles, title)
  end, vim.tbl_keys(row.cells))
  table.sort(rest)
  return vim.tbl_map(function(title)
    return json(title) .. ': ' .. json(row.cells[title])
  end, vim.list_extend(vim.deepcopy(titles), rest))
end

---@param row kubectl.RowJson
---@param titles string[]
---@return string
local function json_row(row, titles)
  local parts = {}
  for name, value in vim.spairs(row) do
    if name ~= 'cells' then
      table.insert(parts, json(name) .. ': ' .. json(value))
    end
  end
  table.insert(parts, '"cells": {' .. table.concat(json_cells(row, titles), ', ') .. '}')
  return '{' .. table.concat(parts, ', ') .. '}'
end

--- One line of cells: the titles where there is no row.
---@param titles string[]
---@param row kubectl.RowJson?
---@param quote fun(text: string): string
---@return string[]
local function line_of(titles, row, quote)
  return vim.tbl_map(function(title)
    return quote(row and row.cells[title] or not row and title or '')
  end, titles)
end

---@param text string
---@return string
local function csv_quoted(text)
  return text:find('[",\r\n]') and '"' .. text:gsub('"', '""') .. '"' or text
end

---@param text string
---@return string
local function markdown_quoted(text)
  return (text:gsub('[\\|]', '\\%0'))
end

--- Rows as text, by format: `rows` and the titles of the columns shown.
---@type table<string, fun(rows: kubectl.RowJson[], titles: string[]): string[]>
M.formats = {
  json = function(rows, titles)
    local lines = { '[' }
    for index, row in ipairs(rows) do
      table.insert(lines, '  ' .. json_row(row, titles) .. (index < #rows and ',' or ''))
    end
    return vim.list_extend(lines, { ']' })
  end,
  csv = function(rows, titles)
    local lines = { table.concat(line_of(titles, nil, csv_quoted), ',') }
    for _, row in ipairs(rows) do
      table.insert(lines, table.concat(line_of(titles, row, csv_quoted), ','))
    end
    return lines
  end,
  markdown = function(rows, titles)
    local function line(cells)
      return '| ' .. table.concat(cells, ' | ') .. ' |'
    end
    local lines = { line(line_of(titles, nil, markdown_quoted)), line(vim.fn['repeat']({ '---' }, #titles)) }
    for _, row in ipairs(rows) do
      table.insert(lines, line(line_of(titles, row, markdown_quoted)))
    end
    return lines
  end,
  yaml = function(rows, titles)
    local lines = {}
    for _, row in ipairs(rows) do
      for index, title in ipairs(titles) do
        -- A string of JSON is one of YAML.
        local lead = index == 1 and '- ' or '  '
        table.insert(lines, lead .. json(title) .. ': ' .. json(row.cells[title] or ''))
      end
    end
    return #lines > 0 and lines or { '[]' }
  end,
}

---@param word string
---@return string
local function quoted(word)
  return word:find('[^%w%-%._/:@=]') and "'" .. word:gsub("'", "'\\''") .. "'" or word
end

---@param view kubectl.View
---@param row kubectl.RowJson
---@return string
local function command_of(view, row)
  local of = row.of or { resource = view.opened.resource, name = row.name }
  local words = { 'kubectl', 'get', ('%s/%s'):format(of.resource, of.name) }
  if row.namespace ~= '' then
    table.insert(words, '--namespace=' .. row.namespace)
  end
  table.insert(words, '--context=' .. view.opened.context)
  return table.concat(vim.tbl_map(quoted, words), ' ')
end

--- What there is to yank: of the selected rows or the one under the cursor, and of all rows shown.
---@param view kubectl.View
---@param all kubectl.RowJson[]
---@param chosen kubectl.RowJson[]
---@param cursor { row: kubectl.RowJson?, title: string? }
---@param keys string[]  of what is chosen, also where a filter hides it
---@return kubectl.PickerItem[]
local function choices(view, all, chosen, cursor, keys)
  local titles = shown_titles(view)
  local items = {}
  local function add(text, lines)
    local first = #lines == 1 and lines[1] or ('%d lines'):format(#lines)
    local note = vim.fn.strcharpart(first, 0, 60)
    table.insert(items, { text = text, note = note, value = lines })
  end
  local function each(text, fn)
    if #chosen > 0 then
      add(text, vim.tbl_map(fn, chosen))
    end
  end
  each('name', function(row)
    return row.name
  end)
  each('namespace/name', function(row)
    return row.namespace == '' and row.name or row.namespace .. '/' .. row.name
  end)
  if cursor.row and cursor.title then
    add('cell ' .. cursor.title, { cursor.row.cells[cursor.title] or '' })
  end
  each('row as JSON', function(row)
    return json_row(row, titles)
  end)
  each('kubectl command', function(row)
    return command_of(view, row)
  end)
  local function objects(text, of)
    for _, format in ipairs({ 'yaml', 'json' }) do
      local label = ('%s as %s'):format(text, format:upper())
      table.insert(items, { text = label, note = 'whole, read now', value = { keys = of, format = format } })
    end
  end
  if #keys > 0 then
    objects(#keys == 1 and 'object' or ('%d objects'):format(#keys), keys)
  end
  if #all > #keys then
    objects(('all %d objects'):format(#all), vim.tbl_map(key_of, all))
  end
  for _, format in ipairs({ 'json', 'csv', 'markdown', 'yaml' }) do
    local label = format == 'markdown' and 'Markdown' or format:upper()
    add(('all rows shown as %s'):format(label), M.formats[format](all, titles))
  end
  return items
end

--- Lets the user choose what to yank, into the register named before the key.
---@param view kubectl.View
function M.yank(view)
  local register = vim.v.register
  local column = M.column(view)
  local here = buffer.key(view.sheet, api.nvim_win_get_cursor(0)[1])
  local wanted, keys = {}, action.targets(view)
  for _, key in ipairs(keys) do
    wanted[key] = true
  end
  views.request(view, 'view.rows', {}, function(ok)
    local chosen, cursor = {}, { title = column and column.title }
    for _, row in ipairs(ok.rows) do
      local key = key_of(row)
      if wanted[key] then
        table.insert(chosen, row)
      end
      if key == here then
        cursor.row = row
      end
    end
    local items = choices(view, ok.rows, chosen, cursor, keys)
    local function put(text, lines)
      vim.fn.setreg(register, lines, #lines > 1 and 'l' or 'c')
      report.info(('Yanked %s'):format(text))
    end
    picker.pick({ title = 'yank', items = items }, function(picked)
      local item = picked and picked[1]
      if item and item.value.format then
        return views.request(view, 'view.objects', item.value, function(done)
          put(done.missing > 0 and ('%s, %d of them gone'):format(item.text, done.missing) or item.text, done.lines)
        end)
      elseif item then
        put(item.text, item.value)
      end
    end)
  end)
end

local types = { error = 'E', warning = 'W' }

--- Lists the rows that are in trouble in the quickfix window.
---@param view kubectl.View
function M.quickfix(view)
  local titles = shown_titles(view)
  views.request(view, 'view.rows', {}, function(ok)
    local items = {}
    for _, row in ipairs(ok.rows) do
      local line = types[row.health] and buffer.line(view.sheet, key_of(row))
      if line then
        local text = table.concat(line_of(titles, row, vim.trim), '  ')
        table.insert(items, { bufnr = view.buf, lnum = line, col = 1, type = types[row.health], text = text })
      end
    end
    if #items == 0 then
      return report.info('No row of this table is in trouble.')
    end
    local title = view.state and view.state.left or 'kubectl'
    vim.fn.setqflist({}, ' ', { title = title, items = items })
    vim.cmd('botright copen')
  end)
end

return M
