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
