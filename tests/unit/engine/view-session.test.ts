import { expect, test } from 'vitest';
import { rowOf } from '../view/row-of.ts';
import { tableStage } from './table-stage.ts';

test('a cell that an event changed stands out for a moment, what a list says does not', () => {
  const stage = tableStage();
  stage.list(rowOf({ name: 'a' }), rowOf({ name: 'b' }));
  expect(stage.styled('KubectlChanged')).toEqual([]);
  stage.event(rowOf({ name: 'a', status: 'Failed' }));
  expect(stage.styled('KubectlChanged')).toEqual(['Failed']);
  stage.clock.advance(1200);
  expect(stage.styled('KubectlChanged')).toEqual(['Failed']);
  stage.clock.advance(500);
  expect(stage.styled('KubectlChanged')).toEqual([]);
  stage.list(rowOf({ name: 'a', status: 'Running' }), rowOf({ name: 'b', count: 4 }));
  expect(stage.texts().join()).toMatch(/a .*Running.*b .*4/);
  expect(stage.styled('KubectlChanged')).toEqual([]);
});

test('sorting and filtering end what stands out', () => {
  const stage = tableStage();
  stage.list(rowOf({ name: 'a' }), rowOf({ name: 'b' }));
  stage.event(rowOf({ name: 'a', count: 5 }));
  expect(stage.styled('KubectlChanged')).toEqual(['5']);
  stage.session.update({ view: 1, sort: 'COUNT' });
  stage.clock.advance(100);
  expect([stage.names(), stage.styled('KubectlChanged')]).toEqual([['b', 'a'], []]);
  expect(stage.titles()).toContain('COUNT▲');
});

test('a thousand changes end in a few frames', () => {
  const stage = tableStage();
  const rows = Array.from({ length: 1000 }, (_, index) => rowOf({ name: `pod-${index}` }));
  stage.list(...rows);
  for (let round = 0; round < 10; round++) {
    stage.event(...rows.slice(round * 100, round * 100 + 100).map((row) => rowOf({ name: row.name, count: 1 })));
  }
  expect(stage.styled('KubectlChanged')).toHaveLength(1000);
  const before = stage.frames();
  stage.clock.advance(3000);
  expect(stage.styled('KubectlChanged')).toEqual([]);
  expect(stage.frames() - before).toBeLessThanOrEqual(8);
});

test('rows come and go by their age alone', () => {
  const stage = tableStage({ filter: 'AGE>1m' });
  const now = stage.clock.now();
  stage.list(rowOf({ name: 'old', created: now - 3_600_000 }), rowOf({ name: 'young', created: now - 55_000 }));
  expect(stage.names()).toEqual(['old']);
  stage.clock.advance(4000);
  expect(stage.names()).toEqual(['old']);
  stage.clock.advance(2500);
  expect(stage.names()).toEqual(['old', 'young']);
  expect(stage.state()?.middle).toMatch(/^2 /);
  stage.session.update({ view: 1, filter: 'AGE<2m' });
  stage.clock.advance(100);
  expect(stage.names()).toEqual(['young']);
  stage.clock.advance(60_000);
  expect(stage.texts().join()).toContain('2 without the filter');
});

test('an idle table whose filter compares no age has nothing to send', () => {
  const stage = tableStage({ filter: 'a' });
  stage.list(rowOf({ name: 'a', created: 0 }));
  const before = stage.frames();
  stage.clock.advance(30_000);
  expect(stage.frames()).toBe(before);
});

test('a paused table stands still, can be sorted and filtered, and then catches up', () => {
  const stage = tableStage();
  const now = stage.clock.now();
  stage.list(rowOf({ name: 'a', created: now }), rowOf({ name: 'b', count: 2, created: now }));
  stage.session.update({ view: 1, paused: true });
  expect(stage.state()).toMatchObject({ phase: 'paused', right: '‖ paused' });
  const before = stage.texts();
  stage.event(rowOf({ name: 'a', status: 'Failed', created: now }), rowOf({ name: 'c', count: 1, created: now }));
  stage.clock.advance(5000);
  expect(stage.texts()).toEqual(before);
  stage.session.update({ view: 1, sort: 'COUNT' });
  stage.session.update({ view: 1, sort: 'COUNT' });
  stage.clock.advance(100);
  expect(stage.names()).toEqual(['b', 'a']);
  stage.session.update({ view: 1, filter: 'b' });
  stage.clock.advance(100);
  expect([stage.names(), stage.state()?.phase]).toEqual([['b'], 'paused']);
  stage.session.update({ view: 1, filter: '' });
  stage.session.update({ view: 1, paused: false });
  stage.clock.advance(100);
  expect([stage.names(), stage.state()?.phase]).toEqual([['b', 'c', 'a'], 'live']);
  expect(stage.styled('KubectlChanged')).toEqual(['Failed']);
});

test('a pause keeps rows that are deleted meanwhile, and ends with other namespaces', () => {
  const stage = tableStage();
  stage.list(rowOf({ name: 'a' }), rowOf({ name: 'b' }));
  stage.session.update({ view: 1, paused: true });
  stage.list(rowOf({ name: 'b' }));
  expect(stage.names()).toEqual(['a', 'b']);
  stage.session.update({ view: 1, namespaces: ['pay'] });
  stage.clock.advance(100);
  expect([stage.names(), stage.state()?.phase]).toEqual([['b'], 'live']);
});

test('an order can be set as it was, also the one by name', () => {
  const stage = tableStage({ sort: { title: 'COUNT', descending: false } });
  stage.list(rowOf({ name: 'a', count: 3 }), rowOf({ name: 'b', count: 1 }), rowOf({ name: 'c', count: 2 }));
  expect(stage.names()).toEqual(['b', 'c', 'a']);
  stage.session.update({ view: 1, order: { title: 'COUNT', descending: true } });
  stage.clock.advance(100);
  expect(stage.names()).toEqual(['a', 'c', 'b']);
  stage.session.update({ view: 1, order: { title: '', descending: false } });
  stage.clock.advance(100);
  expect(stage.names()).toEqual(['a', 'b', 'c']);
});

test('what is selected is acted on although the filter hides it, and is named as hidden', () => {
  const { session, list } = tableStage();
  list(rowOf({ name: 'cart' }), rowOf({ name: 'pay' }));
  session.update({ view: 1, filter: 'cart' });
  const { targets, hidden } = session.targets(['uid-shop-cart', 'uid-shop-pay', 'uid-gone']);
  expect(targets.map(({ name }) => name)).toEqual(['cart', 'pay']);
  expect(hidden).toEqual(['pay']);
});

test('after a scroll the ages that come into view are right within a frame, unless the table stands still', () => {
  const stage = tableStage();
  const created = stage.clock.now() - 120_000;
  stage.list(...Array.from({ length: 400 }, (_, index) => rowOf({ name: `pod-${1000 + index}`, created })));
  stage.session.look(0, 9);
  const wrong = (first: number, last: number): string[] => {
    const age = `2m${Math.floor((stage.clock.now() - created - 120_000) / 1000)}s`;
    return stage
      .texts()
      .slice(first, last + 1)
      .filter((text) => !text.endsWith(` ${age}`));
  };
  stage.clock.advance(3000);
  expect(wrong(0, 9)).toEqual([]);
  expect(wrong(300, 309)).not.toEqual([]);
  stage.session.look(300, 309);
  stage.clock.advance(34);
  expect(wrong(300, 309)).toEqual([]);
  stage.session.update({ view: 1, paused: true });
  const still = stage.texts();
  stage.clock.advance(5000);
  stage.session.look(100, 109);
  stage.clock.advance(34);
  expect(stage.texts()).toEqual(still);
});

test('a screen that is still filling is drawn within 4 ms and as soon as it is full, later rows thirty times a second', () => {
  const stage = tableStage({}, undefined, { rows: 10 });
  const row = (index: number) => rowOf({ name: `pod-${100 + index}` });
  stage.begin();
  const drawn: number[] = [];
  for (let index = 0; index < 16; index++) {
    stage.more(row(index));
    stage.clock.advance(1);
    drawn.push(stage.texts().length);
  }
  // The first line says that it is loading.
  expect(drawn.slice(0, 10)).toEqual([1, 1, 1, 4, 4, 4, 4, 8, 8, 10]);
  expect(drawn.slice(10)).toEqual([10, 10, 10, 10, 10, 10]);
  stage.clock.advance(34);
  expect(stage.texts()).toHaveLength(16);
});

test('a table says which resources were too many to look through', () => {
  const stage = tableStage({}, undefined, { unsure: ['pods', 'secrets'] });
  stage.list();
  expect(stage.state()?.middle).toBe('0  (only the first 4,000 looked through: pods, secrets)');
});

test('a short list is drawn once', () => {
  const stage = tableStage({}, undefined, { rows: 10 });
  const before = stage.frames();
  stage.begin();
  for (const name of ['a', 'b', 'c', 'd']) stage.more(rowOf({ name }));
  stage.end();
  stage.clock.advance(4);
  expect([stage.names(), stage.state()?.phase]).toEqual([['a', 'b', 'c', 'd'], 'live']);
  expect(stage.frames() - before).toBe(1);
});

test('a table is told to be live after the last of its rows', () => {
  const stage = tableStage();
  stage.begin();
  stage.more(...Array.from({ length: 1600 }, (_, index) => rowOf({ name: `pod-${1000 + index}`, count: index })));
  stage.end();
  stage.clock.advance(200);
  expect(stage.texts()).toHaveLength(1600);
  expect(stage.claims.filter(([phase]) => phase === 'live')).toEqual([['live', 1600]]);
  // Other namespaces, whose rows are known already.
  stage.claims.length = 0;
  stage.session.update({ view: 1, namespaces: ['pay'], order: { title: 'COUNT', descending: true } });
  stage.clock.advance(200);
  expect(stage.claims.map(([phase]) => phase)).toEqual(['loading', 'live']);
});

test('that its rows are loaded is told once, when the last of them is in the buffer', () => {
  const stage = tableStage({}, undefined, { rows: 40, ack: 10 });
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => rowOf({ name: `pod-${1000 + from + index}` }));
  stage.begin();
  stage.more(...rows(0, 10));
  stage.clock.advance(5);
  stage.more(...rows(10, 5));
  stage.end();
  stage.clock.advance(100);
  stage.event(...rows(15, 1));
  expect(stage.loaded).toEqual([[15, 15]]);
});

test('a table on whose screen something happens all the time is told to be live all the same', () => {
  const stage = tableStage({}, undefined, { rows: 40, ack: 10 });
  const rows = Array.from({ length: 1600 }, (_, index) => rowOf({ name: `pod-${1000 + index}` }));
  stage.begin();
  stage.more(...rows);
  stage.clock.advance(20);
  stage.end();
  for (let n = 1; n <= 300; n++) {
    stage.more(rowOf({ name: 'pod-1001', count: n }));
    stage.clock.advance(1);
  }
  expect(stage.state()?.phase).toBe('live');
});

test('what is said of the namespaces whose rows are here is of the rows that are shown', () => {
  let lost: readonly string[] = [];
  const coverage = () => ({ shown: 2 - lost.length, total: 2, lost, leftOut: 0 });
  const stage = tableStage({}, 0, { coverage });
  stage.list(rowOf({ name: 'a' }), rowOf({ name: 'b' }));
  stage.more(rowOf({ name: 'a', count: 4 }));
  lost = ['pay'];
  stage.more(rowOf({ name: 'a', count: 5 }));
  // Something else draws before what is gathered is taken in.
  stage.session.update({ view: 1, filter: 'b' });
  expect(stage.state()?.middle).not.toContain('no longer');
  stage.clock.advance(100);
  expect(stage.state()?.middle).toContain('no longer pay');
});

test('only another filter, other namespaces and a new session may hide rows that still are', () => {
  const stage = tableStage();
  stage.list(rowOf({ name: 'a', count: 2 }), rowOf({ name: 'b', count: 1 }));
  const since = (change: object): boolean[] => {
    stage.turned.length = 0;
    stage.session.update({ view: 1, ...change });
    stage.clock.advance(100);
    return stage.turned;
  };
  expect(since({ order: { title: 'COUNT', descending: false } })).toEqual([false]);
  expect(since({ hidden: ['COUNT'] })).toEqual([false]);
  expect(since({ filter: 'a' })).toEqual([true]);
  expect(since({ filter: '' })).toEqual([true]);
  expect(since({ namespaces: ['pay'], filter: 'b' })).toEqual([true]);
});

test('a table that is to be paused while its rows come stands still when they are there', () => {
  const stage = tableStage();
  stage.begin();
  stage.session.update({ view: 1, paused: true });
  stage.more(rowOf({ name: 'a' }));
  stage.clock.advance(100);
  expect([stage.names(), stage.state()?.phase]).toEqual([['a'], 'loading']);
  stage.more(rowOf({ name: 'b' }));
  stage.end();
  stage.clock.advance(100);
  expect([stage.names(), stage.state()?.phase]).toEqual([['a', 'b'], 'paused']);
  stage.event(rowOf({ name: 'c' }));
  expect(stage.names()).toEqual(['a', 'b']);
  stage.session.update({ view: 1, paused: false });
  stage.clock.advance(100);
  expect([stage.names(), stage.state()?.phase]).toEqual([['a', 'b', 'c'], 'live']);
});

/** A table of 400 rows whose first 40 are on the screen, and frames since it was there. */
const tallTable = () => {
  const stage = tableStage({}, undefined, { rows: 40 });
  const row = (index: number, count = 0) => rowOf({ name: `pod-${1000 + 2 * index}`, count });
  stage.list(...Array.from({ length: 400 }, (_, index) => row(index)));
  stage.session.look(0, 39);
  stage.clock.advance(1000);
  const before = stage.frames();
  const changeAt = (rate: number, index: (n: number) => number): void => {
    for (let n = 1; n <= rate; n++) {
      stage.more(row(index(n), n));
      stage.clock.advance(1000 / rate);
    }
  };
  return { stage, row, changeAt, frames: () => stage.frames() - before };
};

test('rows that nobody sees change ten times a second, what is on a screen thirty times', () => {
  const unseen = tallTable();
  unseen.changeAt(250, (n) => 100 + n);
  expect(unseen.frames()).toBeGreaterThanOrEqual(9);
  expect(unseen.frames()).toBeLessThanOrEqual(12);
  unseen.stage.clock.advance(100);
  expect(unseen.stage.texts()[350]).toMatch(/pod-1700 .* 250 /);
  const seen = tallTable();
  seen.changeAt(250, (n) => n % 40);
  expect(seen.frames()).toBeGreaterThanOrEqual(25);
});

test('a change that nobody sees is drawn at once in a table that was quiet, and when somebody comes to see it', () => {
  const { stage, row } = tallTable();
  stage.more(row(300, 7));
  stage.clock.advance(34);
  expect(stage.texts()[300]).toMatch(/pod-1600 .* 7 /);
  stage.more(row(301, 8));
  stage.clock.advance(34);
  expect(stage.texts()[301]).not.toMatch(/ 8 /);
  stage.session.look(290, 329);
  stage.clock.advance(34);
  expect(stage.texts()[301]).toMatch(/pod-1602 .* 8 /);
});

test('rows that come above or on a screen are drawn as fast as what is there, below it with what nobody sees', () => {
  const { stage, row } = tallTable();
  stage.session.look(100, 139);
  stage.clock.advance(34);
  const drawn = (name: string): boolean => stage.texts().some((text) => text.includes(` ${name} `));
  stage.more(row(300, 1));
  stage.clock.advance(34);
  stage.more(row(200.5));
  stage.clock.advance(34);
  expect(drawn('pod-1401')).toBe(false);
  expect(stage.state()?.middle).toBe('401');
  stage.more(row(50.5));
  stage.clock.advance(34);
  expect([drawn('pod-1101'), drawn('pod-1401')]).toEqual([true, true]);
});
