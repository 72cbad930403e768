--- Choosing from a list: a float that filters while one types, or the user's `vim.ui.select()`.
local buffer = require('kubectl.buffer')
local config = require('kubectl.config')
local window = require('kubectl.window')

local api = vim.api
local M = {}

---@class (exact) kubectl.PickerItem
---@field text string
---@field note string?
---@field value any

---@class (exact) kubectl.Pick
---@field title string
---@field items kubectl.PickerItem[]
---@field many boolean?      <Tab> marks several
---@field marked table<string, true>?  texts that start marked
---@field movable boolean?   <M-j> and <M-k> change the order

---@class (exact) kubectl.Picker
---@field pick kubectl.Pick
---@field list integer       buffer of the list
---@field list_win integer
---@field input integer      buffer of the prompt
---@field input_win integer
---@field shown kubectl.PickerItem[]
---@field at integer
---@field marked table<string, true>
---@field prompt string?    what `shown` was made for

local namespace = api.nvim_create_namespace('kubectl.picker')

--- Of a remark that has to be cut, fewer cells say nothing.
local LEAST_NOTE = 8

--- Lines around a list: borders, the prompt above it, the statusline and the command line.
local AROUND = 10

--- All words of the prompt occur in the text, in any order.
---@param text string
---@param prompt string
---@return boolean
local function matches(text, prompt)
  text = text:lower()
  for word in prompt:lower():gmatch('%S+') do
    if not text:find(word, 1, true) then
      return false
    end
  end
  return true
end

--- A remark, as much of it as there is room for beside the text; none where that says nothing.
---@param item kubectl.PickerItem
---@param width integer  of the list
---@return string?
local function note_of(item, width)
  local note = item.note and item.note:gsub('%c', ' ') or ''
  local room = width - vim.fn.strdisplaywidth(item.text) - 5
  if vim.fn.strdisplaywidth(note) <= room then
    return note ~= '' and note .. ' ' or nil
  end
  return room >= LEAST_NOTE and vim.fn.printf('%.' .. room - 1 .. 'S', note) .. '… ' or nil
end

---@param picker kubectl.Picker
local function mark(picker)
  api.nvim_buf_clear_namespace(picker.list, namespace, 0, -1)
  local width = api.nvim_win_get_width(picker.list_win)
  for index, item in ipairs(picker.shown) do
    local note = note_of(item, width)
    if note then
      api.nvim_buf_set_extmark(picker.list, namespace, index - 1, 0, {
        virt_text = { { note, 'KubectlNote' } },
        virt_text_pos = 'right_align',
      })
    end
  end
  if #picker.shown > 0 then
    api.nvim_buf_set_extmark(picker.list, namespace, picker.at - 1, 0, { line_hl_group = 'KubectlMatch' })
    api.nvim_win_set_cursor(picker.list_win, { picker.at, 0 })
  end
end

---@param picker kubectl.Picker
local function draw(picker)
  local prompt = api.nvim_buf_get_lines(picker.input, 0, 1, false)[1] or ''
  if prompt ~= picker.prompt then
    picker.prompt, picker.at = prompt, 1
  end
  picker.shown = vim.tbl_filter(function(item)
    return matches(item.text, prompt)
  end, picker.pick.items)
  picker.at = math.max(1, math.min(picker.at, #picker.shown))
  local sign = config.get().ascii and '>' or '»'
  buffer.set_page(
    picker.list,
    vim.tbl_map(function(item)
      return (picker.marked[item.text] and sign or ' ') .. ' ' .. item.text:gsub('%c', ' ')
    end, picker.shown)
  )
  mark(picker)
end

---@param picker kubectl.Picker
---@return kubectl.PickerItem[]
local function chosen(picker)
  local found = vim.tbl_filter(function(item)
    return picker.marked[item.text] ~= nil
  end, picker.pick.items)
  if #found == 0 then
    table.insert(found, picker.shown[picker.at])
  end
  return found
end

---@param pick kubectl.Pick
---@return kubectl.Picker
local function open(pick)
  local width, height = 50, math.min(#pick.items, math.floor(vim.o.lines / 2), vim.o.lines - AROUND)
  for _, item in ipairs(pick.items) do
    width = math.max(width, vim.fn.strdisplaywidth(item.text .. (item.note or '')) + 6)
  end
  local list = buffer.create(false)
  vim.bo[list].bufhidden, vim.bo[list].filetype = 'wipe', 'k8s_picker'
  local footer = pick.many and '<CR> take · <Tab> mark · <Esc> cancel' or '<CR> take · <Esc> cancel'
  footer = pick.movable and '<M-j> down · <M-k> up · ' .. footer or footer
  width = math.max(width, vim.fn.strdisplaywidth(footer) + 4)
  local size = { width = width, height = math.max(2, height) }
  local list_win = window.float(list, { title = pick.title, footer = footer, size = size, focus = false })
  window.set_options(list_win, { fillchars = 'eob: ' })
  local input = api.nvim_create_buf(false, true)
  vim.bo[input].bufhidden, vim.bo[input].filetype = 'wipe', 'k8s_prompt'
  return {
    pick = pick,
    list = list,
    list_win = list_win,
    input = input,
    input_win = window.above(input, list_win),
    shown = {},
    at = 1,
    marked = vim.deepcopy(pick.marked or {}),
  }
end

--- Moves the item at hand past its neighbour among those shown.
---@param picker kubectl.Picker
---@param by 1|-1
local function move(picker, by)
  local items, from, to = picker.pick.items, nil, nil
  for index, item in ipairs(items) do
    from = item == picker.shown[picker.at] and index or from
    to = item == picker.shown[picker.at + by] and index or to
  end
  if from and to then
    table.insert(items, to, table.remove(items, from))
    picker.at = picker.at + by
    draw(picker)
  end
end

---@param picker kubectl.Picker
---@param close fun(items: kubectl.PickerItem[]?)
local function map(picker, close)
  local function on(keys, fn)
    for _, key in ipairs(keys) do
      vim.keymap.set({ 'n', 'i' }, key, function()
        -- TextChangedI waits while keys are pending: a pasted or fast typed line ends before it is heard.
        draw(picker)
        fn()
      end, { buffer = picker.input, nowait = true })
    end
  end
  local function step(by)
    return function()
      if #picker.shown > 0 then
        picker.at = (picker.at - 1 + by) % #picker.shown + 1
        mark(picker)
      end
    end
  end
  on({ '<Down>', '<C-n>', '<C-j>' }, step(1))
  on({ '<Up>', '<C-p>', '<C-k>' }, step(-1))
  on({ '<Esc>', '<C-c>' }, function()
    close(nil)
  end)
  on({ '<CR>' }, function()
    if #picker.shown > 0 then
      close(chosen(picker))
    end
  end)
  if picker.pick.movable then
    on({ '<M-j>', '<M-Down>' }, function()
      move(picker, 1)
    end)
    on({ '<M-k>', '<M-Up>' }, function()
      move(picker, -1)
    end)
  end
  if picker.pick.many then
    on({ '<Tab>' }, function()
      local item = picker.shown[picker.at]
      if item then
        picker.marked[item.text] = not picker.marked[item.text] or nil
        draw(picker)
        step(1)()
      end
    end)
  end
end

---@param pick kubectl.Pick
---@param callback fun(items: kubectl.PickerItem[]?, order: kubectl.PickerItem[]?)
local function with_float(pick, callback)
  local picker = open(pick)
  local done = false
  local function close(items)
    if done then
      return
    end
    done = true
    window.close(picker.list_win)
    window.close_typed(picker.input_win)
    callback(items, pick.items)
  end
  map(picker, close)
  api.nvim_create_autocmd({ 'TextChangedI', 'TextChanged' }, {
    buffer = picker.input,
    callback = function()
      draw(picker)
    end,
  })
  api.nvim_create_autocmd('BufLeave', {
    buffer = picker.input,
    once = true,
    callback = function()
      vim.schedule(function()
        close(nil)
      end)
    end,
  })
  draw(picker)
  vim.cmd.startinsert()
end

--- Lets the user choose; `callback` gets the items, or nil when it was given up, and all items as they were ordered.
---@param pick kubectl.Pick
---@param callback fun(items: kubectl.PickerItem[]?, order: kubectl.PickerItem[]?)
function M.pick(pick, callback)
  if config.get().picker == 'float' then
    return with_float(pick, callback)
  end
  local options = {
    prompt = pick.title,
    kind = 'kubectl',
    format_item = function(item)
      return item.note and ('%s  %s'):format(item.text, item.note) or item.text
    end,
  }
  vim.ui.select(pick.items, options, function(item)
    callback(item and { item } or nil)
  end)
end

return M
