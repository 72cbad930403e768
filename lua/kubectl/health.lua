--- `:checkhealth kubectl`. The backend is asked without waiting: its part appears when it has answered.
local M = {}

---@type { sections: table[]?, problem: kubectl.WireError?, at: integer }?
local answer
local asking = false

--- How long an answer is shown again before the backend is asked anew, in ms.
local FRESH = 3000

---@return boolean
local function is_shown()
  return vim.bo.filetype == 'checkhealth'
end

local function ask()
  asking = true
  require('kubectl').health(function(sections, problem)
    asking = false
    answer = { sections = sections, problem = problem, at = vim.uv.now() }
    if is_shown() then
      vim.cmd('checkhealth kubectl')
    end
  end)
end

local function neovim()
  vim.health.start('Neovim')
  local now = vim.version()
  local version = ('%d.%d.%d'):format(now.major, now.minor, now.patch)
  if vim.fn.has('nvim-0.10') == 1 then
    vim.health.ok('Neovim ' .. version)
  else
    vim.health.error('Neovim ' .. version .. ' is too old', 'Install Neovim 0.10 or newer.')
  end
end

local function node()
  vim.health.start('Node')
  local status = require('kubectl').status()
  if not status.node then
    vim.health.error('Node was not found', {
      'Install Node 22.19 or newer, or name it with `node` in setup().',
      ('Looked for: `node` of setup(), %s/node_modules/.bin/node, node on PATH.'):format(status.root),
    })
  else
    vim.health.ok(('%s (%s)'):format(status.node, status.node_source))
  end
  if status.backend.hello then
    vim.health.ok('Version ' .. status.backend.hello.node)
  end
end

local function backend()
  vim.health.start('Backend')
  local status = require('kubectl').status()
  if not vim.uv.fs_stat(status.script) then
    vim.health.error(status.script .. ' does not exist', 'Run `npm run setup` in ' .. status.root)
  end
  local known = status.backend
  if known.hello then
    local text = 'Version %s, process %d, ready in %.0f ms'
    vim.health.ok(text:format(known.hello.version, known.hello.pid, known.ready_ms))
  elseif known.ended then
    vim.health.error('It ended: ' .. known.ended)
  end
  if table.concat(known.stderr) ~= '' then
    vim.health.info('It last said:\n' .. table.concat(known.stderr, '\n'))
  end
  local messages = require('kubectl.report').history
  if #messages > 0 then
    vim.health.info('Last messages:\n' .. table.concat(messages, '\n'))
  end
end

---@param section { title: string, items: kubectl.HealthItem[] }
local function render(section)
  vim.health.start(section.title)
  for _, item in ipairs(section.items) do
    if item.level == 'ok' or item.level == 'info' then
      local advice = item.advice and #item.advice > 0 and '\n' .. table.concat(item.advice, '\n') or ''
      vim.health[item.level](item.text .. advice)
    else
      vim.health[item.level](item.text, item.advice)
    end
  end
end

function M.check()
  neovim()
  node()
  local fresh = answer and vim.uv.now() - answer.at < FRESH
  if not fresh and not asking then
    ask()
  end
  backend()
  if not answer or not fresh then
    return vim.health.info('Asking the backend; its findings appear here when it answers.')
  end
  if answer.problem then
    vim.health.error(answer.problem.message, answer.problem.hint)
  end
  for _, section in ipairs(answer.sections or {}) do
    render(section)
  end
end

return M
