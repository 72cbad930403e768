import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metaOf } from '../../../src/decode/meta.ts';
import { tableColumns } from '../../../src/decode/table.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import type { Processor } from '../../../src/processors/processor.ts';
import { project } from '../../../src/processors/project.ts';
import { cellText } from '../../../src/protocol/cell-text.ts';
import type { Row } from '../../../src/protocol/row.ts';
import { resourceOf } from './resources.ts';

/** Recorded by tests/e2e/parity/collect-goldens.ts: the server printed `cells` between `from` and `to`. */
type Golden = {
  readonly from: number;
  readonly to: number;
  readonly cells: Readonly<Record<string, string>>;
  /** The Table itself, of kinds without a file. */
  readonly columns?: unknown;
  readonly row?: readonly unknown[] | undefined;
  readonly object: { readonly apiVersion: string; readonly kind: string };
};

/** Rows of the server's Table at both ends of the time in which it was made: no texts but its own. */
const ofTable = (processor: Processor, { from, to, row, object }: Pick<Golden, 'from' | 'to' | 'row' | 'object'>) => {
  const made = processor.row({ meta: metaOf(object), object: { cells: row, object } });
  return [from, to].map((now) =>
    Object.fromEntries(
      processor.columns.flatMap((column, index) => {
        const cell = made.cells[index];
        return column.title === 'NAMESPACE' || cell === undefined ? [] : [[column.title, cellText(cell, column, now)]];
      }),
    ),
  );
};

const root = join(import.meta.dirname, '../../golden');
const folders = readdirSync(root).filter((name) => name !== 'util');

const goldens = (folder: string): readonly (readonly [string, Golden])[] =>
  readdirSync(join(root, folder)).map((file) => {
    const golden: Golden = JSON.parse(readFileSync(join(root, folder, file), 'utf8'));
    return [file, golden] as const;
  });

describe.each(folders)('%s', (folder) => {
  it.each(goldens(folder))('%s', (_, { from, to, cells, columns, row, object }) => {
    const [version = '', group = ''] = object.apiVersion.split('/').toReversed();
    const found = processorFor(resourceOf({ group, version, kind: object.kind }));
    if (found.kind !== 'own') {
      expect(ofTable(found.create(tableColumns(columns) ?? []), { from, to, row, object })).toContainEqual(cells);
      return;
    }
    const { processor, fields } = found;
    const shown = ({ cells: own }: Row, now: number): Readonly<Record<string, string>> =>
      Object.fromEntries(
        processor.columns.flatMap((column, index) => {
          const cell = own[index];
          return column.title in cells && cell !== undefined ? [[column.title, cellText(cell, column, now)]] : [];
        }),
      );
    const meta = metaOf(object);
    const own = processor.row({ meta, object });
    expect([shown(own, from), shown(own, to)]).toContainEqual(cells);
    expect(processor.row({ meta, object: project(object, fields) })).toEqual(own);
  });
});
