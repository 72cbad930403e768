--- Codes of lines as ranges and highlights. They repeat from row to row: what they mean is kept, within limits.
local M = {}

local KEPT = 4096

---@type integer[]
local styles = {}
---@type table<string, integer[]>
local known = {}
local held = 0

---@param ids integer[]  highlight ids by the index codes use
function M.use(ids)
  styles = ids
  known, held = {}, 0
end

---@param code string
---@return integer[] flat: start, end, highlight id
function M.of(code)
  local found = known[code]
  if found then
    return found
  end
  found = {}
  for first, last, style in code:gmatch('(%d+),(%d+),(%d+);') do
    local id = styles[tonumber(style) + 1]
    if id then
      local n = #found
      found[n + 1], found[n + 2], found[n + 3] = tonumber(first), tonumber(last), id
    end
  end
  if held >= KEPT then
    known, held = {}, 0
  end
  known[code] = found
  held = held + 1
  return found
end

return M
