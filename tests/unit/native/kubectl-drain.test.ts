import { describe, expect, test } from 'vitest';
import { drainWithKubectl } from '../../../src/native/kubectl-drain.ts';
import type { Kubectl } from '../../../src/native/kubectl-process.ts';
import type { DrainProgress } from '../../../src/native/types.ts';
import { ClusterError } from '../../../src/util/error.ts';

const budgets = {
  items: [
    { metadata: { name: 'keep-web' }, spec: { selector: { matchLabels: { app: 'web' } } } },
    { metadata: { name: 'keep-other' }, spec: { selector: { matchLabels: { app: 'other' } } } },
  ],
};

/** A kubectl whose drain says these lines and ends like that; the first drain is the one that only looks. */
const kubectlThat = (lines: readonly string[], end?: Error): { kubectl: Kubectl; calls: string[] } => {
  const calls: string[] = [];
  const kubectl: Kubectl = async (args, { onLine }) => {
    calls.push(args.join(' '));
    if (args[0] === 'get')
      return JSON.stringify(args.at(-1)?.startsWith('pods/') ? { metadata: { labels: { app: 'web' } } } : budgets);
    if (args.includes('--dry-run=client')) return '';
    for (const line of lines) onLine?.(line, 'out');
    if (end !== undefined) throw end;
    return '';
  };
  return { kubectl, calls };
};

const kept =
  'error when evicting pods/"web-1" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod\'s disruption budget.';

describe('drain with the kubectl program', () => {
  test('its lines become progress', async () => {
    const { kubectl, calls } = kubectlThat([
      'node/n1 cordoned',
      'Warning: ignoring DaemonSet-managed Pods: kube-system/proxy; deleting Pods with local storage: shop/web-1',
      'evicting pod shop/web-2',
      'evicting pod shop/web-1',
      'evicting pod other/web-1',
      'pod/web-1 evicted',
      'pod/web-2 evicted',
      'pod/web-1 evicted',
      'node/n1 drained',
    ]);
    const progress: DrainProgress[] = [];
    const result = await drainWithKubectl(kubectl, 'n1', {
      ignoreDaemonSets: true,
      onProgress: (one) => progress.push(one),
    });
    expect(calls[0]).toContain('--dry-run=client');
    expect(calls[1]).toContain('--ignore-daemonsets=true');
    expect(calls[1]).toContain('-- n1');
    expect(progress.map(({ step, done, total }) => [step, done, total])).toEqual([
      ['cordoned', 0, 0],
      ['warning', 0, 0],
      ['evicting', 0, 1],
      ['evicting', 0, 2],
      ['evicting', 0, 3],
      ['gone', 1, 3],
      ['gone', 2, 3],
      ['gone', 3, 3],
    ]);
    expect(result).toEqual({
      node: 'n1',
      dryRun: false,
      cordoned: true,
      evicted: [
        { namespace: 'shop', name: 'web-2' },
        { namespace: 'shop', name: 'web-1' },
        { namespace: 'other', name: 'web-1' },
      ],
      blocked: [],
      warnings: ['ignoring DaemonSet-managed Pods: kube-system/proxy', 'deleting Pods with local storage: shop/web-1'],
    });
  });

  test('a pod that is kept has its budget named', async () => {
    const timeout = new ClusterError('timeout', 'global timeout reached');
    const { kubectl } = kubectlThat(['node/n1 already cordoned', 'evicting pod shop/web-1', kept], timeout);
    const progress: DrainProgress[] = [];
    const drain = drainWithKubectl(kubectl, 'n1', { onProgress: (one) => progress.push(one) });
    await expect(drain).rejects.toMatchObject({
      code: 'timeout',
      message:
        'draining node n1 timed out: 1 of 1 pods are left: shop/web-1 (kept by PodDisruptionBudget shop/keep-web)',
    });
    expect(progress.at(-1)).toMatchObject({ step: 'blocked', budgets: ['shop/keep-web'] });
  });

  test('a dry run ends with who would be kept', async () => {
    const timeout = new ClusterError('timeout', 'global timeout reached');
    const lines = [
      'node/n1 cordoned (server dry run)',
      'evicting pod shop/web-1 (server dry run)',
      'evicting pod shop/web-2 (server dry run)',
      kept,
    ];
    const result = await drainWithKubectl(kubectlThat(lines, timeout).kubectl, 'n1', { dryRun: true });
    expect(result).toMatchObject({
      cordoned: true,
      evicted: [{ namespace: 'shop', name: 'web-2' }],
      blocked: [{ namespace: 'shop', name: 'web-1', budgets: ['shop/keep-web'] }],
    });
  });

  test('other failures are kubectl’s own', async () => {
    const gone = new ClusterError('not-found', 'nodes "n1" not found');
    await expect(drainWithKubectl(kubectlThat([], gone).kubectl, 'n1')).rejects.toBe(gone);
  });
});
