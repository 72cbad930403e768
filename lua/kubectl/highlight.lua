--- Highlight groups. All are defined with `default`, so a colour scheme or the user overrides any of them.
local M = {}

---@class (exact) kubectl.Group
---@field name string
---@field attributes vim.api.keyset.highlight
---@field doc string

---@type kubectl.Group[]
M.groups = {
  { name = 'KubectlNormal', attributes = {}, doc = 'Text without a meaning of its own' },
  { name = 'KubectlError', attributes = { link = 'DiagnosticError' }, doc = 'Rows and cells that failed' },
  { name = 'KubectlWarning', attributes = { link = 'DiagnosticWarn' }, doc = 'Rows and cells to look at' },
  { name = 'KubectlPending', attributes = { link = 'DiagnosticInfo' }, doc = 'Not there yet; a table that loads' },
  { name = 'KubectlOk', attributes = { link = 'DiagnosticOk' }, doc = 'Healthy' },
  { name = 'KubectlDone', attributes = { link = 'Comment' }, doc = 'Completed objects' },
  { name = 'KubectlFresh', attributes = { link = 'DiagnosticHint' }, doc = 'Ages of new objects' },
  { name = 'KubectlChanged', attributes = { link = 'DiffText' }, doc = 'Cells that have just changed' },
  {
    name = 'KubectlDeleted',
    attributes = { strikethrough = true },
    doc = 'The row of a deleted object under the cursor',
  },
  { name = 'KubectlMuted', attributes = { link = 'NonText' }, doc = 'What may be overlooked' },
  { name = 'KubectlTitle', attributes = { link = 'Title' }, doc = 'Column titles, headings, the title of a float' },
  { name = 'KubectlNamespace', attributes = { link = 'Directory' }, doc = 'Names of namespaces' },
  { name = 'KubectlKey', attributes = { link = 'Special' }, doc = 'Keys in menus and help' },
  { name = 'KubectlNote', attributes = { link = 'Comment' }, doc = 'Remarks beside a row or a menu entry' },
  { name = 'KubectlLive', attributes = { link = 'DiagnosticOk' }, doc = 'The state of a view that is up to date' },
  { name = 'KubectlStale', attributes = { link = 'DiagnosticWarn' }, doc = 'The state of a view that is not' },
  { name = 'KubectlSelected', attributes = { link = 'Visual' }, doc = 'Selected rows' },
  { name = 'KubectlSelectedMark', attributes = { link = 'DiagnosticInfo' }, doc = 'The mark of selected rows' },
  { name = 'KubectlGuarded', attributes = { link = 'DiffText' }, doc = 'The mark of a context that wants words typed' },
  { name = 'KubectlReadOnly', attributes = { link = 'DiffDelete' }, doc = 'The mark of a context that is read-only' },
  { name = 'KubectlMatch', attributes = { link = 'IncSearch' }, doc = 'The current entry of a picker' },
}

local ready = false

--- Groups made for the statusline, where a meaning's colour stands on the statusline's ground.
---@type table<string, true>
local on_statusline = {}

local function define()
  on_statusline = {}
  for _, group in ipairs(M.groups) do
    vim.api.nvim_set_hl(0, group.name, vim.tbl_extend('force', { default = true }, group.attributes))
  end
end

function M.ensure()
  if ready then
    return
  end
  ready = true
  define()
  vim.api.nvim_create_autocmd('ColorScheme', {
    group = vim.api.nvim_create_augroup('kubectl.highlight', {}),
    callback = define,
  })
end

--- Highlight ids for the backend's style names, in their order.
---@param styles string[]
---@return integer[]
function M.ids(styles)
  M.ensure()
  return vim.tbl_map(vim.api.nvim_get_hl_id_by_name, styles)
end

--- The group that has the colour of `name` on the ground of the statusline.
---@param name string
---@return string
function M.on_statusline(name)
  M.ensure()
  local group = name .. 'OnStatusLine'
  if not on_statusline[group] then
    local ground = vim.api.nvim_get_hl(0, { name = 'StatusLine', link = false })
    local colour = vim.api.nvim_get_hl(0, { name = name, link = false })
    vim.api.nvim_set_hl(0, group, {
      fg = colour.fg,
      bg = ground.reverse and ground.fg or ground.bg,
      ctermfg = colour.ctermfg,
      ctermbg = ground.reverse and ground.ctermfg or ground.ctermbg,
      bold = colour.bold,
    })
    on_statusline[group] = true
  end
  return group
end

--- Colours of the scheme by role as #rrggbb, for programs that paint themselves.
---@return table<string, string>
function M.theme()
  M.ensure()
  local roles = {
    normal = 'Normal',
    muted = 'KubectlDone',
    ok = 'KubectlOk',
    warning = 'KubectlWarning',
    error = 'KubectlError',
    title = 'KubectlTitle',
    accent = 'KubectlKey',
  }
  local theme = vim.empty_dict()
  for role, name in pairs(roles) do
    local foreground = vim.api.nvim_get_hl(0, { name = name, link = false }).fg
    if foreground then
      theme[role] = ('#%06x'):format(foreground)
    end
  end
  return theme
end

return M
