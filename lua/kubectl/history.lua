--- Where each window came from: what `<BS>` goes back to.
local M = {}

---@class (exact) kubectl.Place
---@field view integer
---@field query kubectl.Query?
---@field key string  the object the cursor was on
---@field offset integer  lines of the screen above it
---@field leftcol integer

local DEPTH = 50

---@type table<integer, kubectl.Place[]>
local stacks = {}

---@param win integer
---@param place kubectl.Place
function M.push(win, place)
  stacks[win] = stacks[win] or {}
  table.insert(stacks[win], place)
  if #stacks[win] > DEPTH then
    table.remove(stacks[win], 1)
  end
end

---@param win integer
---@return kubectl.Place?
function M.pop(win)
  return stacks[win] and table.remove(stacks[win])
end

---@param win integer
---@return integer
function M.depth(win)
  return stacks[win] and #stacks[win] or 0
end

--- Whether some window can come back to a view.
---@param view integer
---@return boolean
function M.remembers(view)
  for _, stack in pairs(stacks) do
    for _, place in ipairs(stack) do
      if place.view == view then
        return true
      end
    end
  end
  return false
end

vim.api.nvim_create_autocmd('WinClosed', {
  group = vim.api.nvim_create_augroup('kubectl.history', {}),
  callback = function(event)
    stacks[tonumber(event.match)] = nil
  end,
})

return M
