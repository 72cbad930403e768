--- How the user had a resource of a context last: its order and columns, for the next table of it, also in later
--- sessions.
local stored = require('kubectl.stored')

local M = {}

---@class (exact) kubectl.Habit
---@field order { title: string, descending: boolean }?
---@field hidden string[]?
---@field columns string[]?  their order
---@field wide boolean?

--- Contexts come and go; of more habits than this the file forgets some.
local KEPT = 500

---@type table<string, kubectl.Habit>?
local kept

local types = { order = 'table', hidden = 'table', columns = 'table', wide = 'boolean' }

--- What the file has, of what it should have: somebody may have written anything.
---@return table<string, kubectl.Habit>
local function read()
  local found, file = {}, stored.read('habits')
  for name, habit in pairs(type(file) == 'table' and file or {}) do
    if type(name) == 'string' and type(habit) == 'table' then
      found[name] = {}
      for part, kind in pairs(types) do
        if type(habit[part]) == kind then
          found[name][part] = habit[part]
        end
      end
      -- JSON has an empty list and an empty object, Lua has one empty table.
      for _, part in ipairs({ 'hidden', 'columns' }) do
        found[name][part] = found[name][part] and vim.list_slice(found[name][part])
      end
    end
  end
  return found
end

---@param opened kubectl.TableOpened
---@return string
local function name_of(opened)
  return opened.context .. '\n' .. opened.resource
end

---@param opened kubectl.TableOpened
---@return kubectl.Habit
local function habit_of(opened)
  kept = kept or read()
  local name = name_of(opened)
  kept[name] = kept[name] or {}
  return kept[name]
end

--- Other Neovims write the file too: only this habit is replaced in it.
---@param opened kubectl.TableOpened
local function save(opened)
  local all = read()
  all[name_of(opened)] = habit_of(opened)
  local names = vim.tbl_keys(all)
  for index = 1, #names - KEPT do
    all[names[index]] = nil
  end
  stored.write('habits', all)
end

--- A table of columns of its own has nothing to do with how the others are.
---@param view kubectl.View
---@return boolean
function M.applies(view)
  return not view.params.query.only
end

--- Columns were chosen.
---@param view kubectl.View
---@param change table
function M.columns(view, change)
  if view.opened and M.applies(view) then
    local habit = habit_of(view.opened)
    habit.hidden = change.hidden or habit.hidden
    habit.columns = change.columns or habit.columns
    if change.wide ~= nil then
      habit.wide = change.wide
    end
    if change.hidden or change.columns or change.wide ~= nil then
      save(view.opened)
    end
  end
end

--- A layout arrived: its order is the user's when it differs from the one before.
---@param view kubectl.View
---@param layout kubectl.Layout
function M.order(view, layout)
  if view.opened and M.applies(view) and view.layout and not vim.deep_equal(view.layout.sort, layout.sort) then
    habit_of(view.opened).order = layout.sort
    save(view.opened)
  end
end

--- What to change in a table just opened; what its query says goes before.
---@param view kubectl.View
---@return kubectl.Habit
function M.recall(view)
  local choice = view.opened.choice or {}
  view.hidden, view.columns = choice.hidden or {}, choice.order or {}
  if view.params.query.wide == nil and choice.wide ~= nil then
    view.wide = choice.wide
  end
  if not M.applies(view) then
    return {}
  end
  local change = vim.deepcopy(habit_of(view.opened))
  local query = view.params.query
  if query.sort then
    change.order = nil
  end
  if query.wide ~= nil then
    change.wide = nil
  end
  view.hidden, view.columns = change.hidden or view.hidden, change.columns or view.columns
  if change.wide ~= nil then
    view.wide = change.wide
  end
  return change
end

--- The backend starts with what setup() says, also where it opens a table again: what differs since becomes part of the
--- change it is sent.
---@param view kubectl.View
---@param change table
function M.keep(view, change)
  local choice = view.opened and view.opened.choice or {}
  local started = { hidden = choice.hidden or {}, columns = choice.order or {}, wide = choice.wide or view.wide }
  for part, value in pairs(started) do
    if change[part] == nil and not vim.deep_equal(view[part], value) then
      change[part] = view[part]
    end
  end
end

return M
