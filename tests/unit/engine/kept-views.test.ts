import { expect, test, vi } from 'vitest';
import { createKeptViews } from '../../../src/engine/kept-views.ts';
import { ViewSession } from '../../../src/engine/view-session.ts';
import type { Row } from '../../../src/protocol/row.ts';
import type { Query, ToEditor } from '../../../src/protocol/wire.ts';
import { createStore } from '../../../src/store/create-store.ts';
import { TableView } from '../../../src/view/table-view.ts';
import { fakeClock } from '../fake-clock.ts';
import { columns, rowOf } from '../view/row-of.ts';

const pods = {
  ...{ group: '', version: 'v1', resource: 'pods', singular: 'pod', kind: 'Pod', namespaced: true },
  ...{ verbs: ['list', 'watch'], shortNames: [], categories: [], subresources: [] },
};

/** A live store whose tables can be closed and opened again. */
const stageOf = (...names: readonly string[]) => {
  const clock = fakeClock(36_000_000);
  const store = createStore({ processorFor: () => ({ columns, row: ({ object }) => object as Row }) });
  const meta = ({ uid, name, namespace }: Row, resourceVersion: string) => ({ uid, name, namespace, resourceVersion });
  let version = 0;
  const apply = (...rows: readonly Row[]): void => {
    version += 1;
    const items = rows.map((row) => ({
      meta: meta(row, String(version)),
      object: { ...row, resourceVersion: version },
    }));
    store.apply({ type: 'apply', items });
  };
  store.apply({ type: 'init' });
  apply(...names.map((name) => rowOf({ name })));
  store.apply({ type: 'ready' });
  store.apply({ type: 'freshness', freshness: { phase: 'live' } });
  const kept = createKeptViews(clock);
  const open = (query: Partial<Query> = {}) => {
    const gens: number[] = [];
    let first = '';
    const send = (message: ToEditor): void => {
      if (message.type !== 'frame') return;
      gens.push(message.gen);
      first ||= message.splices.map(({ text }) => text).join('\n');
    };
    const held = { store, release: () => undefined, reconnect: () => undefined };
    const session = new ViewSession({
      ...{ view: 1, context: 'prod', resource: pods, query: { resource: 'pods', ...query }, namespaces: ['shop'] },
      ...{
        clock,
        send,
        kept,
        rows: 40,
        acquire: () => [held],
        drill: async () => ({ open: 'logs', source: {} }) as never,
      },
    });
    return { session, gens, first: () => first, names: () => session.rows().map(({ name }) => name) };
  };
  return { clock, store, open, apply };
};

test('a table that is opened again within a minute is gone on with, with the rows as they are now', () => {
  const { clock, store, open, apply } = stageOf('a', 'b', 'c');
  const before = open();
  before.session.dispose();
  apply(rowOf({ name: 'b', status: 'Failed' }), rowOf({ name: 'd' }));
  const gone = rowOf({ name: 'a' });
  store.apply({
    type: 'delete',
    items: [{ meta: { uid: gone.uid, name: 'a', namespace: 'shop', resourceVersion: '9' }, object: gone }],
  });
  clock.advance(59_000);
  const rebuild = vi.spyOn(TableView.prototype, 'rebuild');
  const after = open();
  expect(rebuild).not.toHaveBeenCalled();
  expect(after.names()).toEqual(['b', 'c', 'd']);
  expect(after.first()).toMatch(/^shop +b +Failed.*\nshop +c +Running.*\nshop +d +Running.*$/);
  expect(after.gens[0]).toBeGreaterThan(before.gens[0] ?? 0);
  open();
  expect(rebuild, 'two tables at once share nothing').toHaveBeenCalledOnce();
  rebuild.mockRestore();
});

test.each([
  ['after a minute', {}, {}, 61_000],
  ['a table of some names', { names: ['a'] }, {}, 0],
  ['for a table of some names', {}, { names: ['a'] }, 0],
  ['for what an object owns', {}, { owner: 'uid-x' }, 0],
])('no table is gone on with: %s', (_, was, is, wait) => {
  const { clock, open } = stageOf('a', 'b');
  open(was).session.dispose();
  clock.advance(wait);
  const rebuild = vi.spyOn(TableView.prototype, 'rebuild');
  open(is);
  expect(rebuild).toHaveBeenCalledOnce();
  rebuild.mockRestore();
});
