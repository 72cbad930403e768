--- Questions to the user: confirm, form, a one-line prompt. (`picker` chooses from a list.)
local buffer = require('kubectl.buffer')
local report = require('kubectl.report')
local window = require('kubectl.window')

local api = vim.api
local M = {}

local namespace = api.nvim_create_namespace('kubectl.input')

---@param lines string[]
---@param extra integer
---@return { width: number, height: number }
local function fit(lines, extra)
  local width = 40
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line) + 2)
  end
  return { width = width, height = #lines + extra }
end

---@param buf integer
---@param modes string|string[]
---@param keys string[]
---@param fn fun()
local function map(buf, modes, keys, fn)
  for _, key in ipairs(keys) do
    vim.keymap.set(modes, key, fn, { buffer = buf, nowait = true, silent = true })
  end
end

--- What was open before may just be leaving Insert mode, where `startinsert` does nothing: then a key comes first of
--- all that is typed.
local function begin_insert()
  if vim.fn.mode():sub(1, 1) == 'i' then
    return api.nvim_feedkeys('A', 'ni', false)
  end
  vim.cmd.startinsert({ bang = true })
end

--- The windows of questions that are open now.
---@type table<integer, true>
local questions = {}

--- A question in the place of another one would get the key that was meant for that: one at a time.
---@param what string  what is not asked
---@return boolean
function M.busy(what)
  local busy = vim.iter(vim.tbl_keys(questions)):any(api.nvim_win_is_valid)
  if busy then
    report.warn(('%s: not asked, for another question is open.'):format(what), 'Answer that one, then ask again.')
  end
  return busy
end

--- A float that is answered or given up exactly once.
---@param win integer
---@param give_up fun()
---@return fun(then_do: fun()?) close
local function once(win, give_up)
  local open = true
  questions[win] = true
  local function close(then_do)
    if not open then
      return
    end
    open = false
    questions[win] = nil
    window.close_typed(win)
    if then_do then
      then_do()
    end
  end
  api.nvim_create_autocmd({ 'BufLeave', 'WinClosed' }, {
    buffer = api.nvim_win_get_buf(win),
    once = true,
    callback = function()
      vim.schedule(function()
        close(give_up)
      end)
    end,
  })
  return close
end

---@class (exact) kubectl.Confirm
---@field title string
---@field lines string[]
---@field verb string
---@field type string?         a word to type instead of y
---@field never boolean?       it cannot be done, only tried
---@field danger boolean
---@field options boolean      there are options to change
---@field dry_run boolean      a dry run is possible
---@field diff boolean?        there is a diff to look at

---@alias kubectl.Choice 'yes'|'no'|'options'|'dry-run'|'diff'

---@param ask kubectl.Confirm
---@return string[]
local function keys_of(ask)
  local keys = ask.never and {}
    or { ask.type and ('type %s and <CR> to %s'):format(ask.type, ask.verb) or ('[y] %s'):format(ask.verb) }
  table.insert(keys, ask.type and '[<Esc>] cancel' or '[n] cancel')
  if ask.options then
    table.insert(keys, '[<Tab>] options')
  end
  if ask.dry_run then
    table.insert(keys, ask.type and '[<C-d>] dry run' or '[d] dry run')
  end
  if ask.diff then
    table.insert(keys, ask.type and '[<C-d>] diff' or '[d] diff')
  end
  return keys
end

---@param buf integer
---@param first integer 0-based
---@param text string
local function highlight_keys(buf, first, text)
  for at, key in text:gmatch('()(%[[^%]]+%])') do
    api.nvim_buf_set_extmark(buf, namespace, first, at - 1, { end_col = at - 1 + #key, hl_group = 'KubectlKey' })
  end
end

---@param ask kubectl.Confirm
---@param close fun(then_do: fun()?)
---@param callback fun(choice: kubectl.Choice)
local function typed_word(ask, buf, close, callback)
  vim.bo[buf].modifiable = true
  local last = api.nvim_buf_line_count(buf) - 1
  api.nvim_buf_set_extmark(buf, namespace, last, 0, {
    virt_text = { { ('  type %s: '):format(ask.type), 'KubectlError' } },
    virt_text_pos = 'inline',
    right_gravity = false,
  })
  api.nvim_win_set_cursor(0, { last + 1, 0 })
  begin_insert()
  map(buf, { 'n', 'i' }, { '<CR>' }, function()
    local word = vim.trim(api.nvim_buf_get_lines(buf, -2, -1, false)[1] or '')
    if word == ask.type then
      close(function()
        callback('yes')
      end)
    end
  end)
end

--- A line in pieces that fit the editor, at blanks where there are some; those after the first are indented.
---@param line string
---@return string[]
local function folded(line)
  local room = math.max(30, vim.o.columns - 8)
  local lines, now = {}, '  '
  for word in line:gsub('%c', ' '):gmatch('%s*%S+') do
    if vim.fn.strdisplaywidth(now .. word) > room and vim.trim(now) ~= '' then
      table.insert(lines, now)
      now = '      ' .. vim.trim(word)
    else
      now = now .. word
    end
  end
  table.insert(lines, now)
  return lines
end

--- What stands at the edge of a question that is taller than the editor, where its keys cannot be seen.
---@param ask kubectl.Confirm
---@param count integer  lines
---@return string?
local function below(ask, count)
  local hidden = count - (vim.o.lines - vim.o.cmdheight - 3)
  if hidden <= 0 then
    return
  end
  if ask.type then
    return ('<PageUp> %d more lines'):format(hidden)
  end
  return ('%s · G %d more lines'):format(table.concat(vim.list_slice(keys_of(ask), 1, 2), ' '), hidden)
end

--- Shows what will happen and asks. The cursor starts where no single key agrees when a word must be typed.
---@param ask kubectl.Confirm
---@param callback fun(choice: kubectl.Choice)
function M.confirm(ask, callback)
  local lines = vim.iter(vim.tbl_map(folded, ask.lines)):flatten():totable()
  local first_key = #lines + 1
  local keys = folded(table.concat(keys_of(ask), '   '))
  vim.list_extend(lines, { '' })
  vim.list_extend(lines, keys)
  if ask.type then
    table.insert(lines, '')
  end
  local buf = buffer.create(false)
  vim.bo[buf].bufhidden, vim.bo[buf].filetype = 'wipe', 'k8s_confirm'
  buffer.set_page(buf, lines)
  for index, text in ipairs(keys) do
    highlight_keys(buf, first_key + index - 1, text)
  end
  local size, footer = fit(lines, 0), below(ask, #lines)
  local win = window.float(buf, { title = ask.title, size = size, danger = ask.danger, footer = footer })
  local close = once(win, function()
    callback('no')
  end)
  ---@param choice kubectl.Choice
  local function answer(choice)
    return function()
      close(function()
        callback(choice)
      end)
    end
  end
  if ask.type then
    typed_word(ask, buf, close, callback)
    map(buf, { 'n', 'i' }, { '<Esc>', '<C-c>' }, answer('no'))
  else
    -- Where it cannot be done the key does nothing, or Vim would wait for what to yank.
    map(buf, 'n', { 'y', 'Y' }, ask.never and function() end or answer('yes'))
    map(buf, 'n', { 'n', 'q', '<Esc>', '<C-c>' }, answer('no'))
  end
  if ask.options then
    map(buf, { 'n', 'i' }, { '<Tab>' }, answer('options'))
  end
  if ask.dry_run or ask.diff then
    local choice = ask.diff and 'diff' or 'dry-run'
    map(buf, ask.type and { 'n', 'i' } or 'n', { ask.type and '<C-d>' or 'd' }, answer(choice))
  end
end

---@param input kubectl.ActionInput
---@param text string
---@return string|number|boolean|nil value
---@return string? problem
local function read(input, text)
  text = vim.trim(text)
  if input.type == 'number' then
    local number = tonumber(text)
    if not number then
      return nil, ('%s: %q is no number'):format(input.label, text)
    end
    return number
  elseif input.type == 'boolean' then
    local yes, no = { 'yes', 'true', 'y', '1', 'on' }, { 'no', 'false', 'n', '0', 'off', '' }
    local word = text:lower()
    if not vim.list_contains(yes, word) and not vim.list_contains(no, word) then
      return nil, ('%s: yes or no, not %q'):format(input.label, text)
    end
    return vim.list_contains(yes, word)
  elseif input.type == 'choice' and not vim.list_contains(input.choices or {}, text) then
    return nil, ('%s: one of %s, not %q'):format(input.label, table.concat(input.choices or {}, ', '), text)
  end
  return text
end

---@param inputs kubectl.ActionInput[]
---@param lines string[]
---@return table<string, string|number|boolean>? values
---@return string? problem
local function read_all(inputs, lines)
  local values = vim.empty_dict()
  if #lines ~= #inputs then
    return nil, ('%d lines were asked for, there are %d: undo with u'):format(#inputs, #lines)
  end
  for index, input in ipairs(inputs) do
    local value, problem = read(input, lines[index])
    if problem then
      return nil, problem
    end
    values[input.name] = value
  end
  return values
end

---@param input kubectl.ActionInput
---@return string
local function shown(input)
  if input.type == 'boolean' then
    return input.value and 'yes' or 'no'
  end
  return tostring(input.value)
end

---@param input kubectl.ActionInput
---@return string[]?
local function choices(input)
  return input.type == 'boolean' and { 'yes', 'no' } or input.type == 'choice' and input.choices or nil
end

---@param buf integer
---@param inputs kubectl.ActionInput[]
local function label(buf, inputs)
  local width = 0
  for _, input in ipairs(inputs) do
    width = math.max(width, vim.fn.strdisplaywidth(input.label))
  end
  for index, input in ipairs(inputs) do
    local gap = (' '):rep(width - vim.fn.strdisplaywidth(input.label))
    api.nvim_buf_set_extmark(buf, namespace, index - 1, 0, {
      virt_text = { { (' %s%s  '):format(input.label, gap), 'KubectlTitle' } },
      virt_text_pos = 'inline',
      right_gravity = false,
      undo_restore = false,
    })
    local words = choices(input)
    if words then
      api.nvim_buf_set_extmark(buf, namespace, index - 1, 0, {
        virt_text = { { table.concat(words, ' | ') .. ' ', 'KubectlNote' } },
        virt_text_pos = 'right_align',
      })
    end
  end
end

---@param buf integer
---@param inputs kubectl.ActionInput[]
local function next_choice(buf, inputs)
  local line = api.nvim_win_get_cursor(0)[1]
  local words = inputs[line] and choices(inputs[line])
  if words then
    local now = vim.trim(api.nvim_buf_get_lines(buf, line - 1, line, false)[1])
    local at = vim.fn.index(words, now)
    api.nvim_buf_set_lines(buf, line - 1, line, false, { words[(at + 1) % #words + 1] })
  end
end

--- A line of text for each input. `<CR>` submits, `<C-n>` goes through the choices, `<Esc>` (or q) cancels.
---@param title string
---@param inputs kubectl.ActionInput[]
---@param callback fun(values: table<string, string|number|boolean>?)  nil when cancelled
function M.form(title, inputs, callback)
  local buf = api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden, vim.bo[buf].filetype = 'wipe', 'k8s_form'
  api.nvim_buf_set_lines(buf, 0, -1, false, vim.tbl_map(shown, inputs))
  label(buf, inputs)
  local footer = '<CR> go on · <Tab> next · <C-n> choices · <Esc> cancel'
  local win =
    window.float(buf, { title = title, footer = footer, size = { width = 64, height = math.max(2, #inputs) } })
  local close = once(win, function()
    callback(nil)
  end)
  local function step(by)
    return function()
      local line = (api.nvim_win_get_cursor(0)[1] - 1 + by) % #inputs + 1
      api.nvim_win_set_cursor(0, { line, 9999 })
    end
  end
  map(buf, { 'n', 'i' }, { '<CR>' }, function()
    local values, problem = read_all(inputs, api.nvim_buf_get_lines(buf, 0, -1, false))
    if not values then
      return window.refooter(win, '✕ ' .. problem)
    end
    close(function()
      callback(values)
    end)
  end)
  map(buf, { 'n', 'i' }, { '<Tab>', '<Down>' }, step(1))
  map(buf, { 'n', 'i' }, { '<S-Tab>', '<Up>' }, step(-1))
  map(buf, { 'n', 'i' }, { '<C-n>' }, function()
    next_choice(buf, inputs)
  end)
  map(buf, { 'n', 'i' }, { '<Esc>', '<C-c>' }, function()
    close(function()
      callback(nil)
    end)
  end)
  begin_insert()
end

---@class (exact) kubectl.Prompt
---@field label string
---@field text string
---@field win integer             the window it belongs to
---@field history string[]         for <Up> and <Down>, the newest last
---@field on_change fun(text: string)
---@field on_done fun(text: string)
---@field on_cancel fun()

--- What is typed is said at once, and then this often at most, in ms.
local EVERY = 40

--- Walks through what was typed before and begins as what is typed now; past the newest is that again.
---@param history string[]
---@param text fun(): string
---@param set fun(text: string)
---@return fun(by: -1|1)
local function walk(history, text, set)
  local typed, at, put = '', #history + 1, nil
  return function(by)
    if text() ~= put then
      typed, at = text(), #history + 1
    end
    local to = at + by
    while history[to] and (not vim.startswith(history[to], typed) or history[to] == text()) do
      to = to + by
    end
    if to >= 1 and to <= #history + 1 then
      at, put = to, history[to] or typed
      set(put)
    end
  end
end

--- One line at the bottom of a window, heard while it is typed. What it returns says something at its right end.
---@param prompt kubectl.Prompt
---@return fun(note: string) say
function M.prompt(prompt)
  local buf = api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden, vim.bo[buf].filetype = 'wipe', 'k8s_prompt'
  api.nvim_buf_set_lines(buf, 0, -1, false, { prompt.text })
  api.nvim_buf_set_extmark(buf, namespace, 0, 0, {
    virt_text = { { prompt.label, 'KubectlKey' } },
    virt_text_pos = 'inline',
    right_gravity = false,
  })
  local win = window.bottom_line(buf, prompt.win)
  local timer = assert(vim.uv.new_timer())
  local function text()
    return vim.trim(api.nvim_buf_get_lines(buf, 0, 1, false)[1] or '')
  end
  local heard = prompt.text
  local function hear()
    if not timer:is_closing() and api.nvim_buf_is_valid(buf) and text() ~= heard then
      heard = text()
      timer:start(EVERY, 0, vim.schedule_wrap(hear))
      prompt.on_change(heard)
    end
  end
  local stop = once(win, function()
    timer:close()
    prompt.on_cancel()
  end)
  local function finish(how)
    return function()
      local final = text()
      timer:close()
      stop(function()
        how(final)
      end)
    end
  end
  api.nvim_create_autocmd({ 'TextChangedI', 'TextChanged' }, {
    buffer = buf,
    callback = function()
      if not timer:is_active() then
        hear()
      end
    end,
  })
  map(buf, { 'n', 'i' }, { '<CR>' }, finish(prompt.on_done))
  map(buf, { 'n', 'i' }, { '<Esc>', '<C-c>' }, finish(prompt.on_cancel))
  local step = walk(prompt.history, text, function(line)
    api.nvim_buf_set_lines(buf, 0, 1, false, { line })
    api.nvim_win_set_cursor(win, { 1, #line })
  end)
  map(buf, { 'n', 'i' }, { '<Up>', '<C-p>' }, function()
    step(-1)
  end)
  map(buf, { 'n', 'i' }, { '<Down>', '<C-n>' }, function()
    step(1)
  end)
  vim.cmd.startinsert({ bang = true })
  local said
  return function(note)
    if api.nvim_buf_is_valid(buf) then
      said = api.nvim_buf_set_extmark(buf, namespace, 0, 0, {
        id = said,
        virt_text = { { note == '' and '' or ' ' .. note .. ' ', 'KubectlWarning' } },
        virt_text_pos = 'right_align',
      })
    end
  end
end

return M
