--- The one door to `vim.notify`.
local M = {}

---@param level integer
---@param text string
---@param hint string?
local function say(level, text, hint)
  if hint and hint ~= '' then
    text = text .. '\n' .. hint
  end
  vim.schedule(function()
    vim.notify(text, level, { title = 'kubectl' })
  end)
end

---@param text string
---@param hint string?
function M.info(text, hint)
  say(vim.log.levels.INFO, text, hint)
end

---@param text string
---@param hint string?
function M.warn(text, hint)
  say(vim.log.levels.WARN, text, hint)
end

---@param text string
---@param hint string?
function M.error(text, hint)
  say(vim.log.levels.ERROR, text, hint)
end

--- A reply that failed, in the backend's words.
---@param err kubectl.WireError
function M.failure(err)
  if err.code ~= 'cancelled' then
    say(vim.log.levels.ERROR, err.message, err.hint)
  end
end

--- A mistake of the plugin's own, with the place it happened.
---@param where string
---@param trace string
function M.bug(where, trace)
  say(vim.log.levels.ERROR, ('kubectl: %s failed, which is a bug in the plugin:\n%s'):format(where, trace))
end

return M
