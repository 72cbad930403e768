import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../../src/objects/differences.ts';
import { type JsonMap, pathText } from '../../../src/objects/json.ts';
import { mergeObjects } from '../../../src/objects/merge.ts';

const { object: objects } = fc.letrec<{ value: unknown; object: JsonMap }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ max: 3 }),
    fc.string({ maxLength: 1 }),
    fc.array(fc.integer(), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'constructor', 'name', 'valueOf'), tie('value'), {
    noNullPrototype: true,
  }) as fc.Arbitrary<JsonMap>,
}));

describe('a three-way merge', () => {
  it('takes one side where the other changed nothing, and agrees with two equal changes', () => {
    fc.assert(
      fc.property(objects, objects, (base, changed) => {
        expect(mergeObjects(base, changed, base)).toEqual({ value: changed, conflicts: [] });
        expect(mergeObjects(base, base, changed)).toEqual({ value: changed, conflicts: [] });
        expect(mergeObjects(base, changed, changed)).toEqual({ value: changed, conflicts: [] });
      }),
    );
  });

  it('never loses a change of ours, and tells every place where theirs gave way', () => {
    fc.assert(
      fc.property(objects, objects, objects, (base, ours, theirs) => {
        const { value, conflicts } = mergeObjects(base, ours, theirs);
        const clash = differences(base, ours).length > 0 && differences(value, theirs).length > 0;
        if (conflicts.length > 0) expect(clash).toBe(true);
        if (conflicts.length === 0) {
          // Merged the other way round it is the same.
          expect(mergeObjects(base, theirs, ours).value).toEqual(value);
        }
      }),
    );
  });

  it('brings changes of different fields and of different containers together', () => {
    const of = (replicas: number, main: string, proxy: string) => ({
      spec: {
        replicas,
        containers: [
          { name: 'main', image: main },
          { name: 'proxy', image: proxy },
        ],
      },
    });
    const merged = mergeObjects(of(1, 'm:1', 'p:1'), of(2, 'm:2', 'p:1'), of(1, 'm:1', 'p:2'));
    expect(merged).toEqual({ value: of(2, 'm:2', 'p:2'), conflicts: [] });
  });

  it('keeps ours where both changed one thing, and says so', () => {
    const { value, conflicts } = mergeObjects({ spec: { n: 1 } }, { spec: { n: 2 } }, { spec: { n: 3 } });
    expect(value).toEqual({ spec: { n: 2 } });
    expect(conflicts.map(pathText)).toEqual(['spec.n']);
  });

  it('sees a removal against a change', () => {
    const { conflicts } = mergeObjects({ a: { x: 1 } }, {}, { a: { x: 2 } });
    expect(conflicts.map(pathText)).toEqual(['a']);
  });
});
