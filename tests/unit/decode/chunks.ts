import fc from 'fast-check';

/** Cuts bytes at arbitrary places; many of the pieces are tiny. */
export const cutInto = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((left, right) => left - right);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    pieces.push(bytes.subarray(from, place));
    from = place;
  }
  return pieces;
};

export const cuts = fc.array(fc.nat(), { maxLength: 60 });

/** Objects as servers send them and as they should not: odd names, brackets and quotes in strings, nulls, nesting. */
export const objects: fc.Arbitrary<Record<string, unknown>> = fc.record({
  metadata: fc.record({
    uid: fc.uuid(),
    name: fc.string({ unit: 'grapheme', maxLength: 12 }),
    namespace: fc.constantFrom('shop', 'kube-system', ''),
    resourceVersion: fc.nat().map(String),
    labels: fc.dictionary(fc.string({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 8 }), {
      noNullPrototype: true,
    }),
  }),
  spec: fc.jsonValue({ maxDepth: 3 }),
  odd: fc.constantFrom('"items":[', '\\', '"}]', '{"a":[', '\u2028', 'é😀', '', null, [[[]]], {}, -1.5e-7),
});
