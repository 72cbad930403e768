import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineDiff, revisionsIn } from '../../../src/sessions/rollout.ts';

test('revisions are those kubectl lists', () => {
  const history = 'deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n3         2 images\n12        x\n\n';
  expect(revisionsIn(history)).toEqual([1, 3, 12]);
});

test('a diff keeps what is common and shows what came and went', () => {
  expect(lineDiff(['a', 'image: 1', 'c'], ['a', 'image: 2', 'c', 'd'])).toEqual([
    ' a',
    '-image: 1',
    '+image: 2',
    ' c',
    '+d',
  ]);
});

test('both texts can be read from their diff', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = lineDiff(before, after);
      const side = (sign: string): string[] =>
        diff.filter((line) => !line.startsWith(sign)).map((line) => line.slice(1));
      expect(side('+')).toEqual(before);
      expect(side('-')).toEqual(after);
    }),
  );
});
