import { Worker } from 'node:worker_threads';
import type { Clock } from '../util/clock.ts';
import { growFreely } from '../util/heap-growth.ts';

/** An engine's worker needs longer to load its code than anything else on the way to the first row. */
export interface Workers {
  /** Starts the first one, for a context that is not known yet; when nobody takes it, it is ended. */
  warm(): void;
  take(): Worker;
  dispose(): void;
}

export type WorkersOptions = {
  /** The bundled worker, dist/engine.js. */
  readonly url: URL;
  /** Folder where Node keeps its compiled code. */
  readonly codeCache?: string | undefined;
  readonly clock: Clock;
  readonly onLog: (text: string) => void;
};

/** Until a credential is there, also one of a login plugin that is slow. */
const unusedMs = 60_000;

const start = ({ url, codeCache, onLog }: WorkersOptions): Worker => {
  // Until it is told what it is of (engine.ts).
  growFreely();
  // stdout is Neovim's channel: nothing a worker prints may reach it.
  const env = codeCache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: codeCache };
  const worker = new Worker(url, { env, stdout: true, stderr: true, name: 'engine' });
  worker.stdout.on('data', (chunk: Buffer) => onLog(chunk.toString()));
  worker.stderr.on('data', (chunk: Buffer) => onLog(chunk.toString()));
  return worker;
};

export const createWorkers = (options: WorkersOptions): Workers => {
  let warm: Worker | undefined;
  let taken = false;
  let cancel = (): void => undefined;

  const letGo = (): Worker | undefined => {
    const worker = warm;
    warm = undefined;
    cancel();
    worker?.removeAllListeners();
    return worker;
  };

  return {
    warm: () => {
      // Whoever asks later mostly finds an engine of the same context.
      if (warm !== undefined || taken) return;
      const worker = start(options);
      warm = worker;
      // The one who takes another in its place will learn whether that one can run.
      worker.on('error', (error) => {
        options.onLog(`an engine could not be started ahead: ${error.message}`);
        letGo();
      });
      worker.on('exit', letGo);
      cancel = options.clock.after(unusedMs, () => void letGo()?.terminate());
    },
    take: () => {
      taken = true;
      return letGo() ?? start(options);
    },
    dispose: () => void letGo()?.terminate(),
  };
};
