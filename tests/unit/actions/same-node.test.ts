import { expect, test } from 'vitest';
import { followNode } from '../../../src/actions/same-node.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { sleep } from '../../../src/util/sleep.ts';
import { fakeClock } from '../fake-clock.ts';
import { abilityOf, nodes, targetOf } from './support.ts';

const node = targetOf('worker-1', { resource: nodes, namespace: '' });

/** `answer` is what the server says of the node. */
const follow = (answer: () => unknown) => {
  const clock = fakeClock();
  const { ability, asked } = abilityOf(answer);
  const same = followNode(node, node.uid, { ...ability, sleep: (ms, signal) => sleep(clock, ms, signal) });
  /** As many seconds, each with time for a look. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { same, asked, pass };
};

const live = (uid = node.uid) => ({ metadata: { name: 'worker-1', uid } });

test('it looks every second, and at most once at a time', async () => {
  const { same, asked, pass } = follow(() => live());
  await Promise.all([same.look(), same.look(), same.look()]);
  expect(asked).toHaveLength(1);
  await pass(3);
  expect(asked).toHaveLength(4);
  expect(same.signal.aborted).toBe(false);
  same.end();
  await pass(10);
  expect(asked).toHaveLength(4);
});

test.each([
  ['another one', () => live('newer')],
  [
    'gone',
    () => {
      throw new ClusterError('not-found', 'no such node');
    },
  ],
])('a node that is %s aborts, and is not looked for any more', async (_, answer) => {
  let now: () => unknown = () => live();
  const { same, asked, pass } = follow(() => now());
  await pass(2);
  now = answer;
  await pass(1);
  expect(same.signal.aborted).toBe(true);
  await pass(5);
  expect(asked).toHaveLength(3);
});

test('a server that does not answer proves nothing', async () => {
  const { same, pass } = follow(() => {
    throw new ClusterError('unreachable', 'down');
  });
  await pass(5);
  expect(same.signal.aborted).toBe(false);
  same.end();
});
