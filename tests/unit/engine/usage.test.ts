import { expect, test } from 'vitest';
import { createDiscovery } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import type { Scopes } from '../../../src/engine/scopes.ts';
import { createUsage } from '../../../src/engine/usage.ts';
import type { ToEditor } from '../../../src/protocol/wire.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { fakeClock } from '../fake-clock.ts';
import { resourceOf } from '../processors/resources.ts';
import { columns } from '../view/row-of.ts';

const stage = (answer: () => unknown) => {
  const clock = fakeClock(0);
  const said: (readonly [number, ToEditor])[] = [];
  let asked = 0;
  const transport = {
    json: async () => {
      asked += 1;
      return answer();
    },
  } as unknown as Transport;
  const usage = createUsage({
    context: 'prod',
    transport,
    clock,
    scopes: {} as Scopes,
    toEditor: (client, message) => said.push([client, message]),
  });
  const open = (client: number) => {
    const resource = resourceOf({ kind: 'Pod', resource: 'pods' });
    const discovery = createDiscovery({ groups: [], failures: [] });
    const decor = usage.decorOf({ resource, query: { resource: 'pods' }, client, discovery })(() => undefined);
    if (decor === undefined) throw new Error('no columns');
    decor.among(columns);
    return decor;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    usage,
    open,
    said,
    asked: () => asked,
    pass: async (ms: number) => {
      clock.advance(ms);
      await settle();
    },
  };
};

test('each client is told once why there is no usage', async () => {
  const made = stage(() => {
    throw new ClusterError('not-found', 'no such API');
  });
  for (const client of [1, 1, 2]) made.open(client).want(true, ['shop']);
  await made.pass(0);
  await made.pass(5 * 60_000);
  expect(made.asked()).toBe(2);
  expect(made.said.map(([client]) => client)).toEqual([1, 2]);
  expect(made.said[0]?.[1]).toMatchObject({ type: 'notify', level: 'info' });
  expect(JSON.stringify(made.said[0]?.[1])).toContain('metrics-server');
});

test('a table that nobody looks at asks for nothing; the user says how often the others do', async () => {
  const made = stage(() => ({ items: [] }));
  const decor = made.open(1);
  decor.want(false, ['shop']);
  await made.pass(60_000);
  expect(made.asked()).toBe(0);
  made.usage.every(60);
  decor.want(true, ['shop']);
  await made.pass(0);
  await made.pass(59_000);
  expect(made.asked()).toBe(1);
  await made.pass(1_000);
  expect(made.asked()).toBe(2);
  // Never more often than every two seconds.
  made.usage.every(0);
  await made.pass(60_000);
  await made.pass(1_900);
  expect(made.asked()).toBe(3);
  await made.pass(100);
  expect(made.asked()).toBe(4);
  decor.dispose();
  await made.pass(600_000);
  expect(made.asked()).toBe(4);
});
