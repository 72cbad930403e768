import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableColumns, tableDecoder } from '../../../src/decode/table.ts';
import { cutInto, cuts } from './chunks.ts';

const columnDefinitions = [
  { name: 'Name', type: 'string', format: 'name', description: 'a [name]', priority: 0 },
  { name: 'Replicas', type: 'integer', format: 'int32', priority: 0 },
  { name: 'Nominated Node', type: 'string', format: '', priority: 1 },
];
const row = (name: string, replicas: number, version = '5') => ({
  cells: [name, replicas, '<none>'],
  object: {
    kind: 'PartialObjectMetadata',
    metadata: { name, namespace: 'shop', uid: `u-${name}`, resourceVersion: version },
  },
});
const table = (rows: readonly unknown[], columns: readonly unknown[] | null = columnDefinitions) => ({
  kind: 'Table',
  metadata: { resourceVersion: '12' },
  columnDefinitions: columns,
  rows,
});
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('tableColumns', () => {
  it('upper-cases names, hides priorities above 0 and aligns numbers', () => {
    expect(tableColumns(columnDefinitions)).toEqual([
      { title: 'NAME', type: 'string', format: 'name', description: 'a [name]' },
      { title: 'REPLICAS', type: 'integer', format: 'int32', align: 'right' },
      { title: 'NOMINATED NODE', type: 'string', format: '', wide: true },
    ]);
  });

  it.each([undefined, null, [], 'columns'])('takes %j for no columns', (definitions) => {
    expect(tableColumns(definitions)).toBeUndefined();
  });
});

describe('the list of tableDecoder', () => {
  it('streams rows with their cells and metadata, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 6 }), cuts, (names, at) => {
        const decoder = tableDecoder.list();
        const rows = names.map((name, index) => row(name, index));
        const items = cutInto(bytesOf(table(rows)), at).flatMap((piece) => [...decoder.push(piece)]);
        items.push(...decoder.end());
        expect(items.map((item) => item.object)).toEqual(rows);
        expect(items.map((item) => item.meta.name)).toEqual(names);
        expect(decoder.resourceVersion).toBe('12');
        expect(decoder.columns).toHaveLength(3);
      }),
    );
  });

  it('knows the columns before the first row', () => {
    const decoder = tableDecoder.list();
    const text = JSON.stringify(table([row('a', 1)]));
    decoder.push(Buffer.from(text.slice(0, text.indexOf('"rows":[') + 9)));
    expect(decoder.columns?.map((column) => column.title)).toEqual(['NAME', 'REPLICAS', 'NOMINATED NODE']);
  });

  it('shows name and age of plain objects where a server ignores as=Table', () => {
    const decoder = tableDecoder.list();
    const metadata = {
      name: 'a',
      namespace: 'n',
      uid: 'u',
      resourceVersion: '3',
      creationTimestamp: '2026-01-01T00:00:00Z',
    };
    const items = decoder.push(
      bytesOf({ kind: 'WidgetList', metadata: { resourceVersion: '8' }, items: [{ metadata, spec: {} }] }),
    );
    decoder.end();
    expect(decoder.columns?.map((column) => column.title)).toEqual(['NAME', 'AGE']);
    expect(items[0]?.object).toEqual({ cells: ['a', '2026-01-01T00:00:00Z'], object: { metadata, spec: {} } });
    expect(items[0]?.meta.uid).toBe('u');
  });

  it('names a row by its first cell where the object is left out', () => {
    const items = tableDecoder.list().push(bytesOf(table([{ cells: ['alone', 1, ''], object: null }])));
    expect(items[0]?.meta).toEqual({ uid: '', namespace: '', name: 'alone', resourceVersion: '' });
  });

  it('makes a row with a problem of one whose cells are no list', () => {
    const { object } = row('odd', 1);
    const items = tableDecoder.list().push(bytesOf(table([{ cells: 'odd', object }, row('good', 2)])));
    expect(items[0]?.problem).toBe('a row has no cells');
    expect(items[1]?.meta.name).toBe('good');
  });
});

describe('the watch of tableDecoder', () => {
  const line = (type: string, object: unknown) => Buffer.from(`${JSON.stringify({ type, object })}\n`);

  it('keeps the columns of the first event, for later ones have none', () => {
    const decoder = tableDecoder.watch();
    expect(decoder.push(line('ADDED', table([row('a', 1)])))[0]?.item.meta.name).toBe('a');
    const columns = decoder.columns;
    expect(columns).toHaveLength(3);
    expect(decoder.push(line('MODIFIED', table([row('a', 2, '6')], null)))[0]?.item.object).toEqual(row('a', 2, '6'));
    expect(decoder.columns).toEqual(columns);
  });

  it('takes the version of a bookmark from its row, or from the table where it has none', () => {
    const decoder = tableDecoder.watch();
    const bookmark = { cells: [], object: { metadata: { resourceVersion: '99' } } };
    expect(decoder.push(line('BOOKMARK', table([bookmark])))[0]).toMatchObject({
      type: 'BOOKMARK',
      item: { meta: { resourceVersion: '99' } },
    });
    expect(decoder.push(line('BOOKMARK', table([])))[0]).toMatchObject({
      type: 'BOOKMARK',
      item: { meta: { resourceVersion: '12' } },
    });
  });

  it('passes ERROR through and reads plain objects', () => {
    const decoder = tableDecoder.watch();
    expect(decoder.push(line('ERROR', { kind: 'Status', code: 410 }))[0]).toMatchObject({ type: 'ERROR' });
    const [event] = decoder.push(line('DELETED', { kind: 'Widget', metadata: { name: 'w', uid: 'u' } }));
    expect(event).toMatchObject({
      type: 'DELETED',
      item: { meta: { name: 'w', uid: 'u' }, object: { cells: ['w', null] } },
    });
  });
});
