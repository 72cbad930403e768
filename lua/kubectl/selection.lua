--- Selected objects of a sheet, by key: how many lines show each of them, and how many are shown at all. Kept with
--- each change of the lines, so that drawing a statusline counts nothing. Pure.
local M = {}

--- A line with a key came (1) or went (-1). An object that moves may come before it goes.
---@param sheet kubectl.Sheet
---@param key string
---@param by 1|-1
local function note(sheet, key, by)
  local before = sheet.selected[key]
  if not before then
    return
  end
  local now = math.max(0, before + by)
  sheet.selected[key] = now
  if now > 0 and before == 0 then
    sheet.chosen = sheet.chosen + 1
    sheet.unselect[key] = nil
  elseif now == 0 and before > 0 then
    sheet.chosen = sheet.chosen - 1
    -- What a filter hides is selected still: an action acts on it too, and says so.
    sheet.unselect[key] = not sheet.turning or nil
  end
end

--- A change of the lines, before it is made in `keys`.
---@param sheet kubectl.Sheet
---@param change kubectl.Change
---@param start integer  where it begins in `keys`
function M.follow(sheet, change, start)
  if next(sheet.selected) == nil then
    return
  end
  for index = start + 1, start + change.removed do
    note(sheet, sheet.keys[index], -1)
  end
  for _, key in ipairs(change.keys) do
    note(sheet, key, 1)
  end
end

--- All lines of a change of the view are there: what left and did not come back was deleted.
---@param sheet kubectl.Sheet
function M.settle(sheet)
  for key in pairs(sheet.unselect) do
    sheet.selected[key], sheet.unselect[key] = nil, nil
    sheet.picked = sheet.picked - 1
  end
end

--- No line is known any more.
---@param sheet kubectl.Sheet
function M.forget_lines(sheet)
  for key in pairs(sheet.selected) do
    sheet.selected[key] = 0
  end
  sheet.chosen, sheet.unselect = 0, {}
end

---@param sheet kubectl.Sheet
---@param first integer 1-based
---@param last integer
---@param on boolean?  absent: the other way round
function M.set(sheet, first, last, on)
  for line = first, last do
    local key = sheet.keys[line] or ''
    local selected = sheet.selected[key] ~= nil
    local wanted = on == nil and not selected or on == true
    if key ~= '' and wanted ~= selected then
      sheet.selected[key] = wanted and 1 or nil
      sheet.chosen = sheet.chosen + (wanted and 1 or -1)
      sheet.picked = sheet.picked + (wanted and 1 or -1)
      sheet.unselect[key] = nil
    end
  end
end

---@param sheet kubectl.Sheet
function M.clear(sheet)
  sheet.selected, sheet.unselect, sheet.chosen, sheet.picked = {}, {}, 0, 0
end

--- Keys of the selected rows: those that are shown from the top, then those a filter hides.
---@param sheet kubectl.Sheet
---@return string[]
function M.keys(sheet)
  local found = {}
  for _, key in ipairs(sheet.chosen > 0 and sheet.keys or {}) do
    if sheet.selected[key] then
      table.insert(found, key)
      if #found == sheet.chosen then
        break
      end
    end
  end
  if sheet.picked > sheet.chosen then
    local hidden = {}
    for key, lines in pairs(sheet.selected) do
      if lines == 0 then
        table.insert(hidden, key)
      end
    end
    table.sort(hidden)
    vim.list_extend(found, hidden)
  end
  return found
end

return M
