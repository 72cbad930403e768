import { expect, test } from 'vitest';
import { createUsagePolls } from '../../../src/engine/usage-polls.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { fakeClock } from '../fake-clock.ts';

const metrics = (name: string, cpu: string, timestamp = '2026-01-01T00:00:00Z') => ({
  metadata: { name, namespace: 'shop' },
  timestamp,
  containers: [{ name: 'app', usage: { cpu, memory: '64Mi' } }],
});

const stage = (answer: (path: string) => unknown) => {
  const clock = fakeClock(0);
  const paths: string[] = [];
  const polls = createUsagePolls({
    clock,
    intervalMs: () => 15_000,
    transport: {
      json: async <T>({ path }: { path: string }): Promise<T> => {
        paths.push(path);
        return answer(path) as T;
      },
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    polls,
    paths,
    advance: async (ms: number) => {
      clock.advance(ms);
      await settle();
    },
  };
};

const shop = { kind: 'pods', namespace: 'shop' } as const;

test('two viewers share one poll, which ends with the last of them', async () => {
  const made = stage(() => ({ items: [metrics('cart', '250m')] }));
  let told = 0;
  const first = made.polls.watch(shop, () => (told += 1));
  const second = made.polls.watch(shop, () => (told += 1));
  await made.advance(0);
  expect([made.paths.length, told]).toEqual([1, 2]);
  expect(second.samples.usage.get('shop/cart')).toMatchObject({ cpu: 0.25, memory: 64 * 2 ** 20 });
  await made.advance(15_000);
  expect(made.paths.length).toBe(2);
  first.release();
  first.release();
  await made.advance(15_000);
  expect(made.paths.length).toBe(3);
  second.release();
  await made.advance(600_000);
  expect(made.paths.length).toBe(3);
});

test.each([
  [{ kind: 'nodes' }, 'has no nodes'],
  [{ kind: 'pods', namespace: '' }, 'has no pods'],
  [shop, ''],
] as const)('nothing measured of %j', async (topic, advice) => {
  const made = stage(() => ({ items: [] }));
  const watching = made.polls.watch(topic, () => undefined);
  await made.advance(0);
  if (advice === '') expect(watching.samples.advice).toBe('');
  else expect(watching.samples.advice).toContain(advice);
  made.polls.dispose();
});

test('without a metrics API it is said, and looked for again now and then', async () => {
  const made = stage(() => {
    throw new ClusterError('not-found', 'the server could not find the requested resource');
  });
  const { samples } = { samples: () => view.samples };
  const view = made.polls.watch(shop, () => undefined);
  await made.advance(0);
  expect(samples().advice).toContain('metrics-server');
  await made.advance(60_000);
  expect(made.paths.length).toBe(1);
  await made.advance(240_000);
  expect(made.paths.length).toBe(2);
});

test('values outlive a failure or two, not more', async () => {
  let fails = false;
  const made = stage(() => {
    if (fails) throw new ClusterError('timeout', 'no answer');
    return { items: [metrics('cart', '1')] };
  });
  const view = made.polls.watch(shop, () => undefined);
  await made.advance(0);
  fails = true;
  await made.advance(15_000);
  expect(view.samples.usage.size).toBe(1);
  await made.advance(15_000);
  await made.advance(30_000);
  expect(view.samples.usage.size).toBe(1);
  await made.advance(60_000);
  expect([view.samples.usage.size, made.paths.length]).toEqual([0, 5]);
});

test('what is no longer measured is dropped, and containers are told apart', async () => {
  const list = [metrics('old', '1', '2026-01-01T00:00:00Z'), metrics('new', '1', '2026-01-01T00:10:00Z')];
  const made = stage((path) => (path.endsWith('/cart') ? metrics('cart', '30m') : { items: list }));
  const pods = made.polls.watch({ kind: 'pods', namespace: '' }, () => undefined);
  const containers = made.polls.watch({ kind: 'containers', namespace: 'shop', pod: 'cart' }, () => undefined);
  await made.advance(0);
  expect([...pods.samples.usage.keys()]).toEqual(['shop/new']);
  expect([...containers.samples.usage.keys()]).toEqual(['app']);
  expect(made.paths).toEqual([
    '/apis/metrics.k8s.io/v1beta1/pods',
    '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods/cart',
  ]);
});
