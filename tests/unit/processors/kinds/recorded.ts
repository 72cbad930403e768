import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metaOf } from '../../../../src/decode/meta.ts';
import { processorFor } from '../../../../src/processors/for-resource.ts';
import type { ChildQuery, Processor } from '../../../../src/processors/processor.ts';
import type { Health, Row } from '../../../../src/protocol/row.ts';
import { resourceOf } from '../resources.ts';

const root = join(import.meta.dirname, '../../../golden');

type Recorded = { readonly object: { readonly apiVersion: string; readonly kind: string } };

export type Kept = {
  readonly row: Row;
  readonly children: ChildQuery;
  readonly processor: Processor;
  cell(title: string): string | undefined;
};

/** The objects recorded for a resource (tests/golden), as rows by the names of their files. */
export const recorded = (resource: string): Readonly<Record<string, Kept>> =>
  Object.fromEntries(
    readdirSync(join(root, resource)).map((file) => {
      const { object }: Recorded = JSON.parse(readFileSync(join(root, resource, file), 'utf8'));
      const [version = '', group = ''] = object.apiVersion.split('/').toReversed();
      const found = processorFor(resourceOf({ group, version, kind: object.kind }));
      if (found.kind !== 'own') throw new Error(`${object.kind} has no file of its own`);
      const { processor } = found;
      const row = processor.row({ meta: metaOf(object), object });
      const cell = (title: string) => row.cells[processor.columns.findIndex((column) => column.title === title)]?.text;
      return [file.slice(0, -'.json'.length), { row, processor, children: processor.children(row), cell }];
    }),
  );

export const healths = (resource: string): Readonly<Record<string, Health>> =>
  Object.fromEntries(Object.entries(recorded(resource)).map(([name, { row }]) => [name, row.health]));
