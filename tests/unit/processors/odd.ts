import fc from 'fast-check';
import { commonFields } from '../../../src/processors/define-kind.ts';
import { type FieldTree, fieldTree } from '../../../src/processors/project.ts';

/** Texts that servers and their users have been seen to send, or could: each is legal in some field of some object. */
export const roughTexts: readonly string[] = [
  '',
  ' ',
  'plain',
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '\u001bP+q544e\u001b\\',
  'a\nb\r\nc\td',
  '\u0000\u0007\u0008\u007f\u009b31m',
  '%{luaeval("os.exit()")}%#Error#%=%*',
  'x\u202egnp.exe\u2066',
  'אבג\u200fab',
  'مرحبا السلام',
  '日本語のポッド',
  '👩\u200d💻👨\u200d👩\u200d👧🇩🇪❤\ufe0f',
  '\u200b\u200d\ufeff\u2028\u2029',
  '\u0301\u0302first',
  '\ud800half',
  '__proto__',
  'constructor',
  '2024-02-30T25:61:61Z',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '1e999Gi',
  '-5',
  '12345678901234567890',
  'NaN',
  '::ffff:1.2.3.4',
  'x'.repeat(5000),
];

export const roughText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...roughTexts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);

/** What may stand where something else is expected. */
const roughLeaf: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: roughText },
  {
    weight: 3,
    arbitrary: fc.constantFrom(null, true, false, 0, -1, 1.5, 1e21, 2 ** 53, -(2 ** 31), [], {}, [null], [[]], {
      '': '',
    }),
  },
);

const bag = (tree: FieldTree): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, node(child)])), { requiredKeys: [] });

const node = (child: FieldTree | true): fc.Arbitrary<unknown> => {
  if (child === true) {
    return fc.oneof(
      { weight: 4, arbitrary: roughLeaf },
      { weight: 1, arbitrary: fc.dictionary(roughText, roughLeaf, { maxKeys: 3 }) },
    );
  }
  return fc.oneof(
    { weight: 6, arbitrary: bag(child) },
    {
      weight: 3,
      arbitrary: fc.array(fc.oneof({ weight: 4, arbitrary: bag(child) }, { weight: 1, arbitrary: roughLeaf }), {
        maxLength: 3,
      }),
    },
    { weight: 2, arbitrary: roughLeaf },
  );
};

/** Objects with the fields that are read, and anything at all in them. */
export const oddObject = (fields: readonly string[]): fc.Arbitrary<Record<string, unknown>> =>
  bag(fieldTree([...commonFields, ...fields]));
