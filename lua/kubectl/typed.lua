--- Filters typed before, the newest last: for `<Up>` in the prompt, also in later sessions.
local M = {}

local KEPT = 100

---@type string[]?
local known

---@return string
local function file()
  return vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'kubectl-live', 'filters.json')
end

--- What the file has; other Neovims write it too.
---@return string[]
local function read()
  local ok, text = pcall(vim.fn.readblob, file())
  local decoded, list = pcall(vim.json.decode, ok and text or '')
  return decoded
      and vim.islist(list)
      and vim.tbl_filter(function(each)
        return type(each) == 'string'
      end, list)
    or {}
end

--- Replaces the file as a whole; nobody else may read what one looks for.
---@param list string[]
local function write(list)
  local path = file()
  local made = vim.fn.mkdir(vim.fs.dirname(path), 'p', '0700') == 1
  local draft = ('%s.%d'):format(path, vim.uv.os_getpid())
  local handle = made and vim.uv.fs_open(draft, 'w', tonumber('600', 8))
  if not handle then
    return
  end
  local written = vim.uv.fs_write(handle, vim.json.encode(list))
  vim.uv.fs_close(handle)
  if written then
    vim.uv.fs_rename(draft, path)
  end
end

---@return string[]
function M.list()
  known = known or read()
  return known
end

--- A filter was used.
---@param text string
function M.add(text)
  if text == '' then
    return
  end
  local list = vim.tbl_filter(function(each)
    return each ~= text
  end, read())
  table.insert(list, text)
  known = vim.list_slice(list, math.max(1, #list - KEPT + 1))
  write(known)
end

return M
