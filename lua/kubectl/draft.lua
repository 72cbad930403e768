--- Lines and marks of a buffer that holds an object's text: takes the text on, shows what differs from the server's,
--- folds what few want to read, puts problems on their lines. The only file that sets lines of such buffers.
local private = require('kubectl.private')

local api = vim.api
local M = {}

local signs = api.nvim_create_namespace('kubectl.draft.signs')
local news = api.nvim_create_namespace('kubectl.draft.news')
local problems = api.nvim_create_namespace('kubectl.draft.problems')

--- What others changed stands out this long.
local NEWS_MS = 3000

---@param text string
---@return string[]
local function lines_of(text)
  return vim.split(text, '\n', { plain = true })
end

---@param buf integer
---@return string
function M.text(buf)
  return table.concat(api.nvim_buf_get_lines(buf, 0, -1, false), '\n') .. '\n'
end

--- Hunks that make `after` of `before`: { line, count, line, count }, 1-based.
---@param before string
---@param after string
---@return integer[][]
local function hunks(before, after)
  local found = vim.diff(before, after, { result_type = 'indices', algorithm = 'histogram' })
  return found --[[@as integer[][] ]]
end

---@param buf integer
---@param from integer 1-based
---@param count integer
local function announce(buf, from, count)
  for line = from, from + count - 1 do
    api.nvim_buf_set_extmark(buf, news, line - 1, 0, { line_hl_group = 'KubectlChanged', strict = false })
  end
  vim.defer_fn(function()
    if api.nvim_buf_is_valid(buf) then
      api.nvim_buf_clear_namespace(buf, news, 0, -1)
    end
  end, NEWS_MS)
end

---@param buf integer
---@param found integer[][]
---@param lines string[]
local function put(buf, found, lines)
  for index = #found, 1, -1 do
    local start, count, to, added = unpack(found[index])
    local from = count == 0 and start or start - 1
    api.nvim_buf_set_lines(buf, from, from + count, false, vim.list_slice(lines, to, to + added - 1))
  end
end

--- What becomes of `u` where a text is taken on:
--- `none`  there is nothing to undo: what others do is not the user's to take back
--- `join`  it goes back to before the last change of the user, and what came since goes with it
--- `own`   this is a change of the user's wish, and is taken back by itself
---@alias kubectl.Undo 'none'|'join'|'own'

--- Takes a text on, only where it differs, so that cursors, marks and folds elsewhere stay where they are.
---@param buf integer
---@param text string
---@param undo kubectl.Undo
---@param first boolean  it is the buffer's first text: nothing of it is news
function M.take(buf, text, undo, first)
  local before, after = M.text(buf), text .. '\n'
  local lines = lines_of(text)
  local options = vim.bo[buf]
  local modifiable, levels = options.modifiable, options.undolevels
  options.modifiable = true
  local found = hunks(before, after)
  api.nvim_buf_call(buf, function()
    if undo == 'none' then
      options.undolevels = -1
    elseif undo == 'join' and #found > 0 then
      -- Right after `u` nothing can be joined (E790); then it is a change by itself.
      pcall(vim.cmd.undojoin)
    end
    put(buf, found, lines)
    if undo == 'none' then
      options.undolevels = levels
    end
  end)
  for _, hunk in ipairs(first and {} or found) do
    announce(buf, math.max(1, hunk[3]), math.max(1, hunk[4]))
  end
  options.modifiable, options.modified = modifiable, false
end

--- Whether there is anything to undo: the user has changed it since it was opened. `seq_last` counts on where a text
--- took the place of a message, also what cannot be undone any more.
---@param buf integer
---@return boolean
function M.is_touched(buf)
  return #api.nvim_buf_call(buf, vim.fn.undotree).entries > 0
end

--- `u` to what was there before `:w` makes Neovim say that nothing is changed: it compares with the file as it was when
--- the change was made. Then the next text of the server would take the place of what the user has.
---@param buf integer
---@param latest { text: string }?  what the buffer has unless it was changed
function M.notice(buf, latest)
  if latest and not vim.bo[buf].modified and M.text(buf) ~= latest.text .. '\n' then
    vim.bo[buf].modified = true
  end
end

--- Marks the lines that differ from the server's text.
---@param buf integer
---@param server string
---@return integer count
function M.mark(buf, server)
  api.nvim_buf_clear_namespace(buf, signs, 0, -1)
  local last = api.nvim_buf_line_count(buf)
  local found = hunks(server .. '\n', M.text(buf))
  for _, hunk in ipairs(found) do
    local from, count = hunk[3], hunk[4]
    local gone = count == 0
    for line = math.max(1, from), math.min(last, math.max(1, from) + math.max(1, count) - 1) do
      api.nvim_buf_set_extmark(buf, signs, line - 1, 0, {
        sign_text = gone and '▁' or '┃',
        sign_hl_group = gone and 'KubectlError' or 'KubectlPending',
        strict = false,
      })
    end
  end
  return #found
end

---@param win integer
---@param folds integer[][]
function M.fold(win, folds)
  api.nvim_win_call(win, function()
    vim.wo[win][0].foldmethod = 'manual'
    vim.wo[win][0].foldenable = true
    pcall(vim.cmd.normal, { 'zE', bang = true })
    local last = api.nvim_buf_line_count(0)
    for _, range in ipairs(folds) do
      if range[2] < last then
        api.nvim_cmd({ cmd = 'fold', range = { range[1] + 1, range[2] + 1 } }, {})
      end
    end
  end)
end

--- Puts what is wrong on its lines.
---@param buf integer
---@param found kubectl.TextProblem[]
function M.complain(buf, found)
  local last = api.nvim_buf_line_count(buf) - 1
  local list = vim.tbl_map(function(problem)
    local line = math.min(problem.line, last)
    local text = api.nvim_buf_get_lines(buf, line, line + 1, false)[1] or ''
    local ok, column = pcall(vim.str_byteindex, text, problem.column, true)
    return {
      lnum = line,
      col = ok and column or 0,
      end_col = #text,
      message = problem.message,
      severity = vim.diagnostic.severity[problem.severity == 'error' and 'ERROR' or 'WARN'],
      source = 'kubectl',
    }
  end, found)
  vim.diagnostic.set(problems, buf, list)
end

---@param buf integer
function M.calm(buf)
  vim.diagnostic.reset(problems, buf)
end

--- A text beside another one in a tab of their own, both in diff mode; closing it ends the comparison.
---@param left { title: string, text: string }
---@param right { title: string, text: string }|integer  a buffer, or a text
---@param more { title: string, text: string }?
---@param masked boolean  they must not reach a disk
function M.compare(left, right, more, masked)
  local function scratch(side)
    local buf = api.nvim_create_buf(false, true)
    if masked then
      private.keep(buf)
    end
    api.nvim_buf_set_lines(buf, 0, -1, false, lines_of((side.text:gsub('\n$', ''))))
    local options = vim.bo[buf]
    options.filetype, options.modifiable, options.bufhidden = 'yaml', false, 'wipe'
    pcall(api.nvim_buf_set_name, buf, ('kubectl-diff://%s/%d'):format(side.title, buf))
    return buf
  end
  local function show(buf, title)
    api.nvim_win_set_buf(0, buf)
    vim.cmd.diffthis()
    vim.wo[0][0].winbar = ' ' .. title:gsub('%%', '%%%%')
  end
  vim.cmd.tabnew()
  local empty = api.nvim_get_current_buf()
  show(scratch(left), left.title)
  vim.cmd('rightbelow vsplit')
  show(type(right) == 'number' and right or scratch(right), type(right) == 'number' and 'yours' or right.title)
  local middle = api.nvim_get_current_win()
  if more then
    vim.cmd('rightbelow vsplit')
    show(scratch(more), more.title)
    api.nvim_set_current_win(middle)
  end
  if empty ~= api.nvim_get_current_buf() and api.nvim_buf_get_name(empty) == '' then
    pcall(api.nvim_buf_delete, empty, {})
  end
end

return M
