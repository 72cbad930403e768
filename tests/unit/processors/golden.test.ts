import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metaOf } from '../../../src/decode/meta.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { project } from '../../../src/processors/project.ts';
import { cellText } from '../../../src/protocol/cell-text.ts';
import type { Row } from '../../../src/protocol/row.ts';
import { resourceOf } from './resources.ts';

/** Recorded by tests/e2e/parity/collect-goldens.ts: the server printed `cells` between `from` and `to`. */
type Golden = {
  readonly from: number;
  readonly to: number;
  readonly cells: Readonly<Record<string, string>>;
  readonly object: { readonly apiVersion: string; readonly kind: string };
};

const root = join(import.meta.dirname, '../../golden');
const folders = readdirSync(root).filter((name) => name !== 'util');

const goldens = (folder: string): readonly (readonly [string, Golden])[] =>
  readdirSync(join(root, folder)).map((file) => {
    const golden: Golden = JSON.parse(readFileSync(join(root, folder, file), 'utf8'));
    return [file, golden] as const;
  });

describe.each(folders)('%s', (folder) => {
  it.each(goldens(folder))('%s', (_, { from, to, cells, object }) => {
    const [version = '', group = ''] = object.apiVersion.split('/').toReversed();
    const found = processorFor(resourceOf({ group, version, kind: object.kind }));
    if (found.kind !== 'own') throw new Error(`${object.kind} has no file of its own`);
    const { processor, fields } = found;
    const shown = ({ cells: own }: Row, now: number): Readonly<Record<string, string>> =>
      Object.fromEntries(
        processor.columns.flatMap((column, index) => {
          const cell = own[index];
          return column.title in cells && cell !== undefined ? [[column.title, cellText(cell, column, now)]] : [];
        }),
      );
    const meta = metaOf(object);
    const row = processor.row({ meta, object });
    expect([shown(row, from), shown(row, to)]).toContainEqual(cells);
    expect(processor.row({ meta, object: project(object, fields) })).toEqual(row);
  });
});
