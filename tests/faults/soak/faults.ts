/** What the proxy does to the watches of a soak, and how it ends. */
import { systemClock } from '../../../src/util/clock.ts';
import type { FaultProxy } from '../proxy.ts';
import type { FaultName } from './fault-names.ts';
import type { World } from './world.ts';

export type FaultStage = {
  readonly proxy: FaultProxy;
  readonly world: World;
};

export type Fault = {
  readonly begin: (stage: FaultStage) => Promise<void> | void;
  /** Before it is healed. */
  readonly end?: (stage: FaultStage) => Promise<void> | void;
  /** While it lasts nothing is live after so many ms, and nothing becomes so. */
  readonly blindAfterMs?: number;
};

const status = (code: number, reason: string, message: string) => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message },
});
const expired = status(410, 'Expired', 'too old resource version: 1 (2)');
const unavailable = status(503, 'ServiceUnavailable', 'starting up');
const unauthorized = status(401, 'Unauthorized', 'Unauthorized');
const forbidden = status(403, 'Forbidden', 'watching is not allowed');
const html = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' };

const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;

/** Watches are opened one for each table: as many as there are meet what comes. */
const some = (proxy: FaultProxy): number => Math.max(1, proxy.watches);

/** The grace of a reconnection, and what a busy machine takes to tell. */
const soonMs = 8_000;
/** Silence is asked about after 8 s, the question is given 4 s, and both are looked at every 2 s. */
const silenceMs = 20_000;

const newest = async ({ world }: FaultStage): Promise<string> => {
  const { metadata } = await world.api.json<{ metadata: { resourceVersion: string } }>({ path: '/api/v1/namespaces' });
  return metadata.resourceVersion;
};

const bookmark = (resourceVersion: string) => line('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion } });

/** Every watch is lost and each new one is answered so, as many times as there are watches. */
const lostAnd =
  (...answers: readonly Parameters<FaultProxy['answer']>[1][]) =>
  ({ proxy }: FaultStage) => {
    const times = some(proxy);
    for (const answer of answers) proxy.answer('watch', answer, times);
    proxy.resetWatches();
  };

export const faults: Readonly<Record<FaultName, Fault>> = {
  close: { begin: ({ proxy }) => proxy.closeWatches() },
  reset: { begin: ({ proxy }) => proxy.resetWatches(), end: ({ proxy }) => proxy.resetWatches() },
  'cut event': { begin: ({ proxy }) => proxy.cutNextEvent() },
  hold: { begin: ({ proxy }) => proxy.holdWatches(), end: ({ proxy }) => proxy.releaseWatches() },
  'expired watch': { begin: lostAnd(expired) },
  'expired twice': {
    begin: (stage) => {
      stage.proxy.answer('list', expired, some(stage.proxy));
      lostAnd(expired)(stage);
    },
  },
  'lost events': {
    begin: ({ proxy }) => proxy.freezeWatches(),
    end: lostAnd(expired),
  },
  throttled: {
    begin: lostAnd({ ...status(429, 'TooManyRequests', 'too many requests'), headers: { 'retry-after': '1' } }),
  },
  unavailable: {
    begin: ({ proxy }) => {
      proxy.answer('watch', unavailable);
      proxy.resetWatches();
    },
    blindAfterMs: soonMs,
  },
  'bad gateway': { begin: lostAnd(html) },
  'refused list': {
    begin: (stage) => {
      stage.proxy.answer('list', { refuse: 'reset' }, some(stage.proxy));
      stage.proxy.answer('list', unavailable, 1);
      lostAnd(expired)(stage);
    },
  },
  'half a list': {
    begin: (stage) => {
      stage.proxy.halve('list', some(stage.proxy));
      lostAnd(expired)(stage);
    },
  },
  garbage: { begin: ({ proxy }) => proxy.inject('\u0000\u0000\u0000\u0004{"\u00ff}\n<html>\n') },
  'expired stream': { begin: ({ proxy }) => proxy.inject(line('ERROR', expired.body)) },
  'future version': {
    begin: async (stage) => {
      stage.proxy.inject(bookmark(`${Number(await newest(stage)) + 100_000}`));
    },
    end: ({ proxy }) => proxy.resetWatches(),
  },
  'bookmarks only': {
    begin: async (stage) => {
      stage.proxy.inject(bookmark(await newest(stage)));
    },
    end: ({ proxy }) => proxy.closeWatches(),
  },
  drip: { begin: ({ proxy }) => proxy.drip(7) },
  'slow answers': {
    begin: ({ proxy }) => {
      proxy.slow(300, systemClock);
      proxy.resetWatches();
    },
  },
  'login once': { begin: lostAnd(unauthorized) },
  'login refused': {
    begin: ({ proxy }) => {
      proxy.answer('watch', unauthorized);
      proxy.resetWatches();
    },
    blindAfterMs: soonMs,
  },
  'watch forbidden': {
    begin: ({ proxy }) => {
      proxy.answer('watch', forbidden);
      proxy.resetWatches();
    },
    blindAfterMs: soonMs,
  },
  'dark connections': { begin: ({ proxy }) => proxy.dark('old') },
  dark: { begin: ({ proxy }) => proxy.dark(), end: ({ proxy }) => proxy.light(), blindAfterMs: silenceMs },
};
