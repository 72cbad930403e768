import { describe, expect, it } from 'vitest';
import type { Decoded, TableColumn } from '../../../src/decode/decoded.ts';
import { tableProcessor } from '../../../src/processors/table.ts';
import { cellText, compareCells } from '../../../src/protocol/cell-text.ts';
import type { Row } from '../../../src/protocol/row.ts';
import { resourceOf } from './resources.ts';

const now = Date.UTC(2026, 4, 1);
const iso = (seconds: number): string => new Date(now - seconds * 1000).toISOString().replace('.000Z', 'Z');

const column = (title: string, type = 'string', more: Partial<TableColumn> = {}): TableColumn => ({
  title,
  type,
  format: title === 'NAME' ? 'name' : '',
  ...more,
});

const item = (cells: readonly unknown[], metadata: object = {}): Decoded => ({
  meta: { uid: 'u1', namespace: 'shop', name: 'one', resourceVersion: '5' },
  object: { cells, object: { metadata: { name: 'one', namespace: 'shop', uid: 'u1', ...metadata } } },
});

const widgets = resourceOf({ group: 'example.com', kind: 'Widget' });

const processorOf = (...columns: readonly TableColumn[]) => tableProcessor(columns, widgets, () => now);

const textsOf = (columns: readonly TableColumn[], row: Row, at = now): readonly string[] => {
  const processor = processorOf(...columns);
  return row.cells.map((cell, index) => cellText(cell, processor.columns[index] ?? { title: '' }, at));
};

describe('rows from a Table', () => {
  it('put the namespace first where there is one, as kubectl does', () => {
    const columns = [column('NAME')];
    expect(textsOf(columns, processorOf(...columns).row(item(['one'])))).toEqual(['shop', 'one']);
    const cluster = tableProcessor(columns, resourceOf({ kind: 'Thing', namespaced: false }));
    expect(cluster.columns.map(({ title }) => title)).toEqual(['NAME']);
  });

  it('let the age tick from the time the object was made', () => {
    const columns = [column('NAME'), column('AGE', 'date')];
    const row = processorOf(...columns).row(item(['one', '5m'], { creationTimestamp: iso(302) }));
    expect(textsOf(columns, row)[2]).toBe('5m2s');
    expect(textsOf(columns, row, now + 60_000)[2]).toBe('6m2s');
    expect(row.created).toBe(now - 302_000);
  });

  it('believe a custom resource that calls another date its age', () => {
    const description = 'Custom resource definition column (in JSONPath format): ';
    const read = (path: string) => {
      const columns = [column('AGE', 'date', { description: description + path })];
      return textsOf(columns, processorOf(...columns).row(item(['5m'], { creationTimestamp: iso(7200) })))[1];
    };
    expect(read('.metadata.creationTimestamp')).toBe('120m');
    expect(read('.status.lastSeen')).toBe('5m');
  });

  it('let other dates tick from when they were received', () => {
    const columns = [column('LAST BACKUP', 'date')];
    const row = processorOf(...columns).row(item(['5m30s']));
    expect(textsOf(columns, row)[1]).toBe('5m30s');
    expect(textsOf(columns, row, now + 30_000)[1]).toBe('6m');
  });

  it('take no other words of a date column for times', () => {
    const columns = [column('EXPIRES', 'date')];
    const { cells } = processorOf(...columns).row(item(['web-2']));
    expect([cells[1]?.text, cells[1]?.value]).toEqual(['web-2', undefined]);
  });

  it('keep instants that kubectl prints as they are', () => {
    const columns = [column('CREATED AT', 'date')];
    expect(textsOf(columns, processorOf(...columns).row(item([iso(60)])))[1]).toBe(iso(60));
  });

  it('sort by value, whatever the type', () => {
    const sorted = (title: string, type: string, values: readonly unknown[]): readonly string[] => {
      const processor = processorOf(column(title, type));
      const cells = values.map((value) => processor.row(item([value])).cells[1] ?? { text: '', value: undefined });
      return [...cells].sort((a, b) => compareCells(a, b, processor.columns[1] ?? { title })).map(({ text }) => text);
    };
    expect(sorted('COUNT', 'integer', [10, 9, null, 2])).toEqual(['2', '9', '10', '']);
    expect(sorted('DURATION', 'string', ['5m', '45s', '<none>', '2h'])).toEqual(['45s', '5m', '2h', '<none>']);
    expect(sorted('CAPACITY', 'string', ['10Gi', '500Mi', '1Ti'])).toEqual(['500Mi', '10Gi', '1Ti']);
    expect(sorted('CPU(CORES)', 'string', ['100m', '2', '1500m'])).toEqual(['100m', '1500m', '2']);
    expect(sorted('ADDRESS', 'string', ['10.0.0.10', '10.0.0.9'])).toEqual(['10.0.0.9', '10.0.0.10']);
    expect(sorted('READY', 'string', ['3/3', '1/3', '2/3'])).toEqual(['1/3', '2/3', '3/3']);
    expect(sorted('REVISION', 'string', ['r10', 'r9'])).toEqual(['r9', 'r10']);
  });

  it('print what is no text as kubectl does', () => {
    const columns = ['A', 'B', 'C', 'D', 'E', 'F'].map((title) => column(title, title === 'C' ? 'number' : 'string'));
    const row = processorOf(...columns).row(item([true, null, 0.00001, 'one\ntwo', 'x\u001b[31m', { a: 1 }]));
    expect(textsOf(columns, row).slice(1)).toEqual(['true', '', '1e-05', 'one...', 'x^[[31m', '{"a":1}']);
  });

  it('judge health by obvious words only', () => {
    const health = (titles: readonly string[], cells: readonly unknown[]) =>
      processorOf(...titles.map((title) => column(title, typeof cells[0] === 'number' ? 'integer' : 'string'))).row(
        item(cells),
      ).health;
    expect(health(['STATUS'], ['Bound'])).toBe('ok');
    expect(health(['STATUS'], ['Lost'])).toBe('error');
    expect(health(['STATUS'], ['Reconciling harder'])).toBe('unknown');
    expect(health(['READY', 'STATUS'], ['False', 'Running'])).toBe('warning');
    expect(health(['READY'], ['2/3'])).toBe('warning');
    expect(health(['READY'], ['0/0'])).toBe('done');
    expect(health(['DESIRED', 'READY'], [3, 1])).toBe('warning');
    expect(health(['COLOUR'], ['Failed'])).toBe('unknown');
    expect(health(['STATUS'], ['constructor'])).toBe('unknown');
  });

  it('survive rows without cells, without an object and of a wrong shape', () => {
    const processor = processorOf(column('NAME'), column('AGE', 'date'));
    const meta = { uid: '', namespace: 'shop', name: 'one', resourceVersion: '' };
    for (const object of [
      undefined,
      null,
      7,
      {},
      { cells: 'x' },
      { cells: [], object: null },
      { cells: [1, 2, 3, 4] },
    ]) {
      const row = processor.row({ meta, object });
      expect(row.cells).toHaveLength(3);
      expect(row.key).toBe('shop/one');
    }
  });

  it('say what is wrong with an item that could not be read', () => {
    const processor = processorOf(column('NAME'), column('STATUS'), column('AGE', 'date'));
    const row = processor.row({ ...item([]), object: undefined, problem: 'item 3 is not JSON: \n!' });
    expect(row.cells.map(({ text }) => text)).toEqual(['shop', 'one', 'error: item 3 is not JSON: \\n!', '']);
    expect(row.health).toBe('error');
  });

  it('lead from definitions to the resources they define', () => {
    const definition = resourceOf({
      group: 'apiextensions.k8s.io',
      kind: 'CustomResourceDefinition',
      resource: 'customresourcedefinitions',
      namespaced: false,
    });
    const definitions = tableProcessor([column('NAME')], definition);
    const crd = item(['widgets.example.com']);
    const row = definitions.row({ ...crd, meta: { ...crd.meta, namespace: '', name: 'widgets.example.com' } });
    expect(definitions.children(row)).toEqual({ table: { resource: 'widgets.example.com', namespaces: [] } });
    const other = processorOf(column('NAME'));
    expect(other.children(other.row(item(['one'])))).toEqual({ descendants: true });
  });
});
