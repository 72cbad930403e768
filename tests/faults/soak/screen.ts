/** What the editor shows, as data. */
import type { LayoutColumn, RowJson, State } from '../../../src/protocol/wire.ts';
import type { Editor } from '../../lua/harness.ts';

export type ViewShot = {
  readonly id: number;
  readonly buf: number;
  readonly ready: boolean;
  readonly asleep: boolean;
  readonly loaded: boolean;
  readonly problem: string;
  readonly state: Partial<State>;
  readonly filter: string;
  readonly columns: readonly LayoutColumn[];
  readonly titles: string;
  readonly sort: { readonly title: string; readonly descending: boolean } | undefined;
  readonly wide: boolean;
  readonly hidden: readonly string[];
  readonly lines: readonly string[];
  readonly keys: readonly string[];
  /** Keys and 1-based lines of what is left of deleted rows. */
  readonly ghosts: readonly { readonly key: string; readonly line: number }[];
  readonly size: number;
  readonly selected: readonly string[];
  readonly chosen: number;
  readonly picked: number;
};

export type WindowShot = {
  readonly win: number;
  readonly buf: number;
  readonly view: number;
  readonly line: number;
  readonly top: number;
  readonly height: number;
  readonly key: string;
};

export type Shot = {
  readonly current: number;
  readonly views: readonly ViewShot[];
  readonly windows: readonly WindowShot[];
  /** States since the last shot that was asked to take them. */
  readonly states: readonly { readonly view: number; readonly phase: string; readonly right: string }[];
  readonly reports: readonly string[];
  readonly backend: { readonly running: boolean; readonly stderr: readonly string[] };
};

/** Defines `soak_shot()`, keeps every state and report, and counts the tables that are opened. */
export const watchScreen = async (editor: Editor): Promise<void> => {
  await editor.lua(`
    _G.soak_states, _G.soak_reports, _G.soak_opened = {}, {}, 0
    local navigate = require('kubectl.navigate')
    local open_table = navigate.open_table
    navigate.open_table = function(...)
      local view = open_table(...)
      _G.soak_opened = _G.soak_opened + 1
      return view
    end
    require('kubectl.host').on('state', function(state)
      table.insert(_G.soak_states, { view = state.view, phase = state.phase, right = state.right })
    end)
    local report = require('kubectl.report')
    for _, level in ipairs({ 'info', 'warn', 'error' }) do
      local say = report[level]
      report[level] = function(text, hint)
        table.insert(_G.soak_reports, level .. ': ' .. tostring(text))
        return say(text, hint)
      end
    end
    for _, name in ipairs({ 'failure', 'bug' }) do
      local say = report[name]
      report[name] = function(first, second)
        local text = type(first) == 'table' and first.message or first
        table.insert(_G.soak_reports, name .. ': ' .. tostring(text) .. ' ' .. (name == 'bug' and tostring(second) or ''))
        return say(first, second)
      end
    end


    local function view_shot(view)
      local sheet, layout, loaded = view.sheet, view.layout or {}, vim.api.nvim_buf_is_loaded(view.buf)
      local ghosts, selected = {}, {}
      for index, ghost in ipairs(sheet.ghosts) do
        table.insert(ghosts, { key = ghost.key, line = ghost.at + index })
      end
      for key in pairs(sheet.selected) do
        table.insert(selected, key)
      end
      return {
        id = view.id, buf = view.buf, ready = view.ready, asleep = view.asleep, loaded = loaded,
        problem = view.problem or '', state = view.state or vim.empty_dict(), filter = view.filter,
        columns = layout.columns or {}, titles = layout.titles or '', sort = layout.sort,
        wide = view.wide, hidden = view.hidden,
        lines = loaded and vim.api.nvim_buf_get_lines(view.buf, 0, -1, false) or {},
        keys = sheet.keys, ghosts = ghosts, size = sheet.size,
        selected = selected, chosen = sheet.chosen, picked = sheet.picked,
      }
    end

    function _G.soak_shot(take)
      local all = package.loaded['kubectl.view'] and require('kubectl.view').all() or {}
      local views, windows, of = {}, {}, {}
      for _, view in pairs(all) do
        table.insert(views, view_shot(view))
        of[view.buf] = view
      end
      for _, win in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(win).relative == '' then
          local buf = vim.api.nvim_win_get_buf(win)
          local line, view = vim.api.nvim_win_get_cursor(win)[1], of[buf]
          table.insert(windows, {
            win = win, buf = buf, view = view and view.id or 0, line = line,
            top = vim.fn.getwininfo(win)[1].topline, height = vim.api.nvim_win_get_height(win),
            key = view and view.sheet.keys[line] or '',
          })
        end
      end
      local status = require('kubectl.host').status()
      local shot = {
        current = vim.api.nvim_get_current_win(), views = views, windows = windows,
        states = _G.soak_states, reports = _G.soak_reports,
        backend = { running = require('kubectl.host').running() and true or false, stderr = status.stderr or {} },
      }
      if take then
        _G.soak_states, _G.soak_reports = {}, {}
      end
      return shot
    end`);
};

export const shoot = (editor: Editor, take = false): Promise<Shot> =>
  editor.lua<Shot>('return _G.soak_shot(...)', take);

/** The lines that are rows, or notes, without what is left of deleted ones. */
export const linesOf = ({
  lines,
  keys,
  ghosts,
}: ViewShot): readonly { readonly text: string; readonly key: string }[] =>
  lines.flatMap((text, at) => (ghosts.some(({ line }) => line === at + 1) ? [] : [{ text, key: keys[at] ?? '' }]));

type Answer = { readonly rows?: readonly RowJson[]; readonly err?: string };

/** What `require('kubectl').rows` says of a buffer. */
export const rowsOfBuffer = async (editor: Editor, buf: number): Promise<Answer> => {
  await editor.lua(
    `_G.soak_rows = nil
    require('kubectl').rows({ buf = ... }, function(rows, err)
      _G.soak_rows = { rows = rows, err = err and err.message }
    end)`,
    buf,
  );
  await editor.until('the rows', async () => (await editor.lua('return _G.soak_rows ~= nil')) === true);
  return await editor.lua<Answer>('return _G.soak_rows');
};
