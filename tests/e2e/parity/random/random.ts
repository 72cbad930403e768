import fc from 'fast-check';

/** Objects made up at random: what is asked for, and states that a server accepts for it through `/status`. */
export type RandomKind = {
  /** As `resourceKey` writes it. */
  readonly resource: string;
  readonly body: fc.Arbitrary<Readonly<Record<string, unknown>>>;
  /** Without it the body says everything, and nothing is kept by the server at all. */
  readonly status?: fc.Arbitrary<Readonly<Record<string, unknown>>>;
  /** Some are deleted and held by a finalizer. */
  readonly deleted?: boolean;
};

export const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

export const counts = (...values: readonly number[]): fc.Arbitrary<number> => pick(0, 0, 1, 3, 12, ...values);

/** RFC 3339, from a second to three years ago. */
export const past: fc.Arbitrary<string> = fc
  .oneof(
    fc.integer({ min: 1, max: 400 }),
    fc.integer({ min: 400, max: 100_000 }),
    fc.integer({ min: 1, max: 90_000_000 }),
  )
  .map((seconds) => new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z'));

export const condition = (type: string, ...reasons: readonly string[]) =>
  fc.record({
    type: fc.constant(type),
    status: pick('True', 'False', 'Unknown'),
    reason: pick('Because', ...reasons),
    message: fc.constant(''),
    lastTransitionTime: past,
  });

export const someOf = <T>(...all: readonly fc.Arbitrary<T>[]): fc.Arbitrary<readonly T[]> =>
  fc
    .tuple(...all.map((each) => maybe(each)))
    .map((found) => found.flatMap((each) => (each === undefined ? [] : [each])));

export const selector = pick<{ matchLabels: Record<string, string>; matchExpressions?: readonly object[] }>(
  { matchLabels: { app: 'a' } },
  { matchLabels: { b: '2', app: 'a' } },
  {
    matchLabels: { app: 'a' },
    matchExpressions: [
      { key: 'zone', operator: 'NotIn', values: ['z2', 'z1'] },
      { key: 'app', operator: 'Exists' },
    ],
  },
);

/** Pods of it are taken by no scheduler, and matched by every `selector`. */
export const template = fc.uniqueArray(pick('main', 'side', 'proxy'), { minLength: 1, maxLength: 3 }).map((names) => ({
  metadata: { labels: { app: 'a', b: '2' } },
  spec: {
    schedulerName: 'nobody',
    nodeSelector: { 'test.example.com/none': 'x' },
    containers: names.map((name, index) => ({
      name,
      image: `registry.example/${name}${index > 0 ? '@sha256:01' : ':1'}`,
    })),
  },
}));
