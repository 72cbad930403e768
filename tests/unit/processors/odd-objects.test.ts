/** Whatever objects hold, tables show it as text of one line, and one bad object costs one row. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../../src/decode/decoded.ts';
import { jsonDecoder } from '../../../src/decode/json.ts';
import { plans } from '../../../src/decode/proto/index.generated.ts';
import { protobufDecoder } from '../../../src/decode/protobuf.ts';
import { tableDecoder } from '../../../src/decode/table.ts';
import { rowJson } from '../../../src/engine/row-json.ts';
import type { AnyKind } from '../../../src/processors/define-kind.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { kinds } from '../../../src/processors/kinds/index.generated.ts';
import { makeProcessor } from '../../../src/processors/make-processor.ts';
import type { Processor } from '../../../src/processors/processor.ts';
import { tableProcessor } from '../../../src/processors/table.ts';
import type { Row } from '../../../src/protocol/row.ts';
import { displayWidth } from '../../../src/util/width.ts';
import { TableView } from '../../../src/view/table-view.ts';
import { encode, listOf as encodedList, envelope, frame } from '../decode/encode.ts';
import { oddObject, roughText } from './odd.ts';
import { resourceOf } from './resources.ts';

const now = Date.parse('2025-06-01T00:00:00Z');

const listOf = (items: readonly unknown[]): Buffer =>
  Buffer.from(JSON.stringify({ kind: 'List', metadata: { resourceVersion: '1' }, items }));

const decode = (bytes: Buffer): readonly Decoded[] => {
  const list = jsonDecoder.list();
  return [...list.push(bytes), ...list.end()];
};

const forbidden = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const isText = (value: unknown): boolean => typeof value === 'string';

/** What every other part of the program takes for granted of a row. */
const checkRow = (processor: Processor, row: Row): void => {
  expect(row.cells).toHaveLength(processor.columns.length);
  for (const cell of row.cells) {
    expect(cell.text).toBeTypeOf('string');
    expect(cell.text).not.toMatch(forbidden);
    expect(['string', 'number', 'undefined']).toContain(typeof cell.value);
  }
  expect([row.key, row.uid, row.name, row.namespace, row.resourceVersion].every(isText)).toBe(true);
  expect(row.key).not.toContain('\n');
  expect(Object.values(row.labels).every(isText)).toBe(true);
  expect(row.owners.every(isText)).toBe(true);
  expect(Object.values(row.facts ?? {}).every(isText)).toBe(true);
  expect(structuredClone(rowJson(row, processor.columns, now)).name).toBe(row.name);
  processor.children(row);
  processor.parent?.(row);
};

const codes = (code: string): readonly (readonly [number, number])[] =>
  [...code.matchAll(/(\d+),(\d+),\d+;/g)].map(([, first, last]) => [Number(first), Number(last)] as const);

/** A range cuts no character in two. */
const onBoundaries = (bytes: Buffer, range: readonly [number, number]): boolean =>
  range[0] <= range[1] &&
  range[1] <= bytes.length &&
  range.every((at) => at === bytes.length || ((bytes[at] ?? 0) & 0xc0) !== 0x80);

const checkLines = (processor: Processor, rows: readonly Row[], room: number | undefined): void => {
  const options = { sort: undefined, filter: '', wide: true, hidden: new Set<string>(), belongs: () => true, room };
  const view = new TableView([], options, now);
  view.rebuild(rows, processor.columns, options, now);
  expect(view.lines()).toHaveLength(new Set(rows.map(({ key }) => key)).size);
  const total = view.layout.shown.reduce((sum, { width }) => sum + width + 2, 0);
  for (const line of view.lines()) {
    expect(line.text).not.toMatch(forbidden);
    expect(displayWidth(line.text)).toBeLessThanOrEqual(total);
    const bytes = Buffer.from(line.text);
    for (const range of codes(line.code))
      expect([line.text, range, onBoundaries(bytes, range)]).toEqual([line.text, range, true]);
  }
  for (const { title } of processor.columns) {
    view.change({ ...options, sort: { title, descending: true } }, now);
    expect(view.lines()).toHaveLength(new Set(rows.map(({ key }) => key)).size);
  }
  view.change({ ...options, filter: 'a AGE>1m NAME:x' }, now);
  view.lines();
};

const entries = kinds.map((kind) => [kind.kind, kind] as readonly [string, AnyKind]);

describe.each(entries)('%s', (_, kind) => {
  const processor = makeProcessor(kind);

  it('makes rows and lines of anything', () => {
    const objects = fc.array(oddObject(kind.fields), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(objects, fc.constantFrom(undefined, 80, 20), (items, room) => {
        const decoded = decode(listOf(items));
        expect(decoded).toHaveLength(items.length);
        const rows = decoded.map((item) => processor.row(item));
        for (const row of rows) checkRow(processor, row);
        checkLines(processor, rows, room);
      }),
      { numRuns: 60 },
    );
  });

  it('makes one error row of one broken item', () => {
    const good = { metadata: { name: 'good', uid: '1' } };
    const bytes = listOf([good, 'BROKEN', null, good])
      .toString()
      .replace('"BROKEN"', '{"metadata":{"name":"bad","uid":"2"},}');
    const rows = decode(Buffer.from(bytes)).map((item) => processor.row(item));
    expect(rows.map(({ name, facts }) => [name, facts?.problem !== undefined])).toEqual([
      ['good', false],
      ['bad', true],
      ['item 3', true],
      ['good', false],
    ]);
    for (const row of rows) checkRow(processor, row);
  });
});

describe.each([...plans])('protobuf of %s', (key, plan) => {
  const [group = '', version = '', kind = ''] = key.split('/');
  const found = processorFor(resourceOf({ group, version, kind }));
  const good = encode(plan, { metadata: { name: 'good', uid: '1' } });
  const named = (rest: Uint8Array): Buffer =>
    Buffer.concat([encode(plan, { metadata: { name: 'bad', uid: '2', namespace: 'shop' } }), rest]);
  const garbage = fc.uint8Array({ minLength: 1, maxLength: 60 });

  it('is read up to what nobody understands, which costs one row', () => {
    fc.assert(
      fc.property(garbage, fc.boolean(), (bytes, withName) => {
        const list = protobufDecoder(plan).list();
        const sent = withName ? named(bytes) : Buffer.from(bytes);
        const items = [...list.push(encodedList([good, sent, good], '7')), ...list.end()];
        expect(items.map(({ meta }) => meta.uid)).toEqual(['1', items[1]?.meta.uid, '1']);
        if (withName && items[1]?.problem !== undefined) expect(items[1].meta).toMatchObject({ uid: '2', name: 'bad' });
        if (found.kind !== 'own') return;
        for (const item of items) checkRow(found.processor, found.processor.row(item));
      }),
      { numRuns: 60 },
    );
  });

  it('of a watch tells whose the broken object is', () => {
    const watch = protobufDecoder(plan).watch();
    // A length beyond the end of the message.
    const broken = named(Buffer.from([0xfa, 0x01, 0x7f]));
    const events = watch.push(frame('MODIFIED', envelope(kind, broken)));
    expect(events.map(({ type, item }) => [type, item.meta.name, item.problem !== undefined])).toEqual([
      ['MODIFIED', 'bad', true],
    ]);
  });
});

describe("the server's Table", () => {
  const resource = resourceOf({ group: 'example.com', version: 'v1', kind: 'Odd' });
  const cell = fc.oneof(roughText, fc.constantFrom(null, true, 1.5, -1, [], {}, ['\n'], { a: '\u001b' }));
  const definition = fc.record(
    {
      name: roughText,
      type: fc.constantFrom('string', 'integer', 'number', 'date', 'boolean', '', 7),
      format: fc.constantFrom('', 'name', 'int32', null),
      priority: fc.constantFrom(0, 1, 'x', null),
      description: roughText,
    },
    { requiredKeys: [] },
  );
  const table = fc.record({
    columnDefinitions: fc.array(definition, { minLength: 1, maxLength: 5 }),
    rows: fc.array(
      fc.record(
        {
          cells: fc.oneof(fc.array(cell, { maxLength: 6 }), fc.constantFrom<unknown>(null, 'x', {})),
          object: fc.oneof(oddObject([]), fc.constant(null)),
        },
        { requiredKeys: [] },
      ),
      { minLength: 1, maxLength: 5 },
    ),
  });

  it('becomes rows and lines whatever its columns and cells are', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(undefined, 40), (sent, room) => {
        const list = tableDecoder.list();
        const bytes = Buffer.from(JSON.stringify({ kind: 'Table', metadata: { resourceVersion: '1' }, ...sent }));
        const items = [...list.push(bytes), ...list.end()];
        expect(items).toHaveLength(sent.rows.length);
        const processor = tableProcessor(list.columns ?? [], resource, () => now);
        for (const { title } of processor.columns) expect(title).not.toMatch(forbidden);
        const rows = items.map((item) => processor.row(item));
        for (const row of rows) checkRow(processor, row);
        checkLines(processor, rows, room);
      }),
      { numRuns: 300 },
    );
  });
});
