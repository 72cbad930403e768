import { afterEach, expect, test } from 'vitest';
import type { Clients } from '../../../src/backend/clients.ts';
import { dashboardHandlers } from '../../../src/backend/dashboard-handlers.ts';
import type { ToEditor } from '../../../src/protocol/wire.ts';
import { systemClock } from '../../../src/util/clock.ts';

/** A worker that draws what it is told: its own number of the dashboard, and the keys. */
const program = `
  import { parentPort } from 'node:worker_threads';
  const draw = (dashboard, data) =>
    parentPort.postMessage({ type: 'emit', dashboard, message: { type: 'terminal', dashboard, seq: 1, data } });
  parentPort.on('message', (message) => {
    if (message.type === 'open') parentPort.postMessage({ type: 'opened', dashboard: message.params.dashboard, title: 'top' });
    if (message.type === 'key' && message.keys === 'q') {
      const ended = { type: 'dashboard-ended', dashboard: message.dashboard };
      parentPort.postMessage({ type: 'emit', dashboard: message.dashboard, message: ended });
    } else if (message.type === 'key') draw(message.dashboard, message.keys);
    if (message.type === 'close') setImmediate(() => process.exit(0));
  });
`;

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

const setUp = () => {
  const told: [number, ToEditor][] = [];
  const handlers = dashboardHandlers({
    workerUrl: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
    clock: systemClock,
    clients: { standing: async () => ({ context: { name: 'prod' }, namespaces: ['shop'] }) } as unknown as Clients,
    toEditor: (client, message) => told.push([client, message]),
    clientFor: () => Promise.reject(new Error('nobody asks')),
  });
  const open = async (client: number, dashboard: number) => {
    const size = { columns: 80, rows: 24, truecolor: true, theme: {} };
    await handlers['dashboard.open']({ dashboard, name: 'top', args: {}, ...size }, client);
    opened.push(() => handlers['dashboard.close']({ dashboard }, client));
  };
  return { handlers, told, open };
};

test('what a dashboard draws goes to the client that opened it, under the number it knows', async () => {
  const { handlers, told, open } = setUp();
  await open(1, 5);
  await open(2, 5);
  handlers['dashboard.key']({ dashboard: 5, keys: 'from one' }, 1);
  handlers['dashboard.key']({ dashboard: 5, keys: 'from two' }, 2);
  handlers['dashboard.key']({ dashboard: 5, keys: 'from nobody' }, 3);
  await expect.poll(() => told.length).toBe(2);
  expect(told).toEqual([
    [1, { type: 'terminal', dashboard: 5, seq: 1, data: 'from one' }],
    [2, { type: 'terminal', dashboard: 5, seq: 1, data: 'from two' }],
  ]);
});

test('after its end a dashboard hears no keys of its client', async () => {
  const { handlers, told, open } = setUp();
  await open(2, 1);
  handlers['dashboard.key']({ dashboard: 1, keys: 'q' }, 2);
  await expect.poll(() => told).toEqual([[2, { type: 'dashboard-ended', dashboard: 1 }]]);
  handlers['dashboard.key']({ dashboard: 1, keys: 'x' }, 2);
  await open(2, 1);
  handlers['dashboard.key']({ dashboard: 1, keys: 'y' }, 2);
  await expect.poll(() => told.length).toBe(2);
  expect(told[1]).toEqual([2, { type: 'terminal', dashboard: 1, seq: 1, data: 'y' }]);
});
