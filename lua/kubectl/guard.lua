--- Guards: how careful contexts are handled. The rules are the user's, the backend holds to them; here are their
--- words and their colours.
local config = require('kubectl.config')
local highlight = require('kubectl.highlight')

local M = {}

M.modes = { 'open', 'typed', 'read-only' }

---@class (exact) kubectl.ContextGuard
---@field mode 'open'|'typed'|'read-only'
---@field colour string?

local words = { ['read-only'] = 'read-only', typed = 'guarded' }

local meanings = {
  open = 'open (a change is made after y)',
  typed = 'typed (a change wants a name typed)',
  ['read-only'] = 'read-only (no change is made, only dry runs)',
}

---@param mode 'open'|'typed'|'read-only'
---@return string
function M.meaning(mode)
  return meanings[mode]
end

--- What the backend said of contexts.
---@type table<string, kubectl.ContextGuard>
local known = {}
--- Chosen with `:Kubectl guard`; kept when the backend ends.
---@type table<string, string>
local chosen = {}

--- Every rule, as the backend takes them.
---@return kubectl.GuardRule[]
function M.rules()
  local rules = {}
  for pattern, guard in pairs(config.get().guards) do
    local name = pattern:gsub('[*?]', '')
    if not (chosen[pattern] and name == pattern) then
      table.insert(rules, { pattern = pattern, mode = guard.mode, colour = guard.colour })
    end
  end
  for context, mode in pairs(chosen) do
    local own = config.get().guards[context] or known[context]
    table.insert(rules, { pattern = context, mode = mode, colour = own and own.colour })
  end
  return rules
end

--- Chooses how one context is handled until Neovim ends.
---@param context string
---@param mode 'open'|'typed'|'read-only'
function M.choose(context, mode)
  chosen[context] = mode
end

---@param message { context: string, mode: 'open'|'typed'|'read-only', colour: string? }
function M.note(message)
  known[message.context] = { mode = message.mode, colour = message.colour }
end

---@param context string
---@return kubectl.ContextGuard
function M.of(context)
  return known[context] or { mode = 'open' }
end

--- A highlight group for a colour of the user's: a group of theirs, or one made of #rrggbb.
---@param colour string
---@return string
local function group(colour)
  local hex = colour:match('^#(%x%x%x%x%x%x)$')
  if not hex then
    return colour
  end
  local name = 'KubectlGuard_' .. hex:lower()
  local red, green, blue = tonumber(hex:sub(1, 2), 16), tonumber(hex:sub(3, 4), 16), tonumber(hex:sub(5, 6), 16)
  -- Black or white, whichever can be read on it (ITU-R BT.601).
  local ink = (red * 299 + green * 587 + blue * 114) / 1000 > 140 and '#000000' or '#ffffff'
  vim.api.nvim_set_hl(0, name, { bg = colour, fg = ink, bold = true, default = true })
  return name
end

--- What stands before the title of a view in a float: nil where nothing is guarded.
---@param context string?
---@return string[]?  text and its highlight group
function M.mark(context)
  local guard = context and known[context]
  if not guard or guard.mode == 'open' and not guard.colour then
    return
  end
  highlight.ensure()
  local own = guard.mode == 'read-only' and 'KubectlReadOnly' or 'KubectlGuarded'
  return { ' ' .. (words[guard.mode] or context) .. ' ', guard.colour and group(guard.colour) or own }
end

--- The same as a statusline: '' where nothing is guarded.
---@param context string?
---@return string badge
---@return integer width  in cells
function M.badge(context)
  local mark = M.mark(context)
  if not mark then
    return '', 0
  end
  return ('%%#%s#%s%%*'):format(mark[2], (mark[1]:gsub('%%', '%%%%'))), vim.fn.strdisplaywidth(mark[1])
end

return M
