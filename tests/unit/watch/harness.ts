import { onTestFinished, vi } from 'vitest';
import { jsonDecoder } from '../../../src/decode/json.ts';
import type { Freshness } from '../../../src/protocol/freshness.ts';
import type { WatchEvent } from '../../../src/watch/events.ts';
import { type ReflectorOptions, startReflector } from '../../../src/watch/reflector.ts';
import { fakeClock } from '../fake-clock.ts';
import { scriptedTransport } from './scripted-transport.ts';

export const pod = (name: string, resourceVersion: string, uid = `uid-${name}`) => ({
  metadata: { name, namespace: 'shop', uid, resourceVersion },
});

export const list = (resourceVersion: string, items: readonly unknown[], next = '') => ({
  metadata: { resourceVersion, ...(next === '' ? {} : { continue: next }) },
  items,
});

export const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

/** An event in a few words: `apply a b`, `freshness live`. */
const words = (event: WatchEvent): string => {
  switch (event.type) {
    case 'apply':
    case 'delete':
      return [event.type, ...event.items.map((item) => item.meta.name)].join(' ');
    case 'freshness':
      return `freshness ${event.freshness.phase}`;
    case 'columns':
      return `columns ${event.columns.map((column) => column.title).join(' ')}`;
    default:
      return event.type;
  }
};

export const start = (options: Partial<ReflectorOptions> = {}) => {
  const clock = fakeClock(1_000_000);
  const script = scriptedTransport();
  const events: WatchEvent[] = [];
  const bugs: unknown[] = [];
  const reflector = startReflector({
    transport: script.transport,
    path: '/api/v1/pods',
    selectors: {},
    decoder: jsonDecoder,
    clock,
    random: () => 0.5,
    emit: (event) => events.push(event),
    onBug: (error) => bugs.push(error),
    ...options,
    // Time stands still here: nothing may wait for what else arrives with it.
    limits: { gatherMs: 0, ...options.limits },
  });
  onTestFinished(() => reflector.dispose());
  return {
    ...script,
    next: script.next,
    clock,
    events,
    bugs,
    reflector,
    get log(): string[] {
      return events.map(words);
    },
    get freshness(): Freshness | undefined {
      return events.flatMap((event) => (event.type === 'freshness' ? [event.freshness] : [])).at(-1);
    },
    /** Waits until the last event is this one. */
    reached: (last: string) =>
      vi.waitFor(() => {
        const log = events.map(words);
        if (log.at(-1) !== last) throw new Error(`expected ${last} at the end of ${log.join(', ')}`);
      }),
    /** Waits until the view claims this. */
    claims: (phase: Freshness['phase']) =>
      vi.waitFor(() => {
        const last = events.flatMap((event) => (event.type === 'freshness' ? [event.freshness] : [])).at(-1);
        if (last?.phase !== phase) throw new Error(`expected ${phase}, not ${JSON.stringify(last)}`);
        return last;
      }),
  };
};

/** Up to a live watch at version 10 with the pods a and b. */
export const startLive = async (options: Partial<ReflectorOptions> = {}) => {
  const run = start(options);
  (await run.next()).json(list('10', [pod('a', '5'), pod('b', '6')]));
  const call = await run.next();
  const stream = call.open();
  await run.claims('live');
  return { ...run, run, call, stream };
};

export const status = (code: number, message: string, details: object = {}) => ({
  kind: 'Status',
  code,
  message,
  details,
});

/** Lets everything that could still happen happen. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
