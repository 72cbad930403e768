import { describe, expect, it } from 'vitest';
import type { TableColumn } from '../../../src/decode/decoded.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { ChangeSet } from '../../../src/store/store.ts';
import { column, decoded, type Item, maker } from './items.ts';

const start = () => {
  const bugs: unknown[] = [];
  let current = maker(undefined);
  const store = createStore({
    processorFor: (columns: readonly TableColumn[] | undefined) => {
      current = maker(columns);
      return current;
    },
    onBug: (error) => bugs.push(error),
  });
  const changes: ChangeSet[] = [];
  store.subscribe((change) => changes.push(change));
  const apply = (...items: Item[]) => store.apply({ type: 'apply', items: items.map(decoded) });
  const remove = (...items: Item[]) => store.apply({ type: 'delete', items: items.map(decoded) });
  const list = (...items: Item[]) => {
    store.apply({ type: 'init' });
    apply(...items);
    store.apply({ type: 'ready' });
  };
  return {
    store,
    changes,
    bugs,
    apply,
    remove,
    list,
    made: () => current.made,
    texts: () => [...store.rows.values()].map((row) => row.cells[0]?.text).sort(),
    last: () => changes.at(-1),
  };
};

describe('the first list', () => {
  it('goes into view while it streams', () => {
    const run = start();
    run.store.apply({ type: 'init' });
    run.apply({ name: 'a', version: '1' });
    expect(run.texts()).toEqual(['a@1']);
    expect(run.last()).toEqual({ upserted: new Set(['uid-a']), deleted: new Set(), reset: false });
  });

  it('that began twice drops at its end what the second did not name', () => {
    const run = start();
    run.store.apply({ type: 'init' });
    run.apply({ name: 'a', version: '1' }, { name: 'b', version: '2' });
    run.store.apply({ type: 'init' });
    run.apply({ name: 'b', version: '2' }, { name: 'c', version: '3' });
    expect(run.texts()).toEqual(['a@1', 'b@2', 'c@3']);
    run.store.apply({ type: 'ready' });
    expect(run.texts()).toEqual(['b@2', 'c@3']);
    expect(run.last()?.deleted).toEqual(new Set(['uid-a']));
  });
});

describe('a later list', () => {
  it('is not seen before it is complete, then is swapped in whole with what it does not name deleted', () => {
    const run = start();
    run.list({ name: 'a', version: '1' }, { name: 'b', version: '2' });
    const before = run.changes.length;
    run.store.apply({ type: 'init' });
    run.apply({ name: 'b', version: '5' });
    run.apply({ name: 'c', version: '6' });
    expect(run.texts()).toEqual(['a@1', 'b@2']);
    expect(run.changes.length).toBe(before);
    run.store.apply({ type: 'ready' });
    expect(run.texts()).toEqual(['b@5', 'c@6']);
    expect(run.changes.length).toBe(before + 1);
    expect(run.last()).toEqual({
      upserted: new Set(['uid-b', 'uid-c']),
      deleted: new Set(['uid-a']),
      reset: false,
      listed: true,
    });
  });

  it('that breaks leaves what was there', () => {
    const run = start();
    run.list({ name: 'a', version: '1' });
    run.store.apply({ type: 'init' });
    run.apply({ name: 'b', version: '5' });
    run.list({ name: 'a', version: '1' });
    expect(run.texts()).toEqual(['a@1']);
  });

  it('keeps the rows of what did not change as the same objects, without making them again', () => {
    const run = start();
    run.list({ name: 'a', version: '1' }, { name: 'b', version: '2' });
    const [a, made, told] = [run.store.rows.get('uid-a'), run.made(), run.changes.length];
    run.list({ name: 'a', version: '1' }, { name: 'b', version: '2' });
    expect(run.store.rows.get('uid-a')).toBe(a);
    expect(run.made()).toBe(made);
    expect(run.changes.length).toBe(told);
  });

  it('is the truth even when its versions went back, as after etcd was restored', () => {
    const run = start();
    run.list({ name: 'a', version: '100' });
    run.list({ name: 'a', version: '7' });
    expect(run.texts()).toEqual(['a@7']);
  });

  it('makes rows without a version anew, for nobody knows whether they changed', () => {
    const run = start();
    run.list({ name: 'a', version: '' });
    const a = run.store.rows.get('uid-a');
    run.list({ name: 'a', version: '' });
    expect(run.store.rows.get('uid-a')).not.toBe(a);
  });
});

describe('changes', () => {
  it('never let an older version of the same object overwrite a newer one', () => {
    const run = start();
    run.list({ name: 'a', version: '100' });
    const told = run.changes.length;
    run.apply({ name: 'a', version: '99' });
    expect(run.texts()).toEqual(['a@100']);
    expect(run.changes.length).toBe(told);
    run.apply({ name: 'a', version: '1000' });
    expect(run.texts()).toEqual(['a@1000']);
    run.apply({ name: 'a', version: 'opaque' });
    expect(run.texts()).toEqual(['a@opaque']);
  });

  it('take the same name with another uid for a delete and an add', () => {
    const run = start();
    run.list({ name: 'web', uid: 'old', version: '10' });
    run.apply({ name: 'web', uid: 'new', version: '12' });
    expect([...run.store.rows.keys()]).toEqual(['new']);
    expect(run.last()).toEqual({ upserted: new Set(['new']), deleted: new Set(['old']), reset: false });
    run.remove({ name: 'web', uid: 'old', version: '11' });
    expect([...run.store.rows.keys()]).toEqual(['new']);
    run.apply({ name: 'web', uid: 'old', version: '11' });
    expect([...run.store.rows.keys()]).toEqual(['new']);
  });

  it('keep the same name in other namespaces apart', () => {
    const run = start();
    run.list(
      { name: 'web', uid: 'u1', namespace: 'a', version: '1' },
      { name: 'web', uid: 'u2', namespace: 'b', version: '2' },
    );
    expect(run.store.rows.size).toBe(2);
  });

  it('delete by uid, and by name where the server gives none', () => {
    const run = start();
    run.list({ name: 'a', version: '1' }, { name: 'bare', uid: '', version: '2' });
    run.remove({ name: 'a', version: '3' }, { name: 'bare', uid: '', version: '4' }, { name: 'never', version: '5' });
    expect(run.store.rows.size).toBe(0);
    expect(run.last()?.deleted).toEqual(new Set(['uid-a', 'shop/bare']));
  });

  it('show an item that could not be read, and the next good one in its place', () => {
    const run = start();
    run.list({ name: 'a', version: '5' });
    run.apply({ name: 'a', uid: '', version: '', problem: 'not JSON' });
    expect([...run.store.rows.keys()]).toEqual(['shop/a']);
    run.apply({ name: 'a', version: '6' });
    expect([...run.store.rows.keys()]).toEqual(['uid-a']);
  });
});

describe('columns', () => {
  it('come with the first list and are known at once', () => {
    const run = start();
    run.store.apply({ type: 'init' });
    run.store.apply({ type: 'columns', columns: [column('COLOUR')] });
    expect(run.store.columns.map(({ title }) => title)).toEqual(['COLOUR']);
    expect(run.last()?.reset).toBe(true);
  });

  it('that changed are swapped in with their rows, all of them made anew', () => {
    const run = start();
    run.list({ name: 'a', version: '1' });
    run.store.apply({ type: 'init' });
    run.store.apply({ type: 'columns', columns: [column('COLOUR')] });
    run.apply({ name: 'a', version: '1' });
    expect(run.store.columns.map(({ title }) => title)).toEqual(['NAME']);
    const old = run.store.rows.get('uid-a');
    run.store.apply({ type: 'ready' });
    expect(run.store.columns.map(({ title }) => title)).toEqual(['COLOUR']);
    expect(run.store.rows.get('uid-a')).not.toBe(old);
    expect(run.last()?.reset).toBe(true);
  });

  it('that are the same as before change nothing', () => {
    const run = start();
    run.store.apply({ type: 'columns', columns: [column('COLOUR')] });
    run.list({ name: 'a', version: '1' });
    const [a, told] = [run.store.rows.get('uid-a'), run.changes.length];
    run.store.apply({ type: 'init' });
    run.store.apply({ type: 'columns', columns: [column('COLOUR')] });
    run.apply({ name: 'a', version: '1' });
    run.store.apply({ type: 'ready' });
    expect(run.store.rows.get('uid-a')).toBe(a);
    expect(run.changes.length).toBe(told);
  });
});

describe('listeners', () => {
  it('hear of a freshness that changed, with no rows', () => {
    const run = start();
    run.store.apply({ type: 'freshness', freshness: { phase: 'live' } });
    run.store.apply({ type: 'freshness', freshness: { phase: 'live' } });
    expect(run.store.freshness).toEqual({ phase: 'live' });
    expect(run.changes).toEqual([{ upserted: new Set(), deleted: new Set(), reset: false }]);
  });

  it('that throw reach the one place for bugs and not the others', () => {
    const run = start();
    const heard: string[] = [];
    run.store.subscribe(() => {
      throw new Error('bad listener');
    });
    run.store.subscribe(() => heard.push('good'));
    run.apply({ name: 'a', version: '1' });
    expect(heard).toEqual(['good']);
    expect(run.bugs).toEqual([new Error('bad listener')]);
  });

  it('are independent, also when they are the same function', () => {
    const run = start();
    let heard = 0;
    const listener = () => heard++;
    const end = run.store.subscribe(listener);
    run.store.subscribe(listener);
    end();
    end();
    run.apply({ name: 'a', version: '1' });
    expect(heard).toBe(1);
  });
});
