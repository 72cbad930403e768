/** A Neovim with the plugin on the run's lab, and kubectl beside it. */
import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import type { RowJson } from '../../src/protocol/wire.ts';
import { type Editor, type EditorOptions, startEditor } from '../lua/harness.ts';
import { runId } from '../run-id.ts';
import { furnished, labTransport } from './parity/lab-api.ts';
import { until } from './until.ts';

const run = promisify(execFile);

export const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests need the lab (\`npm test\` starts it).`);
  return value;
};

export const labKubeconfig = (): string => setting('KUBECTL_LIVE_LAB_KUBECONFIG');

export const kubectl = async (
  args: readonly string[],
  input?: unknown,
  kubeconfig = labKubeconfig(),
): Promise<string> => {
  const program = setting('KUBECTL_LIVE_LAB_KUBECTL');
  const running = run(program, [`--kubeconfig=${kubeconfig}`, ...args], { maxBuffer: 64 * 1024 * 1024 });
  // kubectl may have ended before it read anything.
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
  return (await running).stdout;
};

export const lab = async (args: readonly string[]): Promise<string> => {
  const { stdout } = await run(setting('KUBECTL_LIVE_LAB'), [...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
};

let namespaces = 0;

/** A namespace of its own for one test; it goes away with the lab. */
export const freshNamespace = async (): Promise<string> => {
  namespaces += 1;
  const name = `e2e-${runId}-${namespaces}`;
  await kubectl(['create', 'namespace', name]);
  const api = await labTransport();
  await furnished(api, name).finally(() => api.dispose());
  return name;
};

/** Waits until the objects of a definition can be made and asked for: the server serves them some moments later. */
export const served = async (resource: string): Promise<void> => {
  await until(`${resource} to be served`, () => kubectl(['get', resource, '--all-namespaces', '--output=name']));
};

/** Pods that nobody schedules: they stay Pending, so a test's rows change only when the test changes them. */
export const quietPod = (namespace: string, name: string, labels: Record<string, string> = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: {
    schedulerName: 'nobody',
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'example/main' }],
  },
});

export const create = async (...items: readonly object[]): Promise<void> => {
  await kubectl(['create', '--filename=-'], { apiVersion: 'v1', kind: 'List', items });
};

/** Neovim with `kubeconfig` as its only one and the lab's kubectl on PATH. */
export const editorOn = async (kubeconfig: string = labKubeconfig(), options: EditorOptions = {}): Promise<Editor> => {
  const path = [dirname(setting('KUBECTL_LIVE_LAB_KUBECTL')), process.env.PATH].join(delimiter);
  return await startEditor({ ...options, env: { KUBECONFIG: kubeconfig, PATH: path, ...options.env } });
};

/** `body` with an editor that is gone afterwards. */
export const withEditor = async (
  body: (editor: Editor) => Promise<void>,
  kubeconfig?: string,
  options?: EditorOptions,
): Promise<void> => {
  const editor = await editorOn(kubeconfig, options);
  try {
    await body(editor);
  } finally {
    await editor.dispose();
  }
};

type RowsAnswer = { readonly rows?: readonly RowJson[]; readonly err?: string };

const askRows = async (editor: Editor): Promise<RowsAnswer> => {
  await editor.lua(`
    _G.rows_answer = nil
    require('kubectl').rows({ buf = 0 }, function(rows, err) _G.rows_answer = { rows = rows, err = err and err.message } end)`);
  await editor.until('the rows', async () => (await editor.lua('return _G.rows_answer ~= nil')) === true);
  return await editor.lua<RowsAnswer>('return _G.rows_answer');
};

/** What `require('kubectl').rows` gives for the current buffer, once its table is open in the backend. */
export const rowsOf = async (editor: Editor): Promise<readonly RowJson[]> => {
  let answer: RowsAnswer = {};
  await editor.until('an open table', async () => {
    answer = await askRows(editor);
    return !/^view \d+ is not open$/.test(answer.err ?? '');
  });
  if (answer.rows === undefined) throw new Error(answer.err ?? 'no rows');
  return answer.rows;
};

/** How many tables were opened since this was first asked. */
const tablesOpened = (editor: Editor): Promise<number> =>
  editor.lua(`
    local navigate = package.loaded['kubectl.navigate']
    if navigate and not _G.tables_opened then
      local open = navigate.open_table
      _G.tables_opened = 0
      navigate.open_table = function(...)
        local view = open(...)
        _G.tables_opened = _G.tables_opened + 1
        return view
      end
    end
    return _G.tables_opened or -1`);

/**
 * Whether the current buffer is a live table with all its lines. Its state, its lines and the answer that says of what
 * they are come each on its own; a table without rows says so.
 */
const isWhole = (editor: Editor): Promise<boolean> =>
  editor.lua(`
    local view = require('kubectl.view').of(0)
    local state = view and view.ready and view.state
    if not state or state.phase ~= 'live' then
      return false
    end
    if state.shown > 0 then
      return view.sheet.keys[1] ~= '' and view.sheet.size == state.shown
    end
    return vim.startswith(vim.api.nvim_buf_get_lines(0, 0, 1, false)[1], 'No ')`);

/** Runs `:Kubectl …` and waits until its table is there, live; what is live on the screen until it comes is another. */
export const openTable = async (editor: Editor, line: string): Promise<void> => {
  const before = await tablesOpened(editor);
  await editor.command(`Kubectl ${line}`);
  await editor.until('the table', async () => before < 0 || (await tablesOpened(editor)) > before, 20_000);
  await editor.shows('● live', 20_000);
  await editor.until('its lines', () => isWhole(editor));
};

/** The line under the cursor, in one go: between two looks a frame may come. */
export const lineAtCursor = (editor: Editor): Promise<string> => editor.lua('return vim.api.nvim_get_current_line()');

/** In one go: between a look at the lines and the move they may have become others. */
export const putCursorOn = (editor: Editor, text: string): Promise<void> =>
  editor.until(`a line with ${text}`, () =>
    editor.lua<boolean>(
      `for index, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
        if line:find(..., 1, true) then
          vim.api.nvim_win_set_cursor(0, { index, 0 })
          return true
        end
      end
      return false`,
      text,
    ),
  );
