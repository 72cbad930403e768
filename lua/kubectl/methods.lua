--- Methods of the wire by what they are for: data only.
local M = {}

---@alias kubectl.ViewKind 'table'|'describe'|'logs'|'journal'|'journal-entry'|'task'|kubectl.TextKind

--- What opens each kind of view.
---@type table<kubectl.ViewKind, string>
M.open = {
  table = 'view.open',
  describe = 'describe.open',
  logs = 'logs.open',
  journal = 'journal.open',
  ['journal-entry'] = 'journal.entry',
  task = 'task.open',
  ['rollout-history'] = 'text.open',
  ['rollout-status'] = 'text.open',
  ['rollout-diff'] = 'text.open',
  references = 'text.open',
}

--- Texts whose lines are read whole.
---@type table<string, boolean>
M.wraps = { task = true, ['journal-entry'] = true, ['rollout-status'] = true }

--- Options of windows that show a kind: sections of a description fold, and are open at first.
---@type table<string, table<string, any>>
M.windows = { describe = { foldmethod = 'indent', foldlevel = 99, foldnestmax = 3, foldenable = true } }

--- What reaches for a cluster. The backend ends it itself, with a reason; giving up before it would hide that.
---@type table<string, boolean>
M.reaching = {
  ['view.open'] = true,
  ['describe.open'] = true,
  ['logs.open'] = true,
  ['text.open'] = true,
  ['dashboard.open'] = true,
  ['context.use'] = true,
  ['view.objects'] = true,
  ['action.menu'] = true,
  ['action.plan'] = true,
  ['journal.plan'] = true,
  ['object.open'] = true,
  ['object.plan'] = true,
  ['edit.open'] = true,
  health = true,
  complete = true,
}

return M
