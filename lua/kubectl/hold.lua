--- Frames that would move rows while keys are pending. An operator that waits for its motion has noted a line number
--- (`y`, a frame, `j` would yank other rows), and so has what asks for a key: labels to jump to, a menu. Such frames
--- wait until the keys are complete; frames that leave every object on its line do not.
local api = vim.api
local M = {}

--- How long rows stand still at most for keys that do not come, in ms.
local PATIENCE = 2000

---@type { fn: fun(), since: integer }[]
local held = {}
---@type uv.uv_timer_t?
local timer

--- 'o': an operator or a register waits for what it is for; 'S': a key is asked for, or goes to a terminal.
---@return string
local function pending()
  return api.nvim_get_mode().mode:sub(1, 1) ~= 't' and vim.fn.state('oS') or ''
end

---@param keys string[]
---@param splices kubectl.Splice[]
---@return boolean
local function moves(keys, splices)
  for _, splice in ipairs(splices) do
    if splice.removed ~= splice.count then
      return true
    end
    local shown = table.concat(keys, '\n', splice.start + 1, math.min(#keys, splice.start + splice.count))
    if shown ~= splice.keys then
      return true
    end
  end
  return false
end

local function let_go()
  if timer then
    timer:stop()
    timer:close()
    timer = nil
  end
  local ready = held
  held = {}
  for _, each in ipairs(ready) do
    each.fn()
  end
end

local function look()
  if #held == 0 then
    return
  end
  local why = pending()
  if why ~= '' and vim.uv.now() - held[1].since < PATIENCE then
    return
  end
  if why:find('o', 1, true) and api.nvim_get_mode().mode:sub(1, 2) == 'no' then
    -- Its line is no longer what it was: the operator is given up rather than applied to another row.
    api.nvim_feedkeys(vim.keycode('<Esc>'), 'n', false)
  end
  let_go()
end

--- Runs `fn`, which applies splices to lines with these keys: now, or as soon as no key is pending. In order.
---@param keys string[]
---@param splices kubectl.Splice[]
---@param fn fun()
function M.when_safe(keys, splices, fn)
  if #held == 0 and (pending() == '' or not moves(keys, splices)) then
    return fn()
  end
  table.insert(held, { fn = fn, since = vim.uv.now() })
  if not timer then
    timer = assert(vim.uv.new_timer())
    timer:start(20, 20, vim.schedule_wrap(look))
  end
end

return M
