--- Splices of a frame, checked, and what they do to a list of entries, one per line. Pure.
local M = {}

--- Shifting 50,000 entries once for each of 500 changes takes 10 ms and more, so that is done once for a few already.
local MERGE_FROM = 3

---@param list string[]
---@param size integer
---@param start integer
---@param removed integer
---@param new string[]
---@param count integer
function M.list(list, size, start, removed, new, count)
  local shift = count - removed
  if shift ~= 0 then
    table.move(list, start + removed + 1, size, start + count + 1)
    for index = size + shift + 1, size do
      list[index] = nil
    end
  end
  for index = 1, count do
    list[start + index] = new[index]
  end
end

---@param text string
---@param count integer
---@return string[]
local function split(text, count)
  -- Most splices are of one line or none: vim.split() costs more than applying those.
  if count == 1 and not text:find('\n', 1, true) then
    return { text }
  end
  return count == 0 and {} or vim.split(text, '\n', { plain = true })
end

---@class (exact) kubectl.Change
---@field start integer
---@field removed integer
---@field count integer
---@field to_end boolean
---@field lines string[]
---@field codes string[]
---@field keys string[]

--- Splices as they will be applied, each checked against the size the one before it leaves.
---@param size integer  lines in the buffer
---@param splices kubectl.Splice[]
---@return kubectl.Change[]?
function M.read(size, splices)
  local changes = {}
  for index, splice in ipairs(splices) do
    local removed = splice.removed < 0 and size - splice.start or splice.removed
    local change = {
      start = splice.start,
      removed = removed,
      count = splice.count,
      to_end = splice.removed < 0,
      lines = split(splice.text, splice.count),
      codes = split(splice.codes, splice.count),
      keys = split(splice.keys, splice.count),
    }
    local whole = #change.lines == change.count and #change.codes == change.count and #change.keys == change.count
    if removed < 0 or change.start + removed > size or not whole then
      return nil
    end
    size = size + change.count - removed
    changes[index] = change
  end
  return changes
end

--- Many changes in one pass over the list, for changes that come in order from the top. Nothing is copied: what lies
--- between two changes moves by the sum of those above it. Parts that move up do so from the top, then parts that move
--- down from the bottom, so that none is written over before it has moved.
---@param list string[]
---@param size integer
---@param changes kubectl.Change[]
---@param field 'keys'|'codes'
function M.merge(list, size, changes, field)
  local first, shift = {}, {}
  local by, last = 0, #changes
  for index, change in ipairs(changes) do
    -- Where the part below this change was.
    first[index] = change.start + change.removed - by
    by = by + change.count - change.removed
    shift[index] = by
  end
  local function move(index)
    local stop = index < last and changes[index + 1].start - shift[index] or size
    table.move(list, first[index] + 1, stop, first[index] + shift[index] + 1)
  end
  for index = 1, last do
    if shift[index] < 0 then
      move(index)
    end
  end
  for index = last, 1, -1 do
    if shift[index] > 0 then
      move(index)
    end
  end
  for index = size + by + 1, size do
    list[index] = nil
  end
  for _, change in ipairs(changes) do
    table.move(change[field], 1, change.count, change.start + 1, list)
  end
end

--- Whether one pass over the lists is cheaper than a shift of what follows for each change: changes in order from the
--- top, enough of them, not all of the same length as what they replace.
---@param changes kubectl.Change[]
---@return boolean
function M.worth_merging(changes)
  local free, shifts = 0, 0
  for _, change in ipairs(changes) do
    if change.start < free then
      return false
    end
    free = change.start + change.count
    shifts = shifts + (change.count ~= change.removed and 1 or 0)
  end
  return shifts >= MERGE_FROM
end

return M
