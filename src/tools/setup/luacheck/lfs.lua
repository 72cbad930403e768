--- As much of LuaFileSystem as luacheck uses, over Neovim's libuv.
local uv = vim.uv or vim.loop
local M = { _VERSION = 'LuaFileSystem over libuv' }

function M.attributes(path, name)
  local stat, message = uv.fs_stat(path)
  if not stat then
    return nil, message
  end
  local attributes = { mode = stat.type, modification = stat.mtime.sec, size = stat.size }
  if name then
    return attributes[name]
  end
  return attributes
end

function M.dir(path)
  local handle = assert(uv.fs_scandir(path))
  return function()
    return (uv.fs_scandir_next(handle))
  end
end

function M.mkdir(path)
  return uv.fs_mkdir(path, 493)
end

M.currentdir = uv.cwd

return M
