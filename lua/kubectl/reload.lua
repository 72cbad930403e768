--- Buffers of views that Neovim empties and wants filled again (`:e`): cursors come back to their objects.
local buffer = require('kubectl.buffer')
local seats = require('kubectl.seats')

local api = vim.api
local M = {}

--- Takes down where cursors are before their lines go.
---@param sheet_of fun(buf: integer): kubectl.Sheet?
function M.listen(sheet_of)
  api.nvim_create_autocmd('BufUnload', {
    group = api.nvim_create_augroup('kubectl.reload', {}),
    pattern = 'kubectl://*',
    callback = function(event)
      local sheet = sheet_of(event.buf)
      if sheet and sheet.size > 0 and api.nvim_buf_line_count(sheet.buf) == sheet.size then
        seats.take(sheet)
      end
    end,
  })
end

--- The buffer is empty: all its lines are asked for.
---@param sheet kubectl.Sheet
function M.refill(sheet)
  buffer.reset(sheet)
  seats.emptied(sheet)
  sheet.mend()
end

return M
