--- Dashboards: programs of the backend that paint into a terminal in a float. Keys go to them from normal mode, so
--- `:` and `<C-w>` stay the editor's.
local highlight = require('kubectl.highlight')
local host = require('kubectl.host')
local report = require('kubectl.report')
local window = require('kubectl.window')

local api = vim.api
local M = {}

---@class (exact) kubectl.Dashboard
---@field id integer
---@field name string
---@field args table<string, string>
---@field buf integer
---@field win integer
---@field channel integer
---@field columns integer
---@field rows integer

---@type table<integer, kubectl.Dashboard>
local dashboards = {}
local last_id = 0

--- What terminals send for keys that are no characters.
local special = {
  ['<CR>'] = '\r',
  ['<Tab>'] = '\t',
  ['<S-Tab>'] = '\27[Z',
  ['<Esc>'] = '\27',
  ['<BS>'] = '\127',
  ['<Del>'] = '\27[3~',
  ['<Up>'] = '\27[A',
  ['<Down>'] = '\27[B',
  ['<Right>'] = '\27[C',
  ['<Left>'] = '\27[D',
  ['<Home>'] = '\27[H',
  ['<End>'] = '\27[F',
  ['<PageUp>'] = '\27[5~',
  ['<PageDown>'] = '\27[6~',
  ['<C-d>'] = '\4',
  ['<C-u>'] = '\21',
  ['<Space>'] = ' ',
  ['<lt>'] = '<',
  ['<Bar>'] = '|',
}

---@param id integer
local function close(id)
  local dashboard = dashboards[id]
  if not dashboard then
    return
  end
  dashboards[id] = nil
  host.notify('dashboard.close', { dashboard = id })
  window.close(dashboard.win)
end

---@param dashboard kubectl.Dashboard
local function map_keys(dashboard)
  local function map(lhs, bytes)
    vim.keymap.set('n', lhs, function()
      host.notify('dashboard.key', { dashboard = dashboard.id, keys = bytes })
    end, { buffer = dashboard.buf, nowait = true, silent = true })
  end
  for byte = 33, 126 do
    local char = string.char(byte)
    if char ~= ':' and char ~= '<' and char ~= '|' then
      map(char, char)
    end
  end
  for lhs, bytes in pairs(special) do
    map(lhs, bytes)
  end
  vim.keymap.set('n', '<F4>', function()
    window.toggle_fullscreen(dashboard.win)
  end, { buffer = dashboard.buf, nowait = true })
  vim.keymap.set('n', 'q', function()
    close(dashboard.id)
  end, { buffer = dashboard.buf, nowait = true })
end

---@param dashboard kubectl.Dashboard
local function ask(dashboard)
  local params = {
    dashboard = dashboard.id,
    name = dashboard.name,
    args = next(dashboard.args) and dashboard.args or vim.empty_dict(),
    columns = dashboard.columns,
    rows = dashboard.rows,
    truecolor = vim.o.termguicolors,
    theme = highlight.theme(),
  }
  host.request('dashboard.open', params, function(err, opened)
    if dashboards[dashboard.id] ~= dashboard then
      return
    end
    if err and err.ended then
      -- The float says so and waits for gr.
      return
    end
    if err then
      close(dashboard.id)
      return report.failure(err)
    end
    window.retitle(dashboard.win, opened.title)
  end)
end

--- Follows the float's size.
local function resized()
  for _, dashboard in pairs(dashboards) do
    if api.nvim_win_is_valid(dashboard.win) then
      local columns, rows = api.nvim_win_get_width(dashboard.win), api.nvim_win_get_height(dashboard.win)
      if columns ~= dashboard.columns or rows ~= dashboard.rows then
        dashboard.columns, dashboard.rows = columns, rows
        host.notify('dashboard.resize', { dashboard = dashboard.id, columns = columns, rows = rows })
      end
    end
  end
end

---@param name string
---@param args table<string, string>
function M.open(name, args)
  last_id = last_id + 1
  local id = last_id
  local buf = api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden = 'wipe'
  local win = window.float(buf, { title = name })
  local dashboard = {
    id = id,
    name = name,
    args = args,
    buf = buf,
    win = win,
    channel = 0,
    columns = api.nvim_win_get_width(win),
    rows = api.nvim_win_get_height(win),
  }
  dashboard.channel = api.nvim_open_term(buf, {
    on_input = function(_, _, _, data)
      host.notify('dashboard.key', { dashboard = id, keys = data })
    end,
  })
  vim.bo[buf].scrollback = 1
  vim.bo[buf].filetype = 'k8s_' .. name
  dashboards[id] = dashboard
  map_keys(dashboard)
  api.nvim_create_autocmd('BufWipeout', {
    buffer = buf,
    once = true,
    callback = function()
      if dashboards[id] then
        dashboards[id] = nil
        host.notify('dashboard.close', { dashboard = id })
      end
    end,
  })
  ask(dashboard)
end

--- Closes the dashboard the user is in.
function M.close_current()
  local buf = api.nvim_get_current_buf()
  for id, dashboard in pairs(dashboards) do
    if dashboard.buf == buf then
      return close(id)
    end
  end
end

host.on('terminal', function(message)
  local dashboard = dashboards[message.dashboard]
  if dashboard then
    api.nvim_chan_send(dashboard.channel, message.data)
    host.notify('dashboard.ack', { dashboard = dashboard.id, seq = message.seq })
  end
end)

host.on('dashboard-ended', function(message)
  close(message.dashboard)
  if message.message then
    report.error(message.message)
  end
end)

host.on('ended', function(message)
  for _, dashboard in pairs(dashboards) do
    window.retitle(
      dashboard.win,
      ('%s ─ ✕ backend ended (%s). gr restarts it'):format(dashboard.name, message.reason)
    )
    vim.keymap.del('n', 'g', { buffer = dashboard.buf })
    vim.keymap.set('n', 'gr', function()
      local running, problem, advice = host.ensure()
      if not running then
        report.error('kubectl: ' .. problem, advice)
      end
    end, { buffer = dashboard.buf, nowait = true })
  end
end)

host.on('started', function()
  for _, dashboard in pairs(dashboards) do
    pcall(vim.keymap.del, 'n', 'gr', { buffer = dashboard.buf })
    map_keys(dashboard)
    ask(dashboard)
  end
end)

api.nvim_create_autocmd({ 'WinResized', 'VimResized' }, {
  group = api.nvim_create_augroup('kubectl.terminal', {}),
  callback = function()
    vim.schedule(resized)
  end,
})

return M
