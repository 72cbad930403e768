--- Progress of what takes a while, in a float with a key to leave the rest alone.
local buffer = require('kubectl.buffer')
local views = require('kubectl.view')
local window = require('kubectl.window')

local api = vim.api
local M = {}

--- Nothing is shown of what is done at once.
local SHOW_AFTER = 400

---@class (exact) kubectl.RunWatch
---@field title string
---@field since integer  uv.hrtime()
---@field win integer?
---@field buf integer?
---@field hidden boolean

---@type table<integer, kubectl.RunWatch>
local watched = {}

---@param id integer
---@param watch kubectl.RunWatch
local function open_watch(id, watch)
  watch.buf = buffer.create(false)
  vim.bo[watch.buf].bufhidden, vim.bo[watch.buf].filetype = 'wipe', 'k8s_progress'
  watch.win = window.float(watch.buf, { title = watch.title, size = { width = 56, height = 3 } })
  local function map(lhs, fn)
    vim.keymap.set('n', lhs, fn, { buffer = watch.buf, nowait = true, silent = true })
  end
  map('<C-c>', function()
    views.ask_backend('action.cancel', { run = id }, function() end)
  end)
  for _, lhs in ipairs({ 'q', '<Esc>' }) do
    map(lhs, function()
      watch.hidden = true
      window.close(watch.win)
    end)
  end
end

--- Watches something under way: when it takes a while its progress is shown, with a key to cancel the rest.
---@param id integer
---@param title string
---@return { close: fun() }
function M.watch(id, title)
  watched[id] = { title = title, since = vim.uv.hrtime(), hidden = false }
  return {
    close = function()
      local watch = watched[id]
      watched[id] = nil
      if watch.win then
        window.close(watch.win)
      end
    end,
  }
end

--- How far the backend says it is.
---@param message { run: integer, done: integer, total: integer }
function M.note(message)
  local watch = watched[message.run]
  if not watch or watch.hidden or (vim.uv.hrtime() - watch.since) / 1e6 < SHOW_AFTER then
    return
  end
  if not watch.win then
    open_watch(message.run, watch)
  end
  if api.nvim_buf_is_valid(watch.buf) then
    local text = ('  %d of %d done'):format(message.done, message.total)
    buffer.set_page(watch.buf, { text, '', '  [<C-c>] leave the rest alone   [q] hide this' })
  end
end

return M
