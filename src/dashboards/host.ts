import { Worker } from 'node:worker_threads';
import type { ClientSpec } from '../protocol/client-spec.ts';
import type { Params, Result, ToEditor } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { growFreely, growSlowly } from '../util/heap-growth.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** Re-opening within this time costs a frame; later it costs a start, and the memory is given back meanwhile. */
const idleMs = 5 * 60_000;

/** A start takes 0.2 s; what takes this long hangs. */
const openMs = 15_000;

export interface DashboardHost {
  open(params: Params<'dashboard.open'>): Promise<Result<'dashboard.open'>>;
  key(params: Params<'dashboard.key'>): void;
  resize(params: Params<'dashboard.resize'>): void;
  ack(params: Params<'dashboard.ack'>): void;
  close(params: Params<'dashboard.close'>): void;
  dispose(): void;
}

export type DashboardHostOptions = {
  /** The bundled worker, dist/dashboards.js. */
  readonly workerUrl: URL;
  readonly clock: Clock;
  /** Something for whoever opened the dashboard of that number. */
  readonly emit: (dashboard: number, message: ToEditor) => void;
  /** The resolved client of a context; `stale` is one whose credential the server refused or soon will. */
  readonly clientFor: (context: string, stale?: ClientSpec) => Promise<ClientSpec>;
};

type ClientWanted = Extract<FromWorker, { type: 'client-wanted' }>;

type Opening = {
  readonly resolve: (opened: Result<'dashboard.open'>) => void;
  readonly reject: (error: Error) => void;
};

const spawn = (url: URL, truecolor: boolean): Worker =>
  new Worker(url, {
    // Ink's colours are decided when it is loaded. Level 3 would lose every colour under notermguicolors.
    env: { ...process.env, FORCE_COLOR: truecolor ? '3' : '2' },
    // fd 1 is the editor's channel: what a dependency prints must not get there.
    stdout: true,
    stderr: true,
    // Ink makes much garbage a frame: 8 MB would save 30 MB of memory and cost half as much CPU again.
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 256 },
  });

const closedError = (): ClusterError => new ClusterError('cancelled', 'The dashboard was closed before it was drawn.');

/** Main's handle on the dashboard worker, which is started at the first use and again after a crash. */
export const createDashboardHost = (options: DashboardHostOptions): DashboardHost => {
  const host = new Host(options);
  return {
    open: (params) => host.open(params),
    key: (params) => host.key(params),
    resize: (params) => host.resize(params),
    ack: (params) => host.ack(params),
    close: (params) => host.close(params),
    dispose: () => host.dispose(),
  };
};

class Host {
  readonly #options: DashboardHostOptions;
  readonly #openings = new Map<number, Opening>();
  readonly #open = new Set<number>();
  #worker: Worker | undefined;
  #truecolor = false;
  #cancelIdle: (() => void) | undefined;
  #disposed = false;

  constructor(options: DashboardHostOptions) {
    this.#options = options;
  }

  open(params: Params<'dashboard.open'>): Promise<Result<'dashboard.open'>> {
    if (this.#disposed) return Promise.reject(closedError());
    this.#cancelIdle?.();
    this.#start(params.truecolor);
    const { dashboard, name } = params;
    this.#settle(dashboard)?.reject(closedError());
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(openMs, () => {
        this.#crashed(`cannot open the dashboard ${name}, their worker did not answer for ${openMs / 1000} s`);
      });
      this.#openings.set(dashboard, {
        resolve: (opened) => {
          cancel();
          resolve(opened);
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      });
      this.#open.add(dashboard);
      this.#post({ type: 'open', params });
    });
  }

  key({ dashboard, keys }: Params<'dashboard.key'>): void {
    this.#post({ type: 'key', dashboard, keys });
  }

  resize({ dashboard, columns, rows }: Params<'dashboard.resize'>): void {
    this.#post({ type: 'resize', dashboard, columns, rows });
  }

  ack({ dashboard, seq }: Params<'dashboard.ack'>): void {
    this.#post({ type: 'ack', dashboard, seq });
  }

  close({ dashboard }: Params<'dashboard.close'>): void {
    if (!this.#open.has(dashboard)) return;
    this.#settle(dashboard)?.reject(closedError());
    this.#post({ type: 'close', dashboard });
    this.#ended(dashboard);
  }

  dispose(): void {
    this.#disposed = true;
    this.#cancelIdle?.();
    for (const dashboard of this.#open) this.#settle(dashboard)?.reject(closedError());
    this.#open.clear();
    this.#stop();
  }

  #start(truecolor: boolean): void {
    if (this.#truecolor !== truecolor && this.#open.size === 0) this.#stop();
    if (this.#worker !== undefined) return;
    growFreely();
    const worker = spawn(this.#options.workerUrl, truecolor);
    this.#worker = worker;
    this.#truecolor = truecolor;
    worker.stdout.pipe(process.stderr, { end: false });
    worker.stderr.pipe(process.stderr, { end: false });
    worker.on('message', (message: FromWorker) => this.#receive(worker, message));
    worker.on('error', (error) => this.#crashed(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => this.#crashed(`their worker ended with code ${code}`));
  }

  #stop(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined) return;
    worker.removeAllListeners();
    // Its end is ours now; an error on the way to it has nobody left to tell.
    worker.on('error', () => undefined);
    void worker.terminate();
  }

  #crashed(why: string): void {
    this.#stop();
    const message = `The dashboards stopped: ${why}. Open the dashboard again to restart them.`;
    const open = [...this.#open];
    this.#open.clear();
    for (const dashboard of open) {
      const opening = this.#settle(dashboard);
      if (opening === undefined) this.#options.emit(dashboard, { type: 'dashboard-ended', dashboard, message });
      else opening.reject(new ClusterError('internal', message));
    }
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #settle(dashboard: number): Opening | undefined {
    // Its code is there, or will not come.
    growSlowly();
    const opening = this.#openings.get(dashboard);
    this.#openings.delete(dashboard);
    return opening;
  }

  #ended(dashboard: number): void {
    this.#open.delete(dashboard);
    if (this.#open.size > 0) return;
    this.#cancelIdle?.();
    this.#cancelIdle = this.#options.clock.after(idleMs, () => this.#stop());
  }

  #receive(worker: Worker, message: FromWorker): void {
    switch (message.type) {
      case 'opened':
        this.#settle(message.dashboard)?.resolve({ title: message.title });
        break;
      case 'refused': {
        const { code, message: text, hint } = message.error;
        this.#settle(message.dashboard)?.reject(new ClusterError(code, text, { hint }));
        this.#ended(message.dashboard);
        break;
      }
      case 'client-wanted':
        this.#answerClient(worker, message);
        break;
      case 'emit':
        if (message.message.type === 'dashboard-ended') this.#ended(message.message.dashboard);
        this.#options.emit(message.dashboard, message.message);
        break;
      default:
        message satisfies never;
    }
  }

  #answerClient(worker: Worker, { wanted, context, stale }: ClientWanted): void {
    // The worker may be another one, or none, by the time the answer is there.
    const answer = (message: ToWorker): void => {
      if (this.#worker === worker) worker.postMessage(message);
    };
    this.#options.clientFor(context, stale).then(
      (spec) => answer({ type: 'client', wanted, spec }),
      (error: unknown) => {
        const { code, message, hint } = asClusterError(error);
        answer({ type: 'client-refused', wanted, error: { code, message, hint } });
      },
    );
  }
}
