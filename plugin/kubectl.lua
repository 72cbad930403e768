-- Commands and maps. Nothing is loaded before one of them is used.
if vim.g.loaded_kubectl then
  return
end
vim.g.loaded_kubectl = true

local function call(name)
  return function(...)
    return require('kubectl.command')[name](...)
  end
end

local command = vim.api.nvim_create_user_command
for _, name in ipairs({ 'Kubectl', 'K' }) do
  command(name, call('kubectl'), { nargs = '*', complete = call('complete_kubectl'), desc = 'Kubernetes, live' })
end
command('Kubectx', call('kubectx'), { nargs = '?', complete = call('complete_contexts'), desc = 'Use a context' })
command('Kubens', call('kubens'), { nargs = '?', complete = call('complete_namespaces'), desc = 'Use namespaces' })

local map = vim.keymap.set
map('n', '<Plug>(kubectl.open)', function()
  require('kubectl').open()
end, { desc = 'kubectl: open the default table' })
map('n', '<Plug>(kubectl.toggle)', function()
  require('kubectl').toggle()
end, { desc = 'kubectl: open or close' })
map('n', '<Plug>(kubectl.toggle_tab)', function()
  require('kubectl').toggle({ tab = true })
end, { desc = 'kubectl: open in a tab or close' })
map('n', '<Plug>(kubectl.close)', function()
  require('kubectl').close()
end, { desc = 'kubectl: close all views' })

local group = vim.api.nvim_create_augroup('kubectl', {})
vim.api.nvim_create_autocmd('BufReadCmd', {
  group = group,
  pattern = 'kubectl://*',
  callback = function(event)
    require('kubectl.command').read(event.buf)
  end,
})

-- A session file names buffers that have no file, and does not read them.
vim.api.nvim_create_autocmd('SessionLoadPost', {
  group = group,
  callback = function()
    for _, win in ipairs(vim.api.nvim_list_wins()) do
      local buf = vim.api.nvim_win_get_buf(win)
      local more = vim.api.nvim_buf_get_name(buf):match('^kubectl://[^?]+%??(.*)$')
      -- Of a table's query, or its number; other texts than objects have their kind there: `?describe`.
      if more and (more == '' or more:match('^%d+$') or more:match('^%a+=')) then
        require('kubectl.command').read(buf)
      end
    end
  end,
})
