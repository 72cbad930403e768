import type { ActionResult, ToEditor } from '../protocol/wire.ts';

type Work = (signal: AbortSignal, onDone: (done: number, total: number) => void) => Promise<readonly ActionResult[]>;

/** Actions under way: their progress, and the way to stop them. */
export interface Runs {
  run(client: number, id: number, work: Work): Promise<readonly ActionResult[]>;
  cancel(client: number, id: number): void;
}

export const createRuns = (toEditor: (client: number, message: ToEditor) => void): Runs => {
  const aborts = new Map<string, AbortController>();
  return {
    run: async (client, id, work) => {
      const key = `${client}:${id}`;
      const abort = new AbortController();
      aborts.set(key, abort);
      try {
        return await work(abort.signal, (done, total) => {
          // One object is told by its result.
          if (total > 1) toEditor(client, { type: 'progress', run: id, done, total });
        });
      } finally {
        aborts.delete(key);
      }
    },
    cancel: (client, id) => aborts.get(`${client}:${id}`)?.abort(),
  };
};
