--- The keys of the plugin's buffers: data only. Maps, `g?` and the tables of `:help` are made from it.
---@class (exact) kubectl.Key
---@field name string      of `<Plug>(kubectl.NAME)`
---@field lhs string       default key
---@field modes string[]
---@field where ('table'|'text'|'logs'|'page'|'journal'|'task'|'object')[]
---@field doc string

---@type kubectl.Key[]
return {
  { name = 'select', lhs = '<CR>', modes = { 'n' }, where = { 'table' }, doc = 'go where the row leads' },
  {
    name = 'go_up',
    lhs = '<BS>',
    modes = { 'n' },
    where = { 'table', 'logs', 'journal' },
    doc = 'back to what was here before',
  },
  { name = 'describe', lhs = 'gd', modes = { 'n' }, where = { 'table' }, doc = 'describe, live' },
  { name = 'yaml', lhs = 'gy', modes = { 'n' }, where = { 'table' }, doc = 'YAML, live; :w applies it' },
  { name = 'edit', lhs = 'ge', modes = { 'n' }, where = { 'table' }, doc = 'the same in a tab' },
  {
    name = 'toggle_all',
    lhs = 'gm',
    modes = { 'n' },
    where = { 'object' },
    doc = 'also what the server keeps for itself',
  },
  {
    name = 'toggle_values',
    lhs = 'gx',
    modes = { 'n' },
    where = { 'object' },
    doc = 'show or hide the value on this line, elsewhere all',
  },
  { name = 'logs', lhs = 'gl', modes = { 'n' }, where = { 'table' }, doc = 'logs' },
  { name = 'owner', lhs = 'gO', modes = { 'n' }, where = { 'table' }, doc = 'what owns it, in its table' },
  { name = 'row_events', lhs = 'gv', modes = { 'n' }, where = { 'table' }, doc = 'its events' },
  { name = 'hover', lhs = 'K', modes = { 'n' }, where = { 'table' }, doc = 'what matters of it, in a float' },
  { name = 'yank', lhs = 'gY', modes = { 'n' }, where = { 'table' }, doc = 'yank a name, a cell, rows as text' },
  {
    name = 'quickfix',
    lhs = 'gq',
    modes = { 'n' },
    where = { 'table' },
    doc = 'rows in trouble, in the quickfix window',
  },
  { name = 'action_menu', lhs = 'ga', modes = { 'n' }, where = { 'table' }, doc = 'menu of all actions' },
  { name = 'sort', lhs = 'gs', modes = { 'n' }, where = { 'table' }, doc = 'sort by the column under the cursor' },
  { name = 'toggle_columns', lhs = 'gC', modes = { 'n' }, where = { 'table' }, doc = 'choose columns, wide or not' },
  {
    name = 'refresh',
    lhs = 'gr',
    modes = { 'n' },
    where = { 'table', 'text', 'logs', 'journal' },
    doc = 'ask the server again; restart an ended backend',
  },
  {
    name = 'pause_view',
    lhs = 'gz',
    modes = { 'n' },
    where = { 'table' },
    doc = 'let the rows stand still, and move again',
  },
  { name = 'filter_view', lhs = '<C-f>', modes = { 'n' }, where = { 'table' }, doc = 'filter while typing' },
  { name = 'filter_term', lhs = '<C-f>', modes = { 'x' }, where = { 'table' }, doc = 'filter by the selected text' },
  { name = 'labels_view', lhs = '<C-l>', modes = { 'n' }, where = { 'table' }, doc = 'choose labels' },
  { name = 'faults', lhs = 'gF', modes = { 'n' }, where = { 'table' }, doc = 'only rows in trouble, and all again' },
  { name = 'namespace_view', lhs = '<C-n>', modes = { 'n' }, where = { 'table' }, doc = 'choose namespaces' },
  { name = 'contexts_view', lhs = '<C-x>', modes = { 'n' }, where = { 'table' }, doc = 'choose the context' },
  {
    name = 'tab',
    lhs = '<Tab>',
    modes = { 'n', 'x' },
    where = { 'table' },
    doc = 'select the row, or those of a range',
  },
  { name = 'clear_selection', lhs = '<S-Tab>', modes = { 'n' }, where = { 'table' }, doc = 'select nothing' },
  { name = 'journal_entry', lhs = '<CR>', modes = { 'n' }, where = { 'journal' }, doc = 'what the entry changed' },
  {
    name = 'journal_revert',
    lhs = 'gu',
    modes = { 'n', 'x' },
    where = { 'journal' },
    doc = 'take it back, after a plan',
  },
  { name = 'task_cancel', lhs = '<C-c>', modes = { 'n' }, where = { 'task' }, doc = 'cancel it' },
  { name = 'rerun', lhs = 'R', modes = { 'n' }, where = { 'page' }, doc = 'run the command again' },
  {
    name = 'quit',
    lhs = 'q',
    modes = { 'n' },
    where = { 'text', 'logs', 'page', 'journal', 'task', 'object' },
    doc = 'close',
  },
  {
    name = 'toggle_fullscreen',
    lhs = '<F4>',
    modes = { 'n' },
    where = { 'text', 'logs', 'task', 'object' },
    doc = 'full screen and back',
  },
  {
    name = 'help',
    lhs = 'g?',
    modes = { 'n' },
    where = { 'table', 'text', 'logs', 'page', 'journal', 'task', 'object' },
    doc = 'these keys',
  },
}
