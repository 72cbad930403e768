import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Methods, Reply } from '../../../src/protocol/wire.ts';
import { checkParams, type Shape } from '../../../src/rpc/check.ts';
import { createDispatch } from '../../../src/rpc/dispatch.ts';
import { paramShapes } from '../../../src/rpc/params.generated.ts';
import { ClusterError } from '../../../src/util/error.ts';

const methods = Object.keys(paramShapes) as (keyof Methods)[];

/** Values that a shape allows. */
const fitting = (shape: Shape): fc.Arbitrary<unknown> => {
  if (shape === 'text') return fc.string();
  if (shape === 'number') return fc.integer();
  if (shape === 'yesno') return fc.boolean();
  if ('oneOf' in shape) return fc.constantFrom(...shape.oneOf);
  if ('list' in shape) return fc.array(fitting(shape.list), { maxLength: 3 });
  if ('map' in shape) return fc.dictionary(fc.string(), fitting(shape.map), { maxKeys: 3 });
  if ('either' in shape) return fc.oneof(...shape.either.map(fitting));
  const fields = Object.entries({ ...shape.must, ...shape.may }).map(([name, each]) => [name, fitting(each)] as const);
  return fc.record<Record<string, unknown>>(Object.fromEntries(fields), { requiredKeys: Object.keys(shape.must) });
};

const complaint = (method: string, params: unknown): ClusterError | undefined => {
  try {
    checkParams(method, params);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ClusterError) return thrown;
    throw thrown;
  }
};

test.each(methods)('%s takes what its types say', (method) => {
  fc.assert(
    fc.property(fitting(paramShapes[method]), (params) => complaint(method, params) === undefined),
    { numRuns: 50 },
  );
});

test.each([
  ['view.open', {}, 'view.open: `view` is missing: it must be a number'],
  [
    'view.open',
    { view: 1, query: { resource: 7 }, rows: 3 },
    'view.open: `query.resource` must be a string, not the number 7',
  ],
  [
    'view.open',
    { view: 1, query: 'pods', rows: 3 },
    'view.open: `query` must be a table with resource, not the string "pods"',
  ],
  ['view.update', { view: Number.NaN }, 'view.update: `view` must be a number, not the number NaN'],
  ['namespace.use', { namespaces: ['a', null] }, 'namespace.use: `namespaces[1]` must be a string, not nil'],
  ['complete', { what: 'everything' }, '"namespaces" or "resources" or "names", not the string "everything"'],
  [
    'describe.open',
    { view: 1, source: { name: 'a' } },
    '`source` must be a table with view and key, or a table with resource and name',
  ],
  ['action.run', 'now', 'action.run: its parameters must be a table with action and'],
  ['context.use', { context: 'x'.repeat(2_000_000) }, 'context.use: `context` is too long: 2000000, at most 1048576'],
] as const)('%s says what is wrong with %j', (method, params, says) => {
  expect(complaint(method, params)).toMatchObject({ code: 'invalid', message: expect.stringContaining(says) });
});

test("Lua's empty table is a table without fields, and inherited names are no fields", () => {
  expect(complaint('contexts', [])).toBeUndefined();
  expect(complaint('health', [])).toBeUndefined();
  expect(complaint('view.close', Object.create({ view: 1 }))?.message).toContain('`view` is missing');
});

/** Anything at all, and often something that is nearly right. */
const rubbish = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true, withNullPrototype: true }),
  fc.record({
    id: fc.oneof(fc.integer(), fc.anything()),
    method: fc.oneof(fc.constantFrom(...methods, '__proto__', 'constructor'), fc.string(), fc.anything()),
    params: fc.oneof(
      fc.anything(),
      fc.record({ view: fc.anything(), query: fc.anything(), keys: fc.anything(), args: fc.anything() }),
    ),
  }),
);

test('whatever an editor sends: no throw, one answer to each id at most, and no handler sees what its types exclude', async () => {
  await fc.assert(
    fc.asyncProperty(rubbish, async (message) => {
      const replies: Reply[] = [];
      const seen: [string, unknown][] = [];
      const dispatch = createDispatch({
        find: async (method) =>
          Object.hasOwn(paramShapes, method) ? (params) => void seen.push([method, params]) : undefined,
        client: 1,
        reply: (reply) => replies.push(reply),
        onProblem: () => undefined,
      });
      await dispatch(message);
      expect(replies.length).toBeLessThanOrEqual(1);
      for (const [method, params] of seen) expect(complaint(method, params)).toBeUndefined();
      for (const reply of replies) {
        if ('error' in reply) expect(reply.error.message.length).toBeLessThan(500);
      }
    }),
    { numRuns: 2000 },
  );
});
