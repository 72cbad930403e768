-- The editor of `npm start`: nothing but the plugin, with the table of all pods open.
local here = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
local root = vim.fs.normalize(here .. '/../../..')

vim.opt.runtimepath:prepend(root)
vim.o.termguicolors = true
vim.api.nvim_create_autocmd('VimEnter', {
  once = true,
  callback = function()
    vim.cmd('Kubectl get pods -A')
  end,
})
