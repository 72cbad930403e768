--- Columns of tables: what `columns` of setup() may say, and choosing them with the picker.
local config = require('kubectl.config')
local picker = require('kubectl.picker')

local M = {}

---@param list string[]
---@return table<string, integer>
local function positions(list)
  local found = {}
  for index, text in ipairs(list) do
    found[text] = index
  end
  return found
end

---@param column kubectl.Column
---@return boolean
local function is_wide(column)
  return column.wide == true
end

--- What setup() says of columns, as the wire has it: lists and names apart.
---@return table<string, kubectl.ColumnChoice>?
function M.choices()
  local found = {}
  for resource, wanted in pairs(config.get().columns) do
    found[resource] = { hidden = wanted.hidden, order = wanted.order, wide = wanted.wide }
    if #wanted > 0 then
      found[resource].columns = vim.list_slice(wanted, 1, #wanted)
    end
  end
  return next(found) and found or nil
end

--- All columns of a table, those shown first and in the order shown.
---@param view kubectl.View
---@return { title: string, wide: boolean, shown: boolean }[]
local function listed(view)
  local layout = view.layout or { columns = {}, all = {} }
  local wide, found, seen = {}, {}, {}
  for _, column in ipairs(layout.all) do
    wide[column.title] = is_wide(column)
  end
  for _, column in ipairs(layout.columns) do
    seen[column.title] = true
    table.insert(found, { title = column.title, wide = wide[column.title] or false, shown = true })
  end
  for _, column in ipairs(layout.all) do
    if not seen[column.title] then
      table.insert(found, { title = column.title, wide = is_wide(column), shown = false })
    end
  end
  return found
end

--- What was chosen, as a change of the view.
---@param view kubectl.View
---@param columns { title: string, wide: boolean, shown: boolean }[]  in the order chosen
---@param marked table<string, true>
---@param wide boolean
---@return { wide: boolean, hidden: string[], columns: string[] }
local function change_of(view, columns, marked, wide)
  local turned = wide ~= view.wide
  local kept, hidden = {}, {}
  for _, column in ipairs(columns) do
    -- What comes or goes with -o wide is not chosen one by one at the same time.
    local by_itself = not (column.wide and turned)
    if marked[column.title] and by_itself then
      table.insert(kept, column.title)
    elseif not marked[column.title] and by_itself and (wide or not column.wide) then
      table.insert(hidden, column.title)
    end
  end
  local place, last, natural = positions(kept), 0, true
  for _, column in ipairs(view.layout and view.layout.all or {}) do
    local at = place[column.title]
    if at then
      natural = natural and at > last and (wide or not is_wide(column))
      last = at
    end
  end
  return { wide = wide, hidden = hidden, columns = natural and {} or kept }
end

--- Lets the user choose which columns are shown, in which order.
---@param view kubectl.View
---@param update fun(view: kubectl.View, change: table)
function M.pick(view, update)
  local items, marked = { { text = '(wide)', note = 'all that -o wide shows' } }, { ['(wide)'] = view.wide or nil }
  for _, column in ipairs(listed(view)) do
    local note = not column.shown and (column.wide and 'wide' or 'hidden') or nil
    table.insert(items, { text = column.title, note = note, value = column })
    marked[column.title] = column.shown or nil
  end
  local pick = { title = 'columns', items = items, many = true, marked = marked, movable = true }
  picker.pick(pick, function(chosen, order)
    if not chosen then
      return
    end
    local wide, kept, columns = false, {}, {}
    for _, item in ipairs(chosen) do
      wide = wide or item.value == nil
      kept[item.text] = true
    end
    for _, item in ipairs(order or items) do
      if item.value then
        table.insert(columns, item.value)
      end
    end
    update(view, change_of(view, columns, kept, wide))
  end)
end

return M
