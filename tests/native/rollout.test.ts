import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeClient, Target } from '../../src/native/types.ts';
import {
  adminSpec,
  allWays,
  apply,
  deployment,
  deploymentTarget,
  freshNamespace,
  goWays,
  kubectl,
  type Loaded,
  rolledOut,
  target,
  until,
} from './lab.ts';

/** A deployment with two revisions, the second with a change cause. */
const twoRevisions = async (): Promise<{ namespace: string; web: Target }> => {
  const namespace = await freshNamespace();
  await apply(deployment(namespace, 'web', 2, 'registry.example/web:1'));
  await rolledOut(namespace, 'web');
  await kubectl(['set', 'image', 'deployment/web', 'main=registry.example/web:2', `--namespace=${namespace}`]);
  await kubectl(['annotate', 'deployment/web', 'kubernetes.io/change-cause=image 2', `--namespace=${namespace}`]);
  await rolledOut(namespace, 'web');
  // An annotation is no new generation: that it is on the replica set too is not what was waited for.
  const causes = '{.items[*].metadata.annotations.kubernetes\\.io/change-cause}';
  await until(async () => {
    const found = await kubectl(['get', 'replicasets', `--namespace=${namespace}`, `--output=jsonpath=${causes}`]);
    return found === 'image 2' || undefined;
  });
  return { namespace, web: deploymentTarget(namespace, 'web') };
};

const image = (namespace: string): Promise<string> =>
  kubectl(['get', 'deployment/web', `--namespace=${namespace}`, '--output=jsonpath={..containers[0].image}']);

describe.each(allWays)('rollouts by the %s', (_name, load) => {
  let native: Loaded;
  let client: NativeClient;
  beforeAll(async () => {
    native = await load();
    client = native.client(adminSpec());
  });
  afterAll(() => native.dispose());

  test('history reads as with kubectl, whole and one revision', async () => {
    const { namespace, web } = await twoRevisions();
    const theirs = (...args: string[]) =>
      kubectl(['rollout', 'history', 'deployment/web', `--namespace=${namespace}`, ...args]);
    expect(await client.rolloutHistory(web)).toBe(await theirs());
    expect(await client.rolloutHistory(web, { revision: 1 })).toBe(await theirs('--revision=1'));
    await expect(client.rolloutHistory(web, { revision: 77 })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('undo first shows what it would do, then does it', async () => {
    const { namespace, web } = await twoRevisions();
    const preview = await client.rolloutUndo(web, { dryRun: true });
    expect(preview).toBe(
      await kubectl(['rollout', 'undo', 'deployment/web', `--namespace=${namespace}`, '--dry-run=client']),
    );
    expect(preview).toContain('registry.example/web:1');
    expect(await image(namespace)).toBe('registry.example/web:2');
    expect(await client.rolloutUndo(web)).toBe('deployment.apps/web rolled back\n');
    expect(await image(namespace)).toBe('registry.example/web:1');
    await rolledOut(namespace, 'web');
    await client.rolloutUndo(web, { toRevision: 2 });
    expect(await image(namespace)).toBe('registry.example/web:2');
    await expect(client.rolloutUndo(web, { toRevision: 77 })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('status follows a rollout to its end', async () => {
    const { namespace, web } = await twoRevisions();
    await kubectl(['rollout', 'pause', 'deployment/web', `--namespace=${namespace}`]);
    await kubectl(['set', 'image', 'deployment/web', 'main=registry.example/web:3', `--namespace=${namespace}`]);
    const lines: string[] = [];
    const { promise: waiting, resolve: waits } = Promise.withResolvers<void>();
    const status = client.rolloutStatus(web, {
      onProgress(line) {
        lines.push(line);
        waits();
      },
    });
    await waiting;
    expect(lines[0]).toMatch(/^Waiting for deployment/);
    await client.rolloutResume(web);
    expect(await status).toBe('deployment "web" successfully rolled out\n');
    expect(lines.at(-1)).toBe(await status);
    expect(lines.filter((line, index) => line === lines[index + 1])).toEqual([]);
  });

  test('status may be left', async () => {
    const { namespace, web } = await twoRevisions();
    await client.rolloutPause(web);
    await kubectl(['set', 'image', 'deployment/web', 'main=registry.example/web:3', `--namespace=${namespace}`]);
    const abort = new AbortController();
    const status = client.rolloutStatus(web, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(status).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('pause, restart and resume', async () => {
    const { web } = await twoRevisions();
    expect(await client.rolloutPause(web)).toBe('deployment.apps/web paused\n');
    await expect(client.rolloutPause(web)).rejects.toMatchObject({ code: 'conflict' });
    await expect(client.rolloutRestart(web)).rejects.toMatchObject({ code: 'conflict' });
    await expect(client.rolloutUndo(web)).rejects.toMatchObject({ code: 'conflict' });
    expect(await client.rolloutResume(web)).toBe('deployment.apps/web resumed\n');
    expect(await client.rolloutRestart(web)).toBe('deployment.apps/web restarted\n');
  });

  test('a kind without rollouts is unsupported', async () => {
    const settings = target('configmaps', 'ConfigMap', 'kube-root-ca.crt', { namespace: 'default' });
    await expect(client.rolloutHistory(settings)).rejects.toMatchObject({ code: 'unsupported' });
  });
});

test.each(goWays)('a dry run of restart by the %s changes nothing', async (_name, load) => {
  const native = await load();
  const client = native.client(adminSpec());
  const { namespace, web } = await twoRevisions();
  const version = () =>
    kubectl(['get', 'deployment/web', `--namespace=${namespace}`, '--output=jsonpath={.metadata.generation}']);
  const before = await version();
  expect(await client.rolloutRestart(web, { dryRun: true })).toBe('deployment.apps/web restarted (server dry run)\n');
  expect(await version()).toBe(before);
  native.dispose();
});
