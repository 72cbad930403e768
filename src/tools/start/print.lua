-- `npm start -- --print VIEW`: opens one table in an editor without a screen and writes it to stdout.
local here = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
local root = vim.fs.normalize(here .. '/../../..')
local view = vim.env.KUBECTL_LIVE_PRINT or 'pods'
local deadline = 60000

vim.opt.runtimepath:prepend(root)
-- Wide enough that no line is cut.
vim.o.columns = 400
vim.o.lines = 60

local function fail(message)
  io.stderr:write('--print ' .. view .. ': ' .. message .. '\n')
  vim.cmd('cquit')
end

--- What the current window's winbar or statusline says.
local function evaluated(option)
  local format = vim.wo[option]
  if format == '' then
    return nil
  end
  local options = { winid = 0, maxwidth = vim.o.columns, use_winbar = option == 'winbar' }
  return vim.api.nvim_eval_statusline(format, options).str
end

local function write()
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  table.insert(lines, 1, evaluated('winbar'))
  for _, line in ipairs(lines) do
    io.stdout:write((line:gsub('%s+$', '')), '\n')
  end
  io.stdout:flush()
end

local function run()
  local loaded = false
  vim.api.nvim_create_autocmd('User', {
    pattern = 'K8sDataLoaded',
    callback = function()
      loaded = true
    end,
  })
  vim.cmd('Kubectl get ' .. view .. ' -A')
  if not vim.wait(deadline, function()
    return loaded
  end, 20) then
    local state = vim.trim((evaluated('statusline') or ''):gsub('%s%s+', '  '))
    fail('no data within ' .. deadline / 1000 .. ' s: ' .. state .. vim.fn.execute('messages'))
    return
  end
  write()
  vim.cmd('qall!')
end

vim.api.nvim_create_autocmd('VimEnter', {
  once = true,
  callback = function()
    local ok, message = pcall(run)
    if not ok then
      fail(message)
    end
  end,
})
