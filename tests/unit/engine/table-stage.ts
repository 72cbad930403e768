import { ViewSession } from '../../../src/engine/view-session.ts';
import type { Row } from '../../../src/protocol/row.ts';
import { type Style, styleIndex } from '../../../src/protocol/styles.ts';
import type { Query, State, ToEditor } from '../../../src/protocol/wire.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { Coverage, Store } from '../../../src/store/store.ts';
import type { WatchEvent } from '../../../src/watch/events.ts';
import { fakeClock } from '../fake-clock.ts';
import { columns } from '../view/row-of.ts';

type Shown = { readonly text: string; readonly code: string };

const pods = {
  group: '',
  version: 'v1',
  resource: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  verbs: ['list', 'watch'],
  shortNames: [],
  categories: [],
  subresources: [],
};

const apply = (...rows: readonly Row[]): WatchEvent => ({
  type: 'apply',
  items: rows.map((row) => ({
    meta: { uid: row.uid, name: row.name, namespace: row.namespace, resourceVersion: row.resourceVersion },
    object: row,
  })),
});

/** A table session on a real store, and a client that applies and acknowledges every frame at once. */
export const tableStage = (
  query: Partial<Query> = {},
  start = 10 * 3_600_000,
  window: {
    readonly rows?: number;
    readonly unsure?: readonly string[];
    readonly ack?: number;
    readonly coverage?: () => Coverage;
  } = {},
) => {
  const clock = fakeClock(start);
  const store = createStore({ processorFor: () => ({ columns, row: ({ object }) => object as Row }) });
  let shown: Shown[] = [];
  let state: State | undefined;
  let titles = '';
  let frames = 0;
  const claims: [State['phase'], number][] = [];
  const turned: boolean[] = [];
  const loaded: [number, number][] = [];
  const take = (message: ToEditor): void => {
    if (message.type === 'state') {
      state = message;
      claims.push([message.phase, shown.length]);
    }
    if (message.type === 'event') loaded.push([Number(message.data.rows), shown.length]);
    if (message.type === 'layout') titles = message.titles;
    if (message.type !== 'frame') return;
    frames += 1;
    turned.push(message.turned === true);
    for (const { start: at, removed, count, text, codes } of message.splices) {
      const [texts, styles] = [text.split('\n'), codes.split('\n')];
      const lines = Array.from({ length: count }, (_, index) => ({
        text: texts[index] ?? '',
        code: styles[index] ?? '',
      }));
      shown = [...shown.slice(0, at), ...lines, ...(removed < 0 ? [] : shown.slice(at + removed))];
    }
    clock.after(window.ack ?? 0, () => session.ack(message.seq, message.gen));
  };
  let version = 1;
  const session = new ViewSession({
    view: 1,
    context: 'prod',
    resource: pods,
    query: { resource: 'pods', ...query },
    namespaces: ['shop'],
    ...(window.rows === undefined ? {} : { rows: window.rows }),
    clock,
    send: take,
    acquire: () => [
      {
        store: Object.create(store, {
          unsure: { value: window.unsure },
          coverage: { get: () => window.coverage?.() },
        }) as Store,
        release: () => undefined,
        reconnect: () => undefined,
      },
    ],
    drill: async () => ({ open: 'describe', source: { view: 1, key: '' } }),
  });
  const newer = (rows: readonly Row[]): Row[] => {
    version += 1;
    return rows.map((row) => ({ ...row, resourceVersion: String(version) }));
  };
  return {
    clock,
    session,
    /** A list that comes in bit by bit. */
    begin: (): void => store.apply({ type: 'init' }),
    /** Part of it, or an event without the time until it is drawn. */
    more: (...rows: readonly Row[]): void => store.apply(apply(...newer(rows))),
    end: (): void => {
      store.apply({ type: 'ready' });
      store.apply({ type: 'freshness', freshness: { phase: 'live' } });
    },
    /** A complete list; what it does not name is gone. */
    list: (...rows: readonly Row[]): void => {
      store.apply({ type: 'init' });
      store.apply(apply(...newer(rows)));
      store.apply({ type: 'ready' });
      store.apply({ type: 'freshness', freshness: { phase: 'live' } });
      clock.advance(100);
    },
    event: (...rows: readonly Row[]): void => {
      store.apply(apply(...newer(rows)));
      clock.advance(100);
    },
    texts: (): string[] => shown.map(({ text }) => text),
    names: (): string[] => shown.map(({ text }) => text.split(/ +/)[1] ?? ''),
    state: () => state,
    /** Each phase that was told, and how many lines had been sent by then. */
    claims,
    /** Of each frame, whether it is of other rows than the one before. */
    turned,
    /** Rows that were told to be loaded, and lines that had been sent by then. */
    loaded,
    titles: () => titles,
    frames: () => frames,
    /** The texts that have a style, from the top. */
    styled: (style: Style): string[] =>
      shown.flatMap(({ text, code }) =>
        [...code.matchAll(/(\d+),(\d+),(\d+);/g)].flatMap(([, first, last, index]) =>
          Number(index) === styleIndex(style)
            ? [Buffer.from(text).subarray(Number(first), Number(last)).toString()]
            : [],
        ),
      ),
  };
};
