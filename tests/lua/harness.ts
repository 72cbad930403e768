/** A real Neovim with a screen, driven from the test process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NeovimClient } from 'neovim/lib/api/client.js';
import { patience } from '../patience.ts';
import { Grid } from './grid.ts';

export type EditorOptions = {
  readonly columns?: number;
  readonly rows?: number;
  /** Environment besides the test's own; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Lua that runs before the plugin is found. */
  readonly before?: string;
  /** The plugin's folder; another one to test a copy. */
  readonly root?: string;
};

export const root = join(import.meta.dirname, '..', '..');

const silent = { level: 'error', info: () => silent, warn: () => silent, error: () => silent, debug: () => silent };

/** How long a test waits for what should come at once. */
export const limitMs = 8_000;

export class Editor {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly nvim: NeovimClient;
  readonly grid = new Grid();
  #listeners = new Set<() => void>();

  constructor(process: ChildProcess, nvim: NeovimClient, folder: string) {
    this.#process = process;
    this.nvim = nvim;
    this.#folder = folder;
    nvim.on('notification', (method: string, args: unknown) => {
      if (method !== 'redraw') return;
      if (this.grid.apply(args as Parameters<Grid['apply']>[0])) for (const listener of this.#listeners) listener();
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Runs a chunk of Lua; `...` are the arguments. */
  async lua<T = unknown>(code: string, ...args: unknown[]): Promise<T> {
    return (await this.nvim.request('nvim_exec_lua', [code, args])) as T;
  }

  async command(line: string): Promise<void> {
    await this.nvim.request('nvim_command', [line]);
  }

  /** Keys as typed, `<CR>` notation. */
  async keys(text: string): Promise<void> {
    await this.nvim.request('nvim_input', [text]);
  }

  /** Presses <C-c> until it was heard: while Neovim is at work the key interrupts that, and is no key. */
  async cancels(heard: () => boolean | Promise<boolean>): Promise<void> {
    let pressed = Number.NEGATIVE_INFINITY;
    await this.until('<C-c> to be heard', async () => {
      if (await heard()) return true;
      if (performance.now() - pressed > 500) {
        pressed = performance.now();
        await this.keys('<C-c>');
      }
      return false;
    });
  }

  async lines(buffer = 0): Promise<string[]> {
    return (await this.nvim.request('nvim_buf_get_lines', [buffer, 0, -1, false])) as string[];
  }

  async cursor(window = 0): Promise<readonly [line: number, column: number]> {
    return (await this.nvim.request('nvim_win_get_cursor', [window])) as [number, number];
  }

  async messages(): Promise<string> {
    return (await this.nvim
      .request('nvim_exec2', ['messages', { output: true }])
      .then(({ output }) => output)) as string;
  }

  /** Waits until the plugin has reported a text, wherever it was shown. */
  async reports(text: string, ms?: number): Promise<void> {
    const said = (): Promise<string> => this.lua(`return table.concat(require('kubectl.report').history, '\\n')`);
    await this.until(`the report '${text}'`, async () => (await said()).includes(text), ms);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.nvim.request('nvim_ui_try_resize', [columns, rows]);
  }

  /** Waits for a condition; looked at after every flush of the screen and every few milliseconds. */
  async until(what: string, holds: () => boolean | Promise<boolean>, limit = limitMs): Promise<void> {
    const ms = limit * patience;
    const end = performance.now() + ms;
    // The last look is after the limit: a machine that stood still may have let it pass between two.
    for (let late = false; ; late = performance.now() >= end) {
      if (await holds()) return;
      if (late) break;
      let listener: (() => void) | undefined;
      const flushed = new Promise<void>((resolve) => {
        listener = resolve;
        this.#listeners.add(resolve);
      });
      await Promise.race([flushed, pause(15)]);
      if (listener !== undefined) this.#listeners.delete(listener);
    }
    throw new Error(`waited ${ms} ms for: ${what}\n${this.grid.text()}\n${await this.messages().catch(() => '')}`);
  }

  /** Waits until a text is on the screen. */
  async shows(text: string | RegExp, ms?: number): Promise<void> {
    const seen = (): boolean =>
      typeof text === 'string' ? this.grid.text().includes(text) : text.test(this.grid.text());
    await this.until(`${text} on the screen`, seen, ms);
  }

  /**
   * The most CPU time Neovim spent between two rounds of its main loop while `work` ran, in ms. Unlike a block in wall
   * time it does not count what other processes take of a busy machine.
   */
  async longestWork(work: () => Promise<void>): Promise<number> {
    await this.lua(`
      local function used()
        local usage = vim.uv.getrusage()
        return (usage.utime.sec + usage.stime.sec) * 1e3 + (usage.utime.usec + usage.stime.usec) / 1e3
      end
      local last, longest = used(), 0
      local timer = vim.uv.new_timer()
      timer:start(0, 1, function()
        local now = used()
        longest = math.max(longest, now - last)
        last = now
      end)
      _G.longest_work = function()
        timer:stop()
        timer:close()
        return longest
      end`);
    await work();
    return this.lua<number>('return _G.longest_work()');
  }

  async dispose(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.nvim.notify('nvim_command', ['qall!']);
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 3_000 * patience);
    await gone;
    clearTimeout(timer);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const startEditor = async (options: EditorOptions = {}): Promise<Editor> => {
  const { columns = 80, rows = 24, before = '', root: plugin = root } = options;
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-nvim-'));
  const env: Record<string, string | undefined> = {
    ...process.env,
    XDG_CONFIG_HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_STATE_HOME: folder,
    XDG_CACHE_HOME: folder,
    ...options.env,
  };
  const args = ['--clean', '--embed', '-n'];
  if (before !== '') args.push('--cmd', `lua ${before}`);
  args.push('--cmd', `set runtimepath^=${plugin}`, '--cmd', 'set termguicolors shortmess+=I');
  const program = process.env.KUBECTL_LIVE_NVIM || 'nvim';
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  // An editor that ends while it is written to is not the test's failure; what it should have done is.
  for (const stream of [child.stdin, child.stdout]) stream.on('error', () => undefined);
  const nvim = new NeovimClient({ logger: silent as never });
  nvim.requestApi = async () => [0];
  const editor = new Editor(child, nvim, folder);
  nvim.attach({ reader: child.stdout, writer: child.stdin });
  await nvim.request('nvim_ui_attach', [columns, rows, { ext_linegrid: true, rgb: true }]);
  await editor.until('the first screen', () => editor.grid.flushes > 0);
  return editor;
};
