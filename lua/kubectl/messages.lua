--- What the backend says, made fit for Lua: absent is nil, and a frame that is none becomes one that does not fit.
local M = {}

--- The same complaint is made once in this time, in ms: what goes wrong thirty times a second is one mistake.
local QUIET = 60000

---@type table<string, integer>
local complained = {}

--- Whether it is time to complain about something.
---@param what string
---@return boolean
function M.worth_saying(what)
  local now = vim.uv.now()
  if complained[what] and now - complained[what] < QUIET then
    return false
  end
  complained[what] = now
  return true
end

--- JavaScript's null and undefined arrive as vim.NIL; here absent is nil.
---@param value any
---@return any
function M.without_null(value)
  if value == vim.NIL then
    return nil
  end
  if type(value) == 'table' then
    for key, member in pairs(value) do
      if member == vim.NIL then
        value[key] = nil
      elseif type(member) == 'table' then
        M.without_null(member)
      end
    end
  end
  return value
end

---@param value any
---@param least integer
---@return boolean
local function is_count(value, least)
  return type(value) == 'number' and value >= least and value % 1 == 0 and value < 2 ^ 31
end

---@param splice any
---@return boolean
local function is_splice(splice)
  return type(splice) == 'table'
    and is_count(splice.start, 0)
    and is_count(splice.removed, -1)
    and is_count(splice.count, 0)
    and type(splice.text) == 'string'
    and type(splice.codes) == 'string'
    and type(splice.keys) == 'string'
end

---@param frame table
---@return boolean
local function is_frame(frame)
  local whole = type(frame.gen) == 'number' and type(frame.seq) == 'number' and is_count(frame.total, 0)
  if not whole or type(frame.splices) ~= 'table' or not vim.islist(frame.splices) then
    return false
  end
  for _, splice in ipairs(frame.splices) do
    if not is_splice(splice) then
      return false
    end
  end
  return true
end

--- A frame as it came; one that nobody can apply as one that fits no buffer, so that the whole view is asked for.
---@param frame table
---@return table
function M.frame(frame)
  if is_frame(frame) then
    return frame
  end
  local nowhere = { start = 2 ^ 31 - 2, removed = 0, count = 0, text = '', codes = '', keys = '' }
  return { type = 'frame', view = frame.view, gen = math.huge, seq = 0, splices = { nowhere }, total = 0 }
end

return M
