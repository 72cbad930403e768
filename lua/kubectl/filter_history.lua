--- Filters typed before, the newest last: for `<Up>` in the prompt, also in later sessions.
local stored = require('kubectl.stored')

local M = {}

local KEPT = 100

---@type string[]?
local known

--- What the file has; other Neovims write it too.
---@return string[]
local function read()
  local list = stored.read('filters')
  return vim.islist(list) and vim.tbl_filter(function(each)
    return type(each) == 'string'
  end, list) or {}
end

---@return string[]
function M.list()
  known = known or read()
  return known
end

--- A filter was used.
---@param text string
function M.add(text)
  if text == '' then
    return
  end
  local list = vim.tbl_filter(function(each)
    return each ~= text
  end, read())
  table.insert(list, text)
  known = vim.list_slice(list, math.max(1, #list - KEPT + 1))
  stored.write('filters', known)
end

return M
