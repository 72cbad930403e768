/** One life of a backend in short, named by the argument. What it has to say goes to the IPC channel, not to stdout. */
import { Worker } from 'node:worker_threads';
import { load, settings, spec } from './spec.ts';

const say = (what: unknown): void => {
  process.send?.(what);
};

const inFlight = async (count: number): Promise<Promise<string>[]> => {
  const client = (await load()).client(spec());
  return Array.from({ length: count }, () => client.describe(settings));
};

const startWorker = (): Worker => new Worker(new URL('./worker.ts', import.meta.url));

/** A worker that has 50 describes under way when it is terminated. */
const terminatedWorker = async (): Promise<void> => {
  const worker = startWorker();
  await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
};

const lives: Readonly<Record<string, () => Promise<void>>> = {
  /** Ends by itself once the answers are there, though nothing was disposed. */
  async waits() {
    const texts = await Promise.all(await inFlight(3));
    say(texts.length);
  },
  /** Nothing under way: ends by itself at once. */
  async idle() {
    await load();
    say('loaded');
  },
  async exits() {
    await inFlight(20);
    process.exit(0);
  },
  /** The whole work in a worker; the addon is loaded there and nowhere else. */
  async worker() {
    const worker = startWorker();
    const answered = new Promise((resolve) => worker.on('message', (message) => message === 'answered' && resolve(0)));
    await answered;
    await worker.terminate();
    say('answered');
  },
  async terminated() {
    for (let round = 0; round < 5; round += 1) await terminatedWorker();
    const [text] = await Promise.all(await inFlight(1));
    say(text?.includes('kube-root-ca.crt'));
  },
  /** Two threads at once, each with a channel of its own. */
  async both() {
    const worker = startWorker();
    const answered = new Promise((resolve) => worker.on('message', (message) => message === 'answered' && resolve(0)));
    const texts = await Promise.all(await inFlight(20));
    await answered;
    await worker.terminate();
    say(texts.length);
  },
  /** Stays until it is killed. */
  async stays() {
    await inFlight(1);
    setInterval(() => {}, 1_000);
    say(process.pid);
  },
};

await lives[process.argv[2] ?? '']?.();
process.disconnect?.();
