/** The test's side of the fake backend: answers requests as scripted, sends what a backend would, counts what came. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Line } from '../../src/protocol/line.ts';
import { styles } from '../../src/protocol/styles.ts';
import type { Methods, Params, Request, Result, Splice, ToEditor, WireError } from '../../src/protocol/wire.ts';
import { patience } from '../patience.ts';
import { type Editor, type EditorOptions, limitMs, root, startEditor } from './harness.ts';

export type Handler<M extends keyof Methods> = (params: Params<M>) => Result<M> | Promise<Result<M>>;

/** Thrown by a handler: the error the wire carries. */
export class Refusal extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

/** A handler that never answers. */
export const silence = (): Promise<never> => new Promise(() => undefined);

export const line = (key: string, text = key, code = ''): Line => ({ key, text, code });

export const spliceOf = (start: number, removed: number, lines: readonly Line[]): Splice => ({
  start,
  removed,
  count: lines.length,
  text: lines.map((each) => each.text).join('\n'),
  codes: lines.map((each) => each.code).join('\n'),
  keys: lines.map((each) => each.key).join('\n'),
});

type Said = { started?: number; argv?: string[]; request?: Request };

export class FakeBackend {
  readonly #server: Server;
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubectl-live-fake-'));
  #socket: Socket | undefined;
  readonly #handlers = new Map<string, (params: unknown) => unknown>();
  readonly requests: Request[] = [];
  /** Process ids, one for each start. */
  readonly starts: number[] = [];
  argv: string[] = [];
  #seq = 0;

  constructor() {
    this.#server = createServer((socket) => {
      this.#socket = socket;
      socket.on('error', () => undefined);
      const lines = createInterface({ input: socket });
      lines.on('error', () => undefined);
      lines.on('line', (text) => this.#heard(JSON.parse(text) as Said));
    });
    this.#defaults();
  }

  get path(): string {
    return join(this.#folder, 'socket');
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.path, resolve));
  }

  #defaults(): void {
    this.on('hello', () => ({
      version: '0.1.0',
      node: process.version,
      pid: this.starts.at(-1) ?? 0,
      styles,
      actions: [
        { id: 'delete', title: 'delete…', key: 'gD' },
        { id: 'scale', title: 'scale…', key: 'gS' },
      ],
    }));
    const contexts = ['prod', 'staging'].map((name) => ({
      name,
      cluster: `${name}-cluster`,
      server: 'https://example.invalid',
      user: 'jane',
      namespace: 'shop',
    }));
    this.on('contexts', () => ({ current: 'prod', contexts, problems: [] }));
    this.on('view.open', ({ query }) => ({
      context: query.context ?? 'prod',
      resource: query.resource,
      plural: query.resource,
      kind: 'Pod',
      namespaced: true,
      namespaces: ['shop'],
      name: `kubectl://${query.context ?? 'prod'}/${query.resource}`,
    }));
    this.on('namespaces', () => ({ context: 'prod', namespaces: ['default', 'kube-system', 'shop'] }));
    this.on('describe.open', () => ({ title: 'shop/cart', filetype: 'k8s_describe' }));
    this.on('logs.open', () => ({ title: 'shop/cart/app', filetype: 'k8s_logs' }));
    this.on('namespace.use', ({ namespaces }) => ({ namespaces }));
    this.on('context.use', ({ context }) => ({ context, namespaces: [] }));
  }

  on<M extends keyof Methods>(method: M, handler: Handler<M>): void {
    this.#handlers.set(method, handler as (params: unknown) => unknown);
  }

  #heard(said: Said): void {
    if (said.started !== undefined) {
      this.starts.push(said.started);
      this.argv = said.argv ?? [];
    }
    if (said.request !== undefined) void this.#answer(said.request);
  }

  async #answer(request: Request): Promise<void> {
    this.requests.push(request);
    const handler = this.#handlers.get(request.method);
    try {
      const ok = (await handler?.(request.params)) ?? {};
      if (request.id !== 0) this.send({ type: 'reply', id: request.id, ok });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.send({ type: 'reply', id: request.id, error: error.wire });
    }
  }

  #say(said: unknown): void {
    this.#socket?.write(`${JSON.stringify(said)}\n`);
  }

  send(message: ToEditor): void {
    this.#say({ message });
  }

  stderr(text: string): void {
    this.#say({ stderr: text });
  }

  exit(code: number): void {
    this.#say({ exit: code });
  }

  kill(): void {
    process.kill(this.starts.at(-1) ?? 0, 'SIGKILL');
  }

  all<M extends keyof Methods>(method: M): Params<M>[] {
    return this.requests.filter((request) => request.method === method).map((request) => request.params as Params<M>);
  }

  /** Waits until a method was asked for `count` times and returns the newest parameters. */
  async asked<M extends keyof Methods>(method: M, count = 1): Promise<Params<M>> {
    const end = performance.now() + limitMs * patience;
    for (let late = false; ; late = performance.now() >= end) {
      const found = this.all(method);
      if (found.length >= count) return found.at(-1) as Params<M>;
      if (late) break;
      await pause(5);
    }
    const heard = this.requests.map((request) => request.method).join(' ');
    throw new Error(`'${method}' was asked ${this.all(method).length} times, not ${count}; heard: ${heard}`);
  }

  frame(
    view: number,
    splices: readonly Splice[],
    total: number,
    { gen = 1, last = true, partial = false, turned = false } = {},
  ): number {
    this.#seq += 1;
    this.send({
      type: 'frame',
      view,
      gen,
      seq: this.#seq,
      splices,
      total,
      last,
      ...(partial ? { partial } : {}),
      ...(turned ? { turned } : {}),
    });
    return this.#seq;
  }

  /** Sends a frame and waits for its ack. */
  async applied(view: number, splices: readonly Splice[], total: number, options = {}): Promise<void> {
    const seq = this.frame(view, splices, total, options);
    const end = performance.now() + limitMs * patience;
    while (!this.all('view.ack').some((ack) => ack.seq === seq)) {
      if (performance.now() > end) throw new Error(`frame ${seq} was not acknowledged`);
      await pause(2);
    }
  }

  state(view: number, change: Partial<Extract<ToEditor, { type: 'state' }>> = {}): void {
    this.send({
      type: 'state',
      view,
      phase: 'live',
      left: 'prod ▸ pods ▸ shop',
      middle: '3',
      right: '● live',
      style: 'KubectlLive',
      shown: 3,
      total: 3,
      ...change,
    });
  }

  layout(view: number, titles: readonly string[], width = 12): void {
    this.send({
      type: 'layout',
      view,
      gen: 1,
      titles: titles.map((title) => title.padEnd(width)).join(''),
      columns: titles.map((title, index) => ({ title, start: index * width, width: width - 2, align: 'left' })),
      all: titles.map((title) => ({ title, wide: false })),
      sort: { title: titles[0] ?? '', descending: false },
    });
  }

  dispose(): void {
    this.#socket?.destroy();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export type Stage = { readonly editor: Editor; readonly backend: FakeBackend; dispose(): Promise<void> };

/** An editor whose plugin talks to a fake backend. `setup` is a Lua table's inside. */
export const startStage = async (options: EditorOptions & { readonly setup?: string } = {}): Promise<Stage> => {
  const backend = new FakeBackend();
  await backend.listen();
  const env = { ...options.env, KUBECTL_LIVE_FAKE: backend.path };
  const editor = await startEditor({ ...options, env });
  const script = join(root, 'tests', 'lua', 'fake-backend.ts');
  await editor.lua(`require('kubectl').setup({ backend = ..., ${options.setup ?? ''} })`, script);
  return {
    editor,
    backend,
    dispose: async () => {
      await editor.dispose();
      backend.dispose();
    },
  };
};

/** A stage with one loaded table of the given rows; its view has number 1. */
export const startTable = async (
  rows: readonly Line[],
  options: EditorOptions & { readonly setup?: string } = {},
): Promise<Stage> => {
  const stage = await startStage(options);
  await stage.editor.command('Kubectl');
  await stage.backend.asked('view.open');
  stage.backend.layout(1, ['NAMESPACE', 'NAME', 'STATUS']);
  stage.backend.state(1);
  await stage.backend.applied(1, [spliceOf(0, -1, rows)], rows.length);
  return stage;
};

/** Waits until the editor has taken what was sent, and all is heard that it said until then: nothing more comes of it. */
export const settled = async ({ editor, backend }: Stage): Promise<void> => {
  const asked = backend.all('contexts').length;
  await editor.lua(`
    vim.api.nvim_create_autocmd('User', { pattern = 'K8sDataLoaded', once = true, callback = function()
      require('kubectl.host').request('contexts', {}, function() end)
    end })`);
  backend.send({ type: 'event', name: 'K8sDataLoaded', data: {} });
  await backend.asked('contexts', asked + 1);
};
