--- Small things kept for later sessions: a JSON file each, in Neovim's state folder.
local M = {}

---@param name string
---@return string
local function path_of(name)
  return vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'kubectl-live', name .. '.json')
end

--- What the file has; nil where there is none or it cannot be read.
---@param name string
---@return any
function M.read(name)
  local ok, text = pcall(vim.fn.readblob, path_of(name))
  local decoded, value = pcall(vim.json.decode, ok and text or '', { luanil = { object = true, array = true } })
  return decoded and value or nil
end

--- Replaces the file as a whole; nobody else may read what one looks for.
---@param name string
---@param value any
function M.write(name, value)
  local path = path_of(name)
  local made = vim.fn.mkdir(vim.fs.dirname(path), 'p', '0700') == 1
  local draft = ('%s.%d'):format(path, vim.uv.os_getpid())
  local handle = made and vim.uv.fs_open(draft, 'w', tonumber('600', 8))
  if not handle then
    return
  end
  local written = vim.uv.fs_write(handle, vim.json.encode(value))
  vim.uv.fs_close(handle)
  if written then
    vim.uv.fs_rename(draft, path)
  end
end

return M
