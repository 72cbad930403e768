import { describe, expect, it } from 'vitest';
import type { JsonSource } from '../../../../src/dashboards/dashboard.ts';
import { TopSource } from '../../../../src/dashboards/top/source.ts';
import { ClusterError } from '../../../../src/util/error.ts';
import { fakeClock } from '../../fake-clock.ts';
import {
  metricsAt,
  metricsPaths,
  nodeList,
  nodeMetrics,
  podList,
  podMetrics,
  podNames,
  sourceOf,
} from '../cluster-source.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

const start = (source: JsonSource, namespaces: readonly string[] = []) => {
  const clock = fakeClock(metricsAt);
  const top = new TopSource({ source, clock, namespaces, pollMs: 5000 });
  const step = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1000) {
      clock.advance(1000);
      await turn();
    }
  };
  return { clock, top, step };
};

describe('TopSource', () => {
  it('takes a sample once, however often it is asked', async () => {
    let taken = metricsAt;
    const source = sourceOf({
      [metricsPaths.pods]: () => podMetrics(['a'], taken),
      '/api/v1/pods': podList(['a'], ['n']),
    });
    const { top, step } = start(source);
    top.select('pods');
    await turn();
    const first = top.state('pods');
    await step(12_000);
    expect(top.state('pods')).toBe(first);
    taken += 15_000;
    await step(5000);
    expect(top.state('pods').rows[0]?.samples.map(({ at }) => at)).toEqual([metricsAt, metricsAt + 15_000]);
    top.dispose();
  });

  it('keeps the rows that did not change', async () => {
    let taken = metricsAt;
    const usage = () => ({ items: [...podMetrics(['a'], taken).items, ...podMetrics(['b']).items] });
    const source = sourceOf({ [metricsPaths.pods]: usage, '/api/v1/pods': podList(['a', 'b'], ['n']) });
    const { top, step } = start(source);
    top.select('pods');
    await turn();
    const before = new Map(top.state('pods').rows.map((row) => [row.name, row]));
    taken += 15_000;
    await step(5000);
    const after = new Map(top.state('pods').rows.map((row) => [row.name, row]));
    expect(after.get('b')).toBe(before.get('b'));
    expect(after.get('a')).not.toBe(before.get('a'));
    top.dispose();
  });

  it('drops what is no longer measured', async () => {
    let names = ['a', 'b'];
    const source = sourceOf({ [metricsPaths.pods]: () => podMetrics(names), '/api/v1/pods': podList(names, ['n']) });
    const { top, step } = start(source);
    top.select('pods');
    await turn();
    names = ['b'];
    await step(5000);
    expect(top.state('pods').rows.map(({ name }) => name)).toEqual(['b']);
    top.dispose();
  });

  it('drops samples that are long out of date, whatever our clock says', async () => {
    const stale = podMetrics(['old'], metricsAt - 3_600_000).items;
    const source = sourceOf({
      [metricsPaths.pods]: { items: [...podMetrics(['a']).items, ...stale] },
      '/api/v1/pods': {},
    });
    const { top } = start(source);
    top.select('pods');
    await turn();
    expect(top.state('pods').rows.map(({ name }) => name)).toEqual(['a']);
    top.dispose();
  });

  it('says since when it is stale, keeps the rows, and backs off', async () => {
    const names = podNames(2);
    let failing = false;
    let asked = 0;
    const source = sourceOf({
      [metricsPaths.pods]: () => {
        asked += 1;
        return failing ? new ClusterError('unreachable', 'connection refused') : podMetrics(names);
      },
      '/api/v1/pods': podList(names, ['n']),
    });
    const { top, step, clock } = start(source);
    top.select('pods');
    await turn();
    failing = true;
    await step(5000);
    expect(top.state('pods')).toMatchObject({ phase: 'stale', since: clock.now(), retryAt: clock.now() + 5000 });
    expect(top.state('pods').rows).toHaveLength(2);
    const before = asked;
    await step(60_000);
    expect(asked - before).toBeLessThanOrEqual(5);
    failing = false;
    await step(30_000);
    expect(top.state('pods').phase).toBe('live');
    top.dispose();
  });

  it('lists the pods of a large cluster page by page, and again after an expired token', async () => {
    const names = podNames(3);
    let expired = true;
    const pages: JsonSource = {
      json: async <T>({
        path,
        query,
      }: {
        path: string;
        query?: Readonly<Record<string, string | undefined>>;
      }): Promise<T> => {
        if (path === metricsPaths.pods) return podMetrics(names) as T;
        const at = Number(query?.continue ?? 0);
        if (at === 2 && expired) {
          expired = false;
          throw new ClusterError('expired', 'the provided continue parameter is too old', { status: 410 });
        }
        const items = podList(names.slice(at, at + 1), ['n']).items;
        return { items, metadata: { continue: at < 2 ? String(at + 1) : '' } } as T;
      },
    };
    const { top } = start(pages);
    top.select('pods');
    for (let index = 0; index < 20; index++) await turn();
    expect(top.state('pods').rows.every((row) => row.cpu.limit === 0.2)).toBe(true);
    expect(expired).toBe(false);
    top.dispose();
  });

  it('knows what is requested on a node, of how much', async () => {
    const source = sourceOf({
      [metricsPaths.nodes]: nodeMetrics(['n']),
      '/api/v1/nodes': nodeList(['n']),
      '/api/v1/pods': podList(podNames(7), ['n']),
    });
    const { top } = start(source);
    top.select('nodes');
    await turn();
    await turn();
    const row = top.state('nodes').rows[0];
    expect(row).toMatchObject({ pods: { count: 7, most: 110 }, cpu: { used: 0.92, whole: 4 } });
    expect(row?.cpu.request).toBeCloseTo(0.7);
    top.dispose();
  });

  it('says when requests are unknown', async () => {
    const forbidden = new ClusterError('forbidden', 'pods is forbidden: User "jane" cannot list resource "pods"');
    const source = sourceOf({ [metricsPaths.pods]: podMetrics(['a']), '/api/v1/pods': () => forbidden });
    const { top } = start(source);
    top.select('pods');
    await turn();
    await turn();
    expect(top.state('pods')).toMatchObject({
      phase: 'live',
      advice: expect.stringContaining('User "jane" cannot list'),
    });
    top.dispose();
  });

  it('names a metrics server that does not answer', async () => {
    const down = new ClusterError('unreachable', 'service unavailable', { status: 503 });
    const { top } = start(
      sourceOf({ [metricsPaths.nodes]: () => down, '/api/v1/nodes': nodeList(['n']), '/api/v1/pods': {} }),
    );
    top.select('nodes');
    await turn();
    await turn();
    expect(top.state('nodes').phase).toBe('without');
    expect(top.state('nodes').advice).toContain('kubectl get apiservice v1beta1.metrics.k8s.io');
    expect(top.state('nodes').rows.map(({ name }) => name)).toEqual(['n']);
    top.dispose();
  });
});
