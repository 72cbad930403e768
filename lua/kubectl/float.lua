--- Colours of texts in floats that stay as they are; `codes` as in frames.
local spans = require('kubectl.spans')

local api = vim.api
local M = {}

local namespace = api.nvim_create_namespace('kubectl.float')

---@param buf integer
---@param codes string[]  one for each line
function M.paint(buf, codes)
  for line, code in ipairs(codes) do
    local found = spans.of(code)
    for index = 1, #found, 3 do
      api.nvim_buf_set_extmark(buf, namespace, line - 1, found[index], {
        end_col = found[index + 1],
        hl_group = found[index + 2],
        strict = false,
      })
    end
  end
end

return M
