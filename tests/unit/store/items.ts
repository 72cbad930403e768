import type { Decoded, TableColumn } from '../../../src/decode/decoded.ts';
import { keyOf, metaOf } from '../../../src/decode/meta.ts';
import type { Row } from '../../../src/protocol/row.ts';
import type { RowMaker } from '../../../src/store/create-store.ts';

export type Item = {
  readonly uid?: string;
  readonly name: string;
  readonly version: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly owner?: string;
  readonly problem?: string;
};

export const decoded = ({ uid, name, version, namespace = 'shop', problem, ...rest }: Item): Decoded => {
  const object = { metadata: { uid: uid ?? `uid-${name}`, name, namespace, resourceVersion: version }, ...rest };
  return { meta: metaOf(object), object, ...(problem === undefined ? {} : { problem }) };
};

/** A processor whose only cell says everything, and which counts its work. */
export const maker = (columns: readonly TableColumn[] | undefined): RowMaker & { made: number } => {
  const self = {
    columns: columns ?? [{ title: 'NAME' }],
    made: 0,
    row: (item: Decoded): Row => {
      self.made++;
      const object = (item.object ?? {}) as { node?: string; owner?: string };
      const text = `${item.meta.name}@${item.meta.resourceVersion}`;
      return {
        key: keyOf(item.meta),
        ...item.meta,
        created: undefined,
        labels: {},
        owners: object.owner === undefined ? [] : [object.owner],
        health: 'ok',
        cells: [{ text, value: text }],
        ...(object.node === undefined ? {} : { facts: { node: object.node } }),
      };
    },
  };
  return self;
};

export const column = (title: string): TableColumn => ({ title, type: 'string', format: '' });
