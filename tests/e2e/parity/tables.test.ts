import { afterAll, describe, expect, it } from 'vitest';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import type { Decoded, TableColumn } from '../../../src/decode/decoded.ts';
import { tableDecoder } from '../../../src/decode/table.ts';
import { tableProcessor } from '../../../src/processors/table.ts';
import { cellText } from '../../../src/protocol/cell-text.ts';
import { type Resource, resourceKey, resourcePath } from '../../../src/protocol/resource.ts';
import { kubectl, labTransport } from './lab-api.ts';

/** Discovery of the run's lab decides what is compared: it is asked before the tests are named. */
const api: Transport = await labTransport();
const listable = (await discover(api)).resources.filter(({ verbs }) => verbs.includes('list'));

type Listed = { readonly columns: readonly TableColumn[]; readonly items: readonly Decoded[] };

const list = async (resource: Resource): Promise<Listed> => {
  const { body } = await api.request({
    path: resourcePath(resource),
    query: tableDecoder.query,
    headers: { accept: tableDecoder.accept },
  });
  const decoder = tableDecoder.list();
  const items: Decoded[] = [];
  for await (const chunk of body) items.push(...decoder.push(chunk));
  items.push(...decoder.end());
  return { columns: decoder.columns ?? [], items };
};

/** kubectl aligns with blanks; what it says is the words between them. */
const words = (line: string): string => line.trim().split(/\s+/).join(' ');

/** Every way our rows can read between two instants: all times of a line are of one instant. */
const ownLines = (resource: Resource, { columns, items }: Listed, from: number, to: number): readonly Set<string>[] => {
  const processor = tableProcessor(columns, resource, () => from);
  return items.map((item) => {
    const row = processor.row(item);
    const lines = new Set<string>();
    for (let at = from; at <= to + 200; at += 200) {
      lines.add(
        words(row.cells.map((cell, index) => cellText(cell, processor.columns[index] ?? { title: '' }, at)).join(' ')),
      );
    }
    return lines;
  });
};

const ownTitles = (resource: Resource, { columns }: Listed): string =>
  words(
    tableProcessor(columns, resource)
      .columns.map(({ title }) => title)
      .join(' '),
  );

/** One attempt; the world goes on between the two lists, so a difference may be an event and not a mistake. */
const compare = async (resource: Resource): Promise<readonly string[]> => {
  const from = Date.now();
  const listed = await list(resource);
  const args = ['get', `${resource.resource}.${resource.version}.${resource.group}`, '-o', 'wide'];
  const printed = await kubectl(...args, ...(resource.namespaced ? ['-A'] : []));
  const to = Date.now();
  const [titles, ...lines] = printed.split('\n').filter((line) => line !== '');
  if (listed.items.length === 0) return titles === undefined ? [] : [`kubectl has rows: ${printed}`];
  const wrong = titles === undefined || words(titles) === ownTitles(resource, listed) ? [] : [`titles: ${titles}`];
  const own = ownLines(resource, listed, from, to);
  const missing = lines.map(words).filter((line) => !own.some((candidates) => candidates.has(line)));
  const surplus = own.length === lines.length ? [] : [`${own.length} rows here, ${lines.length} of kubectl`];
  return [...wrong, ...missing, ...surplus];
};

describe('every served resource reads as kubectl prints it', () => {
  const attempts = 4;
  afterAll(() => api.dispose());

  it('and there are many', () => {
    expect(listable.length).toBeGreaterThan(40);
  });

  it.each(listable.map((resource) => [resourceKey(resource), resource] as const))('%s', async (_, resource) => {
    let wrong = await compare(resource);
    for (let attempt = 1; attempt < attempts && wrong.length > 0; attempt++) wrong = await compare(resource);
    expect(wrong).toEqual([]);
  });
});
