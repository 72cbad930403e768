import { expect, test } from 'vitest';
import { type DecorOptions, usageDecor } from '../../../src/engine/usage-decor.ts';
import type { UsagePolls } from '../../../src/engine/usage-polls.ts';
import type { Row } from '../../../src/protocol/row.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { Usage } from '../../../src/util/usage-samples.ts';
import { resourceOf } from '../processors/resources.ts';
import { columns, rowOf } from '../view/row-of.ts';

const sampleOf = (key: string, cpu: number, memory = 2 ** 20): Usage => ({
  key,
  namespace: 'shop',
  name: key,
  at: 0,
  cpu,
  memory,
});

const stage = (options: Partial<DecorOptions> = {}) => {
  const topics: unknown[] = [];
  const heard: (() => void)[] = [];
  let released = 0;
  let changes = 0;
  let usage = new Map<string, Usage>();
  const polls: UsagePolls = {
    watch: (topic, listener) => {
      topics.push(topic);
      heard.push(listener);
      return {
        get samples() {
          return { usage, advice: '' };
        },
        release: () => {
          released += 1;
        },
      };
    },
    dispose: () => undefined,
  };
  const decor = usageDecor({
    resource: resourceOf({ kind: 'Pod', resource: 'pods' }),
    polls,
    pods: () => ({
      store: createStore({ processorFor: () => ({ columns: [], row: () => rowOf({ name: '' }) }) }),
      release: () => undefined,
      reconnect: () => undefined,
    }),
    onChange: () => {
      changes += 1;
    },
    onAdvice: () => undefined,
    ...options,
  });
  if (decor === undefined) throw new Error('no columns');
  const want = (wanted: boolean, namespaces: readonly string[]): void => {
    decor.want(wanted, namespaces);
    decor.among(columns);
  };
  return {
    decor,
    want,
    topics,
    released: () => released,
    changes: () => changes,
    sample: (...all: Usage[]) => {
      usage = new Map(all.map((each) => [each.key, each]));
      for (const listener of heard) listener();
    },
  };
};

const row = {
  ...rowOf({ name: 'cart' }),
  facts: { cpuRequest: '0.1', cpuLimit: '0.5', memoryRequest: String(2 ** 20) },
};

test('asks for nothing and leaves rows alone until somebody looks', () => {
  const { decor, topics } = stage();
  expect(decor.row(row)).toBe(row);
  expect(topics).toEqual([]);
});

test('cells are of the sample and of what the pod asks for', () => {
  const made = stage();
  made.want(true, ['shop']);
  made.sample(sampleOf('shop/cart', 0.0421, 5 * 2 ** 20));
  const cells = made.decor.row(row).cells.slice(5, -1);
  expect(cells.map(({ text }) => text)).toEqual(['43m', '42', '8', '5Mi', '500', '-']);
  expect(cells.map(({ value }) => value)).toEqual([0.0421, 42, 8, 5 * 2 ** 20, 500, undefined]);
  expect(made.decor.row(rowOf({ name: 'other' })).cells.at(-2)?.text).toBe('n/a');
});

test('its columns come before those of wide tables only, and rows stay the store’s while nobody looks', () => {
  const made = stage();
  const titles = () => made.decor.among(columns).map(({ title }) => title);
  made.want(false, []);
  expect(titles().slice(0, 7)).toEqual(['NAMESPACE', 'NAME', 'STATUS', 'COUNT', 'AGE', 'IP', 'CPU']);
  expect(made.decor.row(row)).toBe(row);
  made.want(true, []);
  expect(titles().slice(4, 7)).toEqual(['AGE', 'CPU', 'CPU%R']);
  expect(titles().at(-1)).toBe('IP');
  expect(made.decor.row(row).cells.at(-1)?.text).toBe('10.0.0.1');
  expect(made.decor.among(columns)).toBe(made.decor.among(columns));
});

test('a row is another one only when a text of it is', () => {
  const made = stage();
  made.want(true, ['shop']);
  made.sample(sampleOf('shop/cart', 0.0421));
  const before = made.decor.row(row);
  made.sample(sampleOf('shop/cart', 0.0422));
  expect(made.decor.row(row)).toBe(before);
  made.sample(sampleOf('shop/cart', 0.2));
  expect(made.decor.row(row)).not.toBe(before);
});

test('other namespaces are other polls, and nobody looking ends them', () => {
  const made = stage();
  made.want(true, ['shop', 'pay']);
  made.want(true, ['shop', 'pay']);
  expect(made.topics).toEqual([
    { kind: 'pods', namespace: 'shop' },
    { kind: 'pods', namespace: 'pay' },
  ]);
  made.want(true, []);
  expect([made.topics.at(-1), made.released()]).toEqual([{ kind: 'pods', namespace: '' }, 2]);
  made.want(false, []);
  expect(made.released()).toBe(3);
  expect(made.decor.row(row)).toBe(row);
});

test('only nodes, pods and containers are measured', () => {
  const resource = resourceOf({ kind: 'Service', resource: 'services' });
  expect(() => stage({ resource })).toThrow('no columns');
  const made = stage({ resource: resourceOf({ kind: 'Container', resource: 'containers' }), pod: 'cart' });
  made.want(true, ['shop']);
  expect(made.topics).toEqual([{ kind: 'containers', namespace: 'shop', pod: 'cart' }]);
});

test('pods of a node are n/a until they are listed', () => {
  const pods = createStore({ processorFor: () => ({ columns: [], row: ({ object }) => object as Row }) });
  const lease = { store: pods, release: () => undefined, reconnect: () => undefined };
  const made = stage({
    pods: () => lease,
    resource: resourceOf({ kind: 'Node', resource: 'nodes', namespaced: false }),
  });
  made.want(true, []);
  const node = {
    ...rowOf({ name: 'worker', namespace: '' }),
    facts: { cpu: '4', memory: String(2 ** 30), pods: '110' },
  };
  made.sample(sampleOf('worker', 1, 2 ** 29));
  const shown = () =>
    made.decor
      .row(node)
      .cells.slice(5, -1)
      .map(({ text }) => text);
  expect(shown()).toEqual(['1000m', '25', '512Mi', '50', 'n/a']);
  const pod = (name: string, facts: Record<string, string>) => ({
    meta: { uid: name, name, namespace: 'shop', resourceVersion: '2' },
    object: { ...rowOf({ name, key: name }), facts },
  });
  const items = [pod('a', { node: 'worker' }), pod('b', { node: 'worker', ended: 'yes' }), pod('c', { node: 'other' })];
  pods.apply({ type: 'init' });
  pods.apply({ type: 'apply', items });
  pods.apply({ type: 'ready' });
  expect(shown().at(-1)).toBe('n/a');
  pods.apply({ type: 'freshness', freshness: { phase: 'live' } });
  expect(shown().at(-1)).toBe('1/110');
});
