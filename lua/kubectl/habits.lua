--- How the user had a resource of a context last: its order and columns, for the next table of it in this Neovim.
local M = {}

---@class (exact) kubectl.Habit
---@field order { title: string, descending: boolean }?
---@field hidden string[]?
---@field wide boolean?

---@type table<string, kubectl.Habit>
local kept = {}

---@param opened kubectl.TableOpened
---@return kubectl.Habit
local function habit_of(opened)
  local name = opened.context .. '\n' .. opened.resource
  kept[name] = kept[name] or {}
  return kept[name]
end

--- Columns were chosen.
---@param view kubectl.View
---@param change table
function M.columns(view, change)
  if view.opened then
    local habit = habit_of(view.opened)
    habit.hidden = change.hidden or habit.hidden
    if change.wide ~= nil then
      habit.wide = change.wide
    end
  end
end

--- A layout arrived: its order is the user's when it differs from the one before.
---@param view kubectl.View
---@param layout kubectl.Layout
function M.order(view, layout)
  if view.opened and view.layout and not vim.deep_equal(view.layout.sort, layout.sort) then
    habit_of(view.opened).order = layout.sort
  end
end

--- What to change in a table just opened; what its query says goes before.
---@param view kubectl.View
---@return kubectl.Habit
function M.recall(view)
  local change = vim.deepcopy(habit_of(view.opened))
  local query = view.params.query
  if query.sort then
    change.order = nil
  end
  if query.wide ~= nil then
    change.wide = nil
  end
  view.hidden = change.hidden or view.hidden
  if change.wide ~= nil then
    view.wide = change.wide
  end
  return change
end

return M
