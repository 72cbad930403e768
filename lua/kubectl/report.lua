--- The one door to `vim.notify`. Neovim's own `vim.notify` makes the user press a key for every text longer than the
--- command line, which would hold up the tables too: such texts are shown in a corner for a while instead.
local M = {}

--- What was said, the newest last.
---@type string[]
M.history = {}

local KEPT = 100
local shown_for = { [vim.log.levels.INFO] = 4000, [vim.log.levels.WARN] = 6000, [vim.log.levels.ERROR] = 10000 }
local styles = {
  [vim.log.levels.INFO] = 'Normal',
  [vim.log.levels.WARN] = 'DiagnosticWarn',
  [vim.log.levels.ERROR] = 'DiagnosticError',
}

---@type integer?
local corner

local function close_corner()
  if corner and vim.api.nvim_win_is_valid(corner) then
    vim.api.nvim_win_close(corner, true)
  end
  corner = nil
end

---@param text string
---@param width integer
---@return integer
local function height_of(text, width)
  local height = 0
  for _, line in ipairs(vim.split(text, '\n', { plain = true })) do
    height = height + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  return height
end

---@param text string
---@param level integer
local function show_in_corner(text, level)
  close_corner()
  local buf = vim.api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden = 'wipe'
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, vim.split(text, '\n', { plain = true }))
  local width = math.min(72, vim.o.columns - 4)
  local height = math.min(height_of(text, width), math.max(1, vim.o.lines - 6))
  local win = vim.api.nvim_open_win(buf, false, {
    relative = 'editor',
    anchor = 'SE',
    row = vim.o.lines - vim.o.cmdheight - 1,
    col = vim.o.columns,
    width = width,
    height = height,
    style = 'minimal',
    border = 'rounded',
    focusable = false,
    noautocmd = true,
    zindex = 200,
  })
  vim.wo[win].wrap = true
  vim.wo[win].linebreak = true
  vim.wo[win].winhighlight = 'NormalFloat:Normal,FloatBorder:' .. styles[level]
  corner = win
  vim.defer_fn(function()
    if corner == win then
      close_corner()
    end
  end, shown_for[level])
end

--- Neovim compiles its own Lua in: `@vim/…` to 0.11, `?` since.
---@return boolean
local function is_neovims_own()
  local source = debug.getinfo(vim.notify, 'S').source
  return source == '?' or source:find('^@vim/') ~= nil
end

---@param level integer
---@param text string
---@param hint string?
local function say(level, text, hint)
  -- An error of ours while one is reported would stop the editor and ask for a key.
  text = type(text) == 'string' and text or vim.inspect(text)
  if type(hint) == 'string' and hint ~= '' then
    text = text .. '\n' .. hint
  end
  table.insert(M.history, text)
  if #M.history > KEPT then
    table.remove(M.history, 1)
  end
  vim.schedule(function()
    local fits = not text:find('\n', 1, true) and vim.fn.strdisplaywidth(text) < vim.v.echospace
    if is_neovims_own() and not fits then
      return show_in_corner(text, level)
    end
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

--- What stands in the corner is about what is done again now.
function M.outdated()
  close_corner()
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
