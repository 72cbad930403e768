--- Lines and marks of a table that is edited: which line is which object, what happened to it, what is wrong with it.
--- The only file that sets lines of such buffers.
---
--- A line is its object's by an extmark from its first column over its line break. Positions alone tell what became of
--- it: an empty range is a deleted line, one that ends at the next line's beginning is its line. (Neovim 0.10 and 0.11
--- do not keep `invalid` right through undo.) Anything else (joined, split, pasted) is nobody's line: it is complained
--- about, and nothing is written.
local api = vim.api
local M = {}

local rows = api.nvim_create_namespace('kubectl.lines.rows')
local changes = api.nvim_create_namespace('kubectl.lines.changes')
local news = api.nvim_create_namespace('kubectl.lines.news')
local problems = api.nvim_create_namespace('kubectl.lines.problems')

-- What is wrong with a row is read beside it, also where diagnostics are not shown that way elsewhere.
local under = vim.fn.has('nvim-0.11') == 1
vim.diagnostic.config({ virtual_lines = under, virtual_text = not under }, problems)

---@class (exact) kubectl.Lines
---@field buf integer
---@field keys table<integer, string>      extmark → key
---@field base table<string, string>       key → the text its object is as
---@field news table<string, { state: string, note: string }>

---@class (exact) kubectl.LinesNow
---@field at table<string, integer>        key → its line, 0-based
---@field texts table<string, string>
---@field deleted string[]
---@field graves table<string, integer>    key → where its line was
---@field strange { line: integer, message: string }[]

--- Fills a buffer, once: there is nothing to undo before it.
---@param buf integer
---@param list { key: string, text: string }[]
---@return kubectl.Lines
function M.fill(buf, list)
  local options = vim.bo[buf]
  local undo = options.undolevels
  options.undolevels = -1
  local texts = vim.tbl_map(function(each)
    return each.text
  end, list)
  api.nvim_buf_set_lines(buf, 0, -1, false, texts)
  options.undolevels, options.modified = undo, false
  local lines = { buf = buf, keys = {}, base = {}, news = {} }
  for index, each in ipairs(list) do
    local id = api.nvim_buf_set_extmark(buf, rows, index - 1, 0, { end_row = index, end_col = 0, strict = false })
    lines.keys[id], lines.base[each.key] = each.key, each.text
  end
  return lines
end

--- Where each object's line is now, and which lines are nobody's.
---@param lines kubectl.Lines
---@return kubectl.LinesNow
function M.read(lines)
  local texts = api.nvim_buf_get_lines(lines.buf, 0, -1, false)
  local now = { at = {}, texts = {}, deleted = {}, graves = {}, strange = {} }
  local owner, seen = {}, {}
  local function complain(line, message)
    table.insert(now.strange, { line = math.max(0, math.min(line, #texts - 1)), message = message })
  end
  for _, mark in ipairs(api.nvim_buf_get_extmarks(lines.buf, rows, 0, -1, { details = true })) do
    local key, row, col = lines.keys[mark[1]], mark[2], mark[3]
    local end_row, end_col = mark[4].end_row or row, mark[4].end_col or col
    seen[key] = true
    if row >= #texts or (row == end_row and col == end_col) then
      table.insert(now.deleted, key)
      now.graves[key] = math.min(row, #texts - 1)
    elseif end_row == row + 1 and end_col == 0 and not owner[row] then
      owner[row], now.at[key], now.texts[key] = key, row, texts[row + 1]
    else
      complain(row, 'The line of an object was joined, split or put back by hand: u takes it back.')
    end
  end
  for _, key in pairs(lines.keys) do
    if not seen[key] then
      complain(0, 'A line is not known any more: :e! gives back the table.')
    end
  end
  for index, text in ipairs(texts) do
    if not owner[index - 1] and vim.trim(text) ~= '' then
      complain(index - 1, 'This line is no object of this table: u takes it back.')
    end
  end
  return now
end

--- Lines whose text is not what their object is as.
---@param lines kubectl.Lines
---@param now kubectl.LinesNow
---@return { key: string, text: string }[] changed  in the order of the lines
function M.changed(lines, now)
  local changed = {}
  for key, text in pairs(now.texts) do
    if text ~= lines.base[key] then
      table.insert(changed, { key = key, text = text })
    end
  end
  table.sort(changed, function(left, right)
    return now.at[left.key] < now.at[right.key]
  end)
  return changed
end

--- These are written: their text, or that they are gone, is no change any more.
---@param lines kubectl.Lines
---@param keys string[]
---@param now kubectl.LinesNow  what was written
function M.settle(lines, keys, now)
  for _, key in ipairs(keys) do
    if now.texts[key] then
      lines.base[key] = now.texts[key]
    elseif lines.base[key] then
      lines.base[key] = nil
      lines.news[key] = { state = 'gone', note = 'is gone: deleted from here' }
    end
  end
end

---@param lines kubectl.Lines
---@param row integer
---@param text string
---@param style string
local function note(lines, row, text, style)
  api.nvim_buf_set_extmark(lines.buf, news, row, 0, {
    virt_text = { { '  ' .. text, style } },
    virt_text_pos = 'eol',
    sign_text = '!',
    sign_hl_group = style,
    priority = 200,
    undo_restore = false,
  })
end

--- Signs on lines that were changed here, and on those whose objects changed meanwhile.
---@param lines kubectl.Lines
---@param now kubectl.LinesNow
function M.mark(lines, now)
  api.nvim_buf_clear_namespace(lines.buf, changes, 0, -1)
  api.nvim_buf_clear_namespace(lines.buf, news, 0, -1)
  for _, each in ipairs(M.changed(lines, now)) do
    local options = { sign_text = '┃', sign_hl_group = 'KubectlPending', undo_restore = false }
    api.nvim_buf_set_extmark(lines.buf, changes, now.at[each.key], 0, options)
  end
  for key, each in pairs(lines.news) do
    if now.at[key] then
      local style = each.state == 'gone' and 'KubectlError' or 'KubectlWarning'
      note(lines, now.at[key], each.note, style)
    end
  end
end

---@param lines kubectl.Lines
---@param found { line: integer, message: string }[]
function M.complain(lines, found)
  local list = vim.tbl_map(function(each)
    local text = api.nvim_buf_get_lines(lines.buf, each.line, each.line + 1, false)[1] or ''
    return {
      lnum = each.line,
      col = 0,
      end_col = #text,
      message = each.message,
      severity = vim.diagnostic.severity.ERROR,
      source = 'kubectl',
    }
  end, found)
  vim.diagnostic.set(problems, lines.buf, list)
end

--- Changes of a line take what was said about it with them.
---@param buf integer
function M.calm(buf)
  vim.diagnostic.reset(problems, buf)
end

return M
