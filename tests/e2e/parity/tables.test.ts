import { afterAll, describe, expect, it } from 'vitest';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import type { TableColumn } from '../../../src/decode/decoded.ts';
import { tableDecoder } from '../../../src/decode/table.ts';
import type { Processor } from '../../../src/processors/processor.ts';
import { tableProcessor } from '../../../src/processors/table.ts';
import { type Resource, resourceKey, resourcePath } from '../../../src/protocol/resource.ts';
import type { Row } from '../../../src/protocol/row.ts';
import { humanDuration, parseDuration } from '../../../src/util/duration.ts';
import { kubectl, labTransport } from './lab-api.ts';
import { listThrough, textsBetween } from './server-table.ts';

/** Discovery of the run's lab decides what is compared: it is asked before the tests are named. */
const api: Transport = await labTransport();
const listable = (await discover(api)).resources.filter(({ verbs }) => verbs.includes('list'));

const list = (resource: Resource) => listThrough(api, tableDecoder, resourcePath(resource));

/** kubectl aligns with blanks; what it says is the words between them. */
const words = (line: string): string => line.trim().split(/\s+/).join(' ');

/** Texts of durations that the server made at some time between two of its answers. */
const durationsBetween = (a: string, b: string): readonly string[] => {
  const low = parseDuration(a);
  const high = parseDuration(b);
  if (low === undefined || high === undefined) return [a, b];
  const texts = [a, b];
  for (let ms = low; ms < high; ms += 1000) texts.push(humanDuration(ms));
  return texts;
};

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const anyOf = (texts: readonly string[]): string =>
  `(?:${[...new Set(texts)].map((text) => literally(words(text))).join('|')})`;

/** Our row as a pattern of what kubectl may print between the two lists: texts with times in them move on. */
const linePattern = (processor: Processor, before: Row, after: Row, from: number, to: number): RegExp => {
  const cells = before.cells.map((cell, index) => {
    const column = processor.columns[index] ?? { title: '' };
    if (cell.at !== undefined) return anyOf(textsBetween(cell, column, from, to));
    return anyOf(durationsBetween(cell.text, after.cells[index]?.text ?? ''));
  });
  // A cell without a text leaves no word.
  return new RegExp(`^${cells.join(' ?')}$`);
};

const ownTitles = (resource: Resource, columns: readonly TableColumn[]): string =>
  words(
    tableProcessor(columns, resource)
      .columns.map(({ title }) => title)
      .join(' '),
  );

/** One attempt; the world goes on between the lists, so a difference may be an event and not a mistake. */
const compare = async (resource: Resource): Promise<readonly string[]> => {
  const from = Date.now();
  const before = await list(resource);
  const args = ['get', `${resource.resource}.${resource.version}.${resource.group}`, '-o', 'wide'];
  const printed = await kubectl(...args, ...(resource.namespaced ? ['-A'] : []));
  const after = await list(resource);
  const to = Date.now();
  const [titles, ...lines] = printed.split('\n').filter((line) => line !== '');
  if (before.items.length === 0) return titles === undefined ? [] : [`kubectl has rows: ${printed}`];
  const processor = tableProcessor(before.columns, resource, () => from);
  const later = new Map(after.items.map(processor.row).map((row) => [row.key, row]));
  const patterns = before.items
    .map(processor.row)
    .map((row) => linePattern(processor, row, later.get(row.key) ?? row, from, to));
  const wrong =
    titles === undefined || words(titles) === ownTitles(resource, before.columns) ? [] : [`titles: ${titles}`];
  const missing = lines.map(words).filter((line) => !patterns.some((pattern) => pattern.test(line)));
  const surplus = patterns.length === lines.length ? [] : [`${patterns.length} rows here, ${lines.length} of kubectl`];
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
