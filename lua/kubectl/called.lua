--- Names of buffers that are objects: a buffer is called by its object, whatever renames it.
local api = vim.api
local M = {}

--- Buffers that nobody reads: `:bdelete` and renaming leave them, and their names cannot be given to another one.
---@param name string
---@param buf integer  not this one
local function free_name(name, buf)
  for _, each in ipairs(name ~= '' and api.nvim_list_bufs() or {}) do
    if each ~= buf and api.nvim_buf_get_name(each) == name and not api.nvim_buf_is_loaded(each) then
      pcall(api.nvim_buf_delete, each, { force = true })
    end
  end
end

--- Calls the buffer by the name of its object. Neovim keeps an empty buffer for the old name, which goes.
---@param object kubectl.Object
---@param name string
function M.set(object, name)
  local buf, old = object.buf, api.nvim_buf_get_name(object.buf)
  if name ~= old then
    free_name(name, buf)
    if not pcall(api.nvim_buf_set_name, buf, name) then
      pcall(api.nvim_buf_set_name, buf, name .. '#' .. object.id)
    end
    free_name(old, buf)
  end
  object.called = api.nvim_buf_get_name(buf)
end

--- `:saveas` and `:file` have given the buffer another name: it is still its object.
---@param object kubectl.Object
---@return string? other  the name that was given
function M.restore(object)
  local now = api.nvim_buf_get_name(object.buf)
  if object.called and now ~= object.called then
    M.set(object, object.called)
    return now
  end
end

return M
