import { expect, test } from 'vitest';
import type { Transport, TransportRequest } from '../../../src/cluster/transport.ts';
import { hoverOver } from '../../../src/engine/hover.ts';
import type { Resource } from '../../../src/protocol/resource.ts';
import type { Column, Row } from '../../../src/protocol/row.ts';
import { styles } from '../../../src/protocol/styles.ts';
import { ClusterError } from '../../../src/util/error.ts';

const now = Date.parse('2026-01-01T01:00:00Z');

const pods: Resource = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  namespaced: true,
  verbs: ['get', 'list', 'watch'],
  shortNames: ['po'],
} as unknown as Resource;

const columns: readonly Column[] = [
  { title: 'NAME' },
  { title: 'AGE', time: 'age' },
  { title: 'NODE', wide: true },
  { title: 'IP' },
];

const row = {
  key: 'u1',
  uid: 'u1',
  namespace: 'shop',
  name: 'cart-0',
  resourceVersion: '1',
  created: now,
  labels: {},
  owners: [],
  health: 'error',
  cells: [
    { text: 'cart-0', value: 'cart-0' },
    { text: '', value: 0, at: now - 60_000 },
    { text: '名前-1', value: 'x', style: 'KubectlWarning' },
    { text: '<none>', value: undefined },
  ],
} as unknown as Row;

const serving = (answer: (request: TransportRequest) => unknown): Transport => ({
  request: () => Promise.reject(new Error('not asked')),
  json: async <T>(request: TransportRequest) => answer(request) as T,
  dispose: () => undefined,
});

/** What a code says, with the text it colours: `[style, text]`. */
const colours = (line: string, code: string): [string, string][] =>
  [...code.matchAll(/(\d+),(\d+),(\d+);/g)].map(([, from, to, style]) => [
    styles[Number(style)] ?? '',
    Buffer.from(line).subarray(Number(from), Number(to)).toString(),
  ]);

test('shows every column whole, then why the containers are as they are, conditions, owners and labels', async () => {
  const asked: string[] = [];
  const transport = serving(({ path }) => {
    asked.push(path);
    return {
      metadata: {
        labels: { app: 'cart' },
        ownerReferences: [{ kind: 'StatefulSet', name: 'cart', controller: true }],
        deletionTimestamp: '2026-01-01T00:59:00Z',
        finalizers: ['example.com/wait'],
      },
      status: {
        conditions: [
          { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'containers: [app]' },
          { type: 'PodScheduled', status: 'True', message: 'not said' },
          { type: 'MemoryPressure', status: 'False' },
        ],
        containerStatuses: [
          {
            name: 'app',
            restartCount: 14,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s\nrestarting' } },
            lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T00:58:00Z' } },
          },
          { name: 'proxy', ready: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } },
        ],
      },
    };
  });
  const { title, lines, codes } = await hoverOver({ row, resource: pods, columns, now }, transport);
  expect(asked).toEqual(['/api/v1/namespaces/shop/pods/cart-0']);
  expect(title).toBe('pods/cart-0');
  expect(lines).toEqual([
    'error',
    'Containers',
    '  app waits: CrashLoopBackOff: back-off 5m0s',
    '  restarting',
    '    restarted 14 times; before that Error, exit code 1, 2m ago',
    '  proxy has run for 60m',
    '',
    'Deletion',
    '  asked for (60s), held by example.com/wait',
    '',
    'Conditions',
    '  Ready False: ContainersNotReady: containers: [app]',
    '  PodScheduled True',
    '  MemoryPressure False',
    '',
    'NAME  cart-0',
    'AGE   60s',
    'NODE  名前-1',
    '',
    'Owners',
    '  StatefulSet/cart',
    '',
    'Labels',
    '  app=cart',
  ]);
  expect(codes).toHaveLength(lines.length);
  expect(colours(lines[0] ?? '', codes[0] ?? '')).toEqual([['KubectlError', 'error']]);
  expect(colours(lines[17] ?? '', codes[17] ?? '')).toEqual([
    ['KubectlKey', 'NODE'],
    ['KubectlWarning', '名前-1'],
  ]);
  expect(colours(lines[11] ?? '', codes[11] ?? '')[0]?.[0]).toBe('KubectlWarning');
  expect(codes[12]).toBe('');
});

test('a server that does not answer costs the object’s own words, not the row', async () => {
  const transport = serving(() => {
    throw new ClusterError('timeout', 'the server did not answer in 2 s');
  });
  const { lines } = await hoverOver({ row, resource: pods, columns, now }, transport);
  expect(lines.slice(1, 4)).toEqual(['NAME  cart-0', 'AGE   60s', 'NODE  名前-1']);
  expect(lines.at(-1)).toContain('the server did not answer in 2 s');
});

test('of a secret only the metadata is asked for', async () => {
  const accepts: (string | undefined)[] = [];
  const transport = serving(({ headers }) => {
    accepts.push(headers?.accept);
    return { metadata: { labels: { app: 'cart' } } };
  });
  const secrets = { ...pods, resource: 'secrets', kind: 'Secret' };
  const { lines } = await hoverOver({ row, resource: secrets, columns, now }, transport);
  expect(accepts).toEqual([expect.stringContaining('PartialObjectMetadata')]);
  expect(lines.at(-1)).toBe('  app=cart');
});

test('says nothing of another object that has the name by now', async () => {
  const transport = serving(() => ({ metadata: { uid: 'u2', labels: { app: 'other' } } }));
  const { lines } = await hoverOver({ row, resource: pods, columns, now }, transport);
  expect(lines.slice(-2)).toEqual(['No more is known', '  It is gone: another object has its name now.']);
  expect(lines.join()).not.toContain('other=');
  expect(lines.join()).not.toContain('app');
});
