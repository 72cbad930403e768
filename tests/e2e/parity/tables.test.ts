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
import { until } from '../until.ts';
import { kubectl, labTransport } from './lab-api.ts';
import { listThrough, textsBetween } from './server-table.ts';

/** Discovery of the run's lab decides what is compared: it is asked before the tests are named. */
const api: Transport = await labTransport();
/** What other tests define comes, changes and goes meanwhile, and may be as odd as no printer takes it: RFC 2606's names. */
const isOfTest = ({ group }: Resource): boolean => /(^|\.)(example\.com|test)$/.test(group);
const listable = (await discover(api)).resources.filter(
  (resource) => resource.verbs.includes('list') && !isOfTest(resource),
);

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

const textsOf = (row: Row): string => JSON.stringify(row.cells.map(({ text }) => text));

/** One attempt; the world goes on between the lists: what is compared is what stood still from the first to the last. */
const compare = async (resource: Resource): Promise<readonly string[]> => {
  const from = Date.now();
  const before = await list(resource);
  const args = ['get', `${resource.resource}.${resource.version}.${resource.group}`, '-o', 'wide'];
  const printed = await kubectl(...args, ...(resource.namespaced ? ['-A'] : []));
  const after = await list(resource);
  const to = Date.now();
  const [titles, ...lines] = printed.split('\n').filter((line) => line !== '');
  const processor = tableProcessor(before.columns, resource, () => from);
  const later = new Map(after.items.map(processor.row).map((row) => [row.key, row]));
  const rows = before.items.map(processor.row);
  if (rows.length === 0 && later.size === 0) return titles === undefined ? [] : [`kubectl has rows: ${printed}`];
  const standing = rows.filter((row) => {
    const now = later.get(row.key);
    if (now?.resourceVersion !== row.resourceVersion) return false;
    // Measurements have no version.
    return row.resourceVersion !== '' || textsOf(now) === textsOf(row);
  });
  const left = lines.map(words);
  const missing = standing.filter((row) => {
    const pattern = linePattern(processor, row, later.get(row.key) ?? row, from, to);
    const at = left.findIndex((line) => pattern.test(line));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const own = ownTitles(resource, before.columns);
  const known = new Set(rows.map(({ key }) => key));
  const moved = standing.length < rows.length || [...later.keys()].some((key) => !known.has(key));
  return [
    ...(rows.length === 0 || titles === undefined || words(titles) === own ? [] : [`titles: ${titles}`]),
    ...missing.map((row) => `not printed so: ${textsOf(row)}`),
    // Other lines are of what came, went or changed meanwhile.
    ...(moved ? [] : left),
    ...(standing.length === 0 ? ['nothing stood still'] : []),
  ];
};

/** What somebody else defined may go while this runs. */
const isServed = async (resource: Resource): Promise<boolean> =>
  (await discover(api, true)).resources.some((each) => resourceKey(each) === resourceKey(resource));

describe('every served resource reads as kubectl prints it', () => {
  const attempts = 4;
  afterAll(() => api.dispose());

  it('and there are many', () => {
    expect(listable.length).toBeGreaterThan(40);
  });

  it.each(listable.map((resource) => [resourceKey(resource), resource] as const))('%s', async (_, resource) => {
    try {
      let wrong = await compare(resource);
      for (let attempt = 1; attempt < attempts && wrong.length > 0; attempt++) wrong = await compare(resource);
      expect(wrong).toEqual([]);
    } catch (thrown) {
      const isGone = async (): Promise<boolean> => !(await isServed(resource));
      if (!(await until('it to be served no more', isGone, 5_000).catch(() => false))) throw thrown;
    }
  });
});
