import './colour.ts';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonSource } from '../../../src/dashboards/dashboard.ts';
import top from '../../../src/dashboards/top.tsx';
import { type Clock, systemClock } from '../../../src/util/clock.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { cluster, metricsAt, metricsPaths, podList, podMetrics, podNames, sourceOf } from './cluster-source.ts';
import { type Mounted, mount } from './mount.ts';

const mounted: Mounted[] = [];
const open = (kind: 'nodes' | 'pods', source: JsonSource, columns = 80, rows = 24, args = {}): Mounted => {
  const one = mount(top, { columns, rows, args: { kind, context: 'prod', ...args }, source });
  mounted.push(one);
  return one;
};

afterEach(() => {
  for (const one of mounted.splice(0)) one.dispose();
});

const settled = async (one: Mounted): Promise<string[]> => {
  await one.until((text) => text.includes('● live'));
  await one.quiet();
  return one.screen.lines();
};

const selected = (one: Mounted): string | undefined => one.screen.lines().find((line) => line.startsWith('▸'));

describe('top', () => {
  it('shows nodes at 80×24', async () => {
    expect((await settled(open('nodes', cluster(6, 40)))).join('\n')).toMatchSnapshot();
  });

  it('shows nodes at 200×50, with amounts and trends', async () => {
    expect((await settled(open('nodes', cluster(6, 40), 200, 50))).slice(0, 9).join('\n')).toMatchSnapshot();
  });

  it('shows pods at 80×24', async () => {
    expect((await settled(open('pods', cluster(6, 40)))).join('\n')).toMatchSnapshot();
  });

  it('shows pods at 200×50, with gauges, trends and nodes', async () => {
    expect((await settled(open('pods', cluster(6, 5), 200, 50))).slice(0, 8).join('\n')).toMatchSnapshot();
  });

  it('fits any size from 40×8', async () => {
    for (const [columns, rows] of [
      [40, 8],
      [59, 9],
      [60, 10],
      [131, 31],
      [200, 60],
    ] as const) {
      const one = open('pods', cluster(6, 100), columns, rows);
      const lines = await settled(one);
      expect(lines).toHaveLength(rows);
      expect(lines.at(-1)).toContain('table');
      expect(lines.filter((line) => line.includes('cart-')).length).toBeGreaterThanOrEqual(rows - 4);
    }
  });

  it('draws the theme’s colours', async () => {
    const source = cluster(6, 40);
    const one = mount(top, { columns: 80, rows: 24, args: { kind: 'nodes' }, source, theme: { error: '#ff0000' } });
    mounted.push(one);
    const lines = await settled(one);
    const row = lines.findIndex((line) => line.includes('98 %'));
    expect(one.screen.styleAt(row, lines[row]?.indexOf('98 %') ?? 0)).toContain('38;2;255;0;0');
  });

  it('moves ten rows for ten keys, and to both ends', async () => {
    const one = open('pods', cluster(6, 100));
    await settled(one);
    one.key('j'.repeat(10));
    await one.until(() => selected(one)?.includes('cart-089') === true);
    one.key('G');
    await one.until(() => selected(one)?.includes('cart-000') === true);
    one.key('gg');
    await one.until(() => selected(one)?.includes('cart-099') === true);
    one.key('\u001b[6~');
    await one.until(() => selected(one)?.includes('cart-080') === true);
  });

  it('keeps the selection on its pod when the order turns', async () => {
    const names = podNames(30);
    let turned = false;
    const source = sourceOf({
      [metricsPaths.pods]: () =>
        podMetrics(names, metricsAt + (turned ? 15_000 : 0), (i) => (turned ? 1000 - i : 1 + i)),
      '/api/v1/pods': podList(names, ['worker-01']),
    });
    const one = open('pods', source);
    await settled(one);
    one.key('jjj');
    await one.until(() => selected(one)?.includes('cart-026') === true);
    turned = true;
    one.key('r');
    await one.until((text) => text.includes('974m'));
    expect(selected(one)).toContain('cart-026');
  });

  it('filters while Enter ends the typing, and says what does not match', async () => {
    const one = open('pods', cluster(6, 100));
    await settled(one);
    one.key('/cart-01');
    await one.until((text) => text.includes('/cart-01▏'));
    one.key('\r');
    await one.until((text) => text.includes('10 of 100 pods'));
    one.key('/');
    one.key('x\r');
    await one.until((text) => text.includes('No pods match /cart-01x (100 without it)'));
    one.key('\u001b');
    await one.until((text) => text.includes('100 pods'));
  });

  it('sorts by the next column, and the other way round', async () => {
    const one = open('pods', cluster(6, 30));
    await settled(one);
    one.key('sssss');
    await one.until((text) => /NAME▲/.test(text) && selected(one)?.includes('cart-000') === true);
    one.key('S');
    await one.until((text) => /NAME▼/.test(text) && selected(one)?.includes('cart-029') === true);
  });

  it('switches to pods and back', async () => {
    const one = open('nodes', cluster(3, 30));
    await settled(one);
    one.key('\t');
    await one.until((text) => text.includes('30 pods'));
    one.key('\t');
    await one.until((text) => text.includes('3 ready'));
  });

  it('opens the table, the description and the logs of what is selected', async () => {
    const one = open('pods', cluster(3, 30));
    await settled(one);
    one.key('\r');
    one.key('d');
    one.key('l');
    one.key('\t');
    await one.until((text) => text.includes('ready'));
    await one.until(() => selected(one)?.includes('worker-03') === true);
    one.key('\r');
    const pod = { resource: 'pods', context: 'prod', namespace: 'shop', name: 'cart-029' };
    await expect
      .poll(() => one.opened)
      .toEqual([
        { do: 'table', queries: [{ resource: 'pods', context: 'prod', namespaces: ['shop'], names: ['cart-029'] }] },
        { do: 'describe', sources: [pod] },
        { do: 'logs', source: pod, options: { follow: true } },
        {
          do: 'table',
          queries: [{ resource: 'pods', context: 'prod', namespaces: [], fieldSelector: 'spec.nodeName=worker-03' }],
        },
      ]);
  });

  it('closes on q', async () => {
    const one = open('nodes', cluster(3, 3));
    one.key('q');
    await expect.poll(() => one.ended).toEqual([undefined]);
  });

  it('stops asking when it is closed', async () => {
    const timers = new Set<() => void>();
    const clock: Clock = {
      now: systemClock.now,
      after: (ms, task) => {
        const cancel = systemClock.after(ms, () => {
          timers.delete(end);
          task();
        });
        const end = (): void => {
          timers.delete(end);
          cancel();
        };
        timers.add(end);
        return end;
      },
    };
    const args = { kind: 'nodes', interval: '60' };
    const one = mount(top, { columns: 80, rows: 24, args, source: cluster(3, 3), clock });
    mounted.push(one);
    await settled(one);
    // The next question, and the clock that counts.
    expect(timers.size).toBeGreaterThan(0);
    one.dispose();
    await expect.poll(() => timers.size).toBe(0);
  });

  it('says that the Metrics API is not installed, and how to install it', async () => {
    const names = podNames(3);
    const one = open('pods', sourceOf({ '/api/v1/pods': podList(names, ['worker-01']) }), 120);
    await one.until((text) => text.includes('⊘ no usage') && text.includes('cart-002'));
    const text = one.screen.text().replace(/\s+/g, ' ');
    expect(text).toContain(
      'the Metrics API is not installed in this cluster (GET /apis/metrics.k8s.io/v1beta1/pods found',
    );
    expect(text).toContain('kubectl apply -f');
  });

  it('says what is forbidden and what to do', async () => {
    const forbidden = new ClusterError('forbidden', 'pods.metrics.k8s.io is forbidden', { status: 403 });
    const one = open('pods', sourceOf({ [metricsPaths.pods]: () => forbidden, '/api/v1/pods': () => forbidden }), 120);
    await one.until((text) => text.includes('⊘ no usage'));
    expect(one.screen.text().replace(/\s+/g, ' ')).toContain(
      'Ask for the verbs get and list on pods in the group metrics.k8s.io',
    );
  });

  it('says that there are no samples yet', async () => {
    const source = sourceOf({
      [metricsPaths.nodes]: { items: [] },
      '/api/v1/nodes': { items: [] },
      '/api/v1/pods': {},
    });
    const one = open('nodes', source, 120);
    await one.until((text) => text.includes('but has no nodes'));
  });

  it('asks only for the namespaces it was given', async () => {
    const path = '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods';
    const source = sourceOf({
      [path]: podMetrics(['cart-0']),
      '/api/v1/namespaces/shop/pods': podList(['cart-0'], ['n']),
    });
    const one = open('pods', source, 80, 24, { namespaces: 'shop' });
    const lines = await settled(one);
    expect(lines[1]).not.toContain('NAMESPACE');
    expect(lines[2]).toContain('cart-0');
    expect(new Set(source.asked)).toEqual(new Set([path, '/api/v1/namespaces/shop/pods']));
  });

  it('equals a fresh drawing after any resizes', async () => {
    const size = fc.record({ columns: fc.integer({ min: 40, max: 200 }), rows: fc.integer({ min: 8, max: 60 }) });
    const source = cluster(6, 80);
    await fc.assert(
      fc.asyncProperty(fc.array(size, { minLength: 1, maxLength: 5 }), async (sizes) => {
        const one = mount(top, { columns: 80, rows: 24, args: { kind: 'pods' }, source });
        await one.until((text) => text.includes('● live'));
        for (const { columns, rows } of sizes) one.resize(columns, rows);
        await one.quiet();
        const { columns, rows } = one.screen;
        const fresh = mount(top, { columns, rows, args: { kind: 'pods' }, source });
        await fresh.until((text) => text.includes('● live'));
        await fresh.quiet();
        expect(one.screen.text()).toBe(fresh.screen.text());
        expect(one.screen.cells()).toBe(fresh.screen.cells());
        one.dispose();
        fresh.dispose();
      }),
      { numRuns: 3 },
    );
  });
});
