--- Marks of a view's buffer, `a` to `z`: each stays on its object, as cursors do. Neovim moves marks with their lines,
--- but a line that is replaced keeps its mark for another object, and one that moves loses it.
--- Lines are 0-based here.
local api = vim.api
local M = {}

---@class (exact) kubectl.Bookmark
---@field key string     the object it is on
---@field row integer
---@field col integer
---@field lost boolean   the object is not there at the moment, and neither is the mark

---@param sheet kubectl.Sheet
function M.take(sheet)
  local old, found = sheet.bookmarks, {}
  for _, mark in ipairs(vim.fn.getmarklist(sheet.buf)) do
    local name, row = mark.mark:match("^'(%l)$"), mark.pos[2] - 1
    local key = name and sheet.keys[row + 1] or ''
    if key ~= '' then
      found[name] = { key = key, row = row, col = mark.pos[3] - 1, lost = false }
    end
  end
  for name, bookmark in pairs(old) do
    if bookmark.lost and not found[name] then
      found[name] = bookmark
    end
  end
  sheet.bookmarks = found
end

--- A change of the lines is about to be made.
---@param sheet kubectl.Sheet
---@param change { start: integer, removed: integer, count: integer }
function M.shift(sheet, change)
  for _, bookmark in pairs(sheet.bookmarks) do
    if bookmark.row >= change.start + change.removed then
      bookmark.row = bookmark.row + change.count - change.removed
    end
  end
end

--- Adds the objects that are not where their marks are.
---@param sheet kubectl.Sheet
---@param wanted table<string, boolean>  see `seats`
---@return table<string, boolean>
function M.astray(sheet, wanted)
  for _, bookmark in pairs(sheet.bookmarks) do
    if bookmark.lost or sheet.keys[bookmark.row + 1] ~= bookmark.key then
      wanted[bookmark.key] = wanted[bookmark.key] or not bookmark.lost
    end
  end
  return wanted
end

---@param sheet kubectl.Sheet
---@param lines table<string, integer>  of objects that were astray, 1-based
function M.settle(sheet, lines)
  for _, bookmark in pairs(sheet.bookmarks) do
    local line = lines[bookmark.key]
    if line then
      bookmark.row, bookmark.lost = line - 1, false
    elseif sheet.keys[bookmark.row + 1] ~= bookmark.key then
      bookmark.lost = true
    end
  end
end

--- The lines are about to be lost: marks wait for their objects.
---@param sheet kubectl.Sheet
function M.await(sheet)
  for _, bookmark in pairs(sheet.bookmarks) do
    bookmark.lost = true
  end
end

--- Puts the marks where their objects are.
---@param sheet kubectl.Sheet
function M.give(sheet)
  for name, bookmark in pairs(sheet.bookmarks) do
    local at = api.nvim_buf_get_mark(sheet.buf, name)[1]
    if bookmark.lost and at > 0 then
      api.nvim_buf_del_mark(sheet.buf, name)
    elseif not bookmark.lost and at ~= bookmark.row + 1 then
      api.nvim_buf_set_mark(sheet.buf, name, bookmark.row + 1, bookmark.col, {})
    end
  end
end

return M
