import { expect, test } from 'vitest';
import type { EntryHead } from '../../../src/journal/entry.ts';
import type { Entry } from '../../../src/journal/journal.ts';
import { styleIndex } from '../../../src/protocol/styles.ts';
import { entryLines, journalLines } from '../../../src/sessions/journal-text.ts';

const now = new Date(2026, 10, 21, 15, 0, 0).getTime();
const head = (id: number, more: Partial<EntryHead> = {}): EntryHead => ({
  ...{ id, at: now - 60_000, batch: 'b', context: 'prod', user: 'jane', action: 'scale' },
  target: { group: 'apps', version: 'v1', resource: 'deployments', kind: 'Deployment', namespace: 'shop', name: 'web' },
  ...{ command: 'kubectl scale', state: 'done', message: '1 → 3 replicas' },
  ...more,
});

test('a line an entry, its mark in its colour, keyed by its id; what never ended says so', () => {
  const entries = [
    head(3, { state: 'started', message: '' }),
    head(2, { state: 'failed', message: 'forbidden\nask', at: now - 5 * 86_400_000 }),
    head(1, { revertedBy: 9 }),
  ];
  const { lines, codes, keys } = journalLines(entries, now);
  expect(keys).toEqual(['', '3', '2', '1']);
  expect(lines.map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
    'TIME  CONTEXT  ACTION  OBJECT  RESULT  WHO',
    expect.stringMatching(
      /^14:59:00 {2}\? {2}prod {2}scale {2}shop deployments.apps\/web {2}its end was never written down/,
    ),
    '11-16 15:00  ✗  prod  scale  shop deployments.apps/web  forbidden ask  jane',
    '14:59:00  ✓  prod  scale  shop deployments.apps/web  1 → 3 replicas (taken back by 9)  jane',
  ]);
  const [start, end, style] = (codes[2] ?? '').replace(';', '').split(',').map(Number);
  expect(
    Buffer.from(lines[2] ?? '')
      .subarray(start, end)
      .toString(),
  ).toBe('✗');
  expect(style).toBe(styleIndex('KubectlError'));
});

const entry = (more: Partial<Entry>): Entry => ({
  ...head(7),
  ...{ uid: 'u', subresource: '', reverse: [], lost: [], dependents: [] },
  ...more,
});

test('an entry reads as a diff: fields of an update, the whole of what was made or deleted', () => {
  const toYaml = (object: object): string => `${JSON.stringify(object)}\n`;
  const reverse = [
    { op: 'test', path: '/spec/replicas', value: 3 },
    { op: 'replace', path: '/spec/replicas', value: 1 },
    { op: 'add', path: '/metadata/labels/a~1b', value: 'x' },
  ] as const;
  const update = entryLines(entry({ change: 'update', reverse, lost: ['/data/key'] }), toYaml);
  expect(update.slice(1, 4)).toEqual([
    '# shop deployments.apps/web in prod, by jane',
    '# kubectl scale',
    '# ✓ 1 → 3 replicas',
  ]);
  expect(update.slice(5)).toEqual([
    '- spec.replicas: 1',
    '+ spec.replicas: 3',
    '- metadata.labels.a/b: "x"',
    '! data.key changed; its value is not kept',
  ]);
  const gone = entryLines(entry({ change: 'delete', before: { kind: 'A' }, dependents: [{ kind: 'B' }] }), toYaml);
  expect(gone.slice(5)).toEqual(['- {"kind":"A"}', '- ---', '- {"kind":"B"}']);
  expect(entryLines(entry({ change: 'create', after: { kind: 'A' } }), toYaml).at(-1)).toBe('+ {"kind":"A"}');
  expect(entryLines(entry({}), toYaml).at(-1)).toBe('No change was written down.');
});

test('control characters of a server are never written into a buffer', () => {
  const { lines } = journalLines([head(1, { message: 'a\u001b[31mb\rc' })], now);
  for (const control of ['\u001b', '\r']) expect(lines[1]).not.toContain(control);
});
