--- Texts that must not reach a disk: what of them Neovim keeps elsewhere.
local api = vim.api
local M = {}

local group = api.nvim_create_augroup('kubectl.private', {})

--- What was yanked or deleted in any of them.
---@type table<string, true>
local yanked = {}

--- What was yanked from a text that must not reach a disk does not stay in the registers that are written to one.
---@param buf integer
function M.keep(buf)
  api.nvim_clear_autocmds({ group = group, buffer = buf })
  api.nvim_create_autocmd('TextYankPost', {
    group = group,
    buffer = buf,
    callback = function()
      -- Every one: what was deleted before is in the numbered registers.
      yanked[vim.trim(table.concat(vim.v.event.regcontents, '\n'))] = true
    end,
  })
end

api.nvim_create_autocmd('VimLeavePre', {
  group = group,
  callback = function()
    for name in ('"0123456789-abcdefghijklmnopqrstuvwxyz'):gmatch('.') do
      if yanked[vim.trim(vim.fn.getreg(name))] then
        vim.fn.setreg(name, '')
      end
    end
  end,
})

return M
