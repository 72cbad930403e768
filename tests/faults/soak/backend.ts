/** The backend of an editor: whether it is well, and how it ends. */
import { readFileSync } from 'node:fs';
import type { Editor } from '../../lua/harness.ts';

type Told = { readonly method?: string; readonly params?: { readonly sessionId: string } };

/** What a backend with a few small tables may take; one that leaks with each table or frame passes it. */
const mostMegabytes = 350;

export class Backend {
  readonly #editor: Editor;
  #pid = 0;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Learns who it is. */
  async meet(): Promise<void> {
    await this.#editor.lua(`
      _G.soak_pid = nil
      require('kubectl.host').request('health', {}, function(_, ok)
        _G.soak_pid = ok and tonumber(ok.sections[1].items[1].text:match('pid (%d+)')) or 0
      end)`);
    await this.#editor.until(
      'the pid',
      async () => (await this.#editor.lua('return _G.soak_pid ~= nil')) === true,
      20_000,
    );
    this.#pid = await this.#editor.lua<number>('return _G.soak_pid');
  }

  async #stderr(): Promise<string> {
    return await this.#editor.lua<string>(`return table.concat(require('kubectl.host').status().stderr or {}, '\\n')`);
  }

  async memory(): Promise<number> {
    const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes) / 1024);
  }

  async wrong(): Promise<readonly string[]> {
    const wrong: string[] = [];
    const stderr = await this.#stderr();
    if (/bug:/.test(stderr)) wrong.push(`the backend says: ${stderr}`);
    try {
      const megabytes = await this.memory();
      if (megabytes > mostMegabytes) wrong.push(`the backend takes ${megabytes} MB`);
    } catch {
      wrong.push('the backend is gone');
    }
    return wrong;
  }

  async kill(): Promise<void> {
    const { pid } = { pid: this.#pid };
    process.kill(pid, 'SIGKILL');
    const running = async () => (await this.#editor.lua(`return require('kubectl.host').running()`)) === true;
    await this.#editor.until('the end of the backend', async () => !(await running()));
    await this.#editor.lua(`require('kubectl.host').ensure()`);
    await this.#editor.until('a new backend', running);
    await this.meet();
  }

  /** `process.exit` in every worker, through the inspector of Node. */
  async endEngine(): Promise<void> {
    const [address = ''] = /ws:\/\/\S+/.exec(await this.#stderr()) ?? [];
    if (address === '') return;
    await this.#editor.lua(`
      _G.soak_ended = false
      require('kubectl.host').on('state', function(state)
        _G.soak_ended = _G.soak_ended or state.phase == 'ended'
      end)`);
    const socket = new WebSocket(address);
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
    const workers = new Set<string>();
    const send = (method: string, params: object) => socket.send(JSON.stringify({ id: 1, method, params }));
    const expression = 'process.exit(9)';
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
    socket.addEventListener('message', ({ data }) => {
      const { method, params } = JSON.parse(String(data)) as Told;
      if (method !== 'NodeWorker.attachedToWorker' || params === undefined) return;
      workers.add(params.sessionId);
      send('NodeWorker.sendMessageToWorker', { sessionId: params.sessionId, message });
    });
    send('NodeWorker.enable', { waitForDebuggerOnStart: false });
    await this.#editor.until(
      'the end of the engine',
      async () => (await this.#editor.lua('return _G.soak_ended')) === true,
      20_000,
    );
    socket.close();
  }
}
