import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DrainProgress, NativeClient } from '../../src/native/types.ts';
import {
  adminSpec,
  allWays,
  apply,
  atMost,
  barePod,
  deployment,
  freshNamespace,
  freshNode,
  goWays,
  kubectl,
  type Loaded,
  removeNodes,
  rolledOut,
  until,
} from './lab.ts';

type World = { readonly node: string; readonly namespace: string };

/** A simulated node of its own with a deployment on it; the pods have nowhere else to go. */
const world = async (replicas: number): Promise<World> => {
  const namespace = await freshNamespace();
  const node = await freshNode(`node-${namespace}`);
  await apply(deployment(namespace, 'web', replicas, 'registry.example/web:1', node));
  await rolledOut(namespace, 'web');
  return { node, namespace };
};

/** The lab's own daemon set runs on every node. */
const ours = { ignoreDaemonSets: true };

/** Waits until it does: its controller learns of a new node a moment later. */
const daemonOn = (node: string): Promise<boolean> =>
  until(async () => {
    const path = '{.items[*].metadata.ownerReferences[*].kind}';
    const pods = ['get', 'pods', '--all-namespaces', `--field-selector=spec.nodeName=${node}`];
    return (await kubectl([...pods, `--output=jsonpath=${path}`])).includes('DaemonSet') || undefined;
  });

afterEach(removeNodes);

const budget = (namespace: string, name: string, minAvailable: number) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { namespace, name },
  spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
});

/** A budget that its controller has seen: before that every eviction is refused. */
const keep = async ({ namespace }: World, minAvailable: number, allowed: number): Promise<void> => {
  await apply(budget(namespace, 'keep-web', minAvailable));
  const path = '{.status.observedGeneration} {.status.disruptionsAllowed}';
  await until(async () => {
    const said = await kubectl(['get', 'pdb/keep-web', `--namespace=${namespace}`, `--output=jsonpath=${path}`]);
    return said === `1 ${allowed}` || undefined;
  });
};

const field = (node: string, path: string): Promise<string> =>
  kubectl(['get', `node/${node}`, `--output=jsonpath=${path}`]);
const cordoned = async (node: string): Promise<boolean> => (await field(node, '{.spec.unschedulable}')) === 'true';

const steps = (progress: readonly DrainProgress[], pod?: string): string[] =>
  progress.filter((one) => pod === undefined || one.pod === pod).map(({ step }) => step);

describe.each(allWays)('drain by the %s', (_name, load) => {
  let native: Loaded;
  let client: NativeClient;
  beforeAll(async () => {
    native = await load();
    client = native.client(adminSpec());
  });
  afterAll(() => native.dispose());

  test('cordons the node, tells of every pod, and ends when all are gone', async () => {
    const { node } = await world(3);
    const progress: DrainProgress[] = [];
    const result = await client.drain(node, { ...ours, onProgress: (step) => progress.push(step) });
    expect(result).toMatchObject({ node, dryRun: false, cordoned: true, blocked: [] });
    expect(result.evicted).toHaveLength(3);
    expect(await cordoned(node)).toBe(true);
    expect(progress[0]).toMatchObject({ step: 'cordoned', message: `node/${node} cordoned` });
    for (const { name: pod } of result.evicted) {
      const story = steps(progress, pod);
      expect(story[0]).toBe('evicting');
      expect(story.at(-1)).toBe('gone');
    }
    expect(progress.at(-1)).toMatchObject({ step: 'gone', done: 3, total: 3 });
  });

  test('a pod that a budget keeps holds it up; the budget is named until the time is up', async () => {
    const here = await world(2);
    await keep(here, 2, 0);
    const progress: DrainProgress[] = [];
    const drain = client.drain(here.node, { ...ours, timeoutSeconds: 3, onProgress: (step) => progress.push(step) });
    const named = `${here.namespace}/keep-web`;
    await expect(drain).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining(named),
      hint: expect.stringContaining('cordoned'),
    });
    const blocked = progress.find(({ step }) => step === 'blocked');
    expect(blocked).toMatchObject({
      namespace: here.namespace,
      budgets: [named],
      message: expect.stringContaining(named),
    });
    expect(await cordoned(here.node)).toBe(true);
  });

  test('pods that nobody would start again forbid it, before the node is touched', async () => {
    const { node, namespace } = await world(1);
    await apply(barePod(namespace, 'alone', node));
    await kubectl(['wait', 'pod/alone', `--namespace=${namespace}`, '--for=condition=Ready', atMost(20)]);
    await daemonOn(node);
    await expect(client.drain(node, ours)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(`${namespace}/alone`),
    });
    await expect(client.drain(node, { force: true })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('DaemonSet'),
    });
    expect(await cordoned(node)).toBe(false);
    const forced = await client.drain(node, { ...ours, force: true, gracePeriodSeconds: 0 });
    expect(forced.evicted).toContainEqual({ namespace, name: 'alone' });
    expect(forced.warnings.join()).toContain(`${namespace}/alone`);
  });

  test('a node that is not there', async () => {
    await expect(client.drain('nobody')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('node nobody'),
    });
  });

  test('cordon and uncordon, in earnest and not', async () => {
    const node = await freshNode(`node-${await freshNamespace()}`);
    await client.cordon(node, true, { dryRun: true });
    expect(await cordoned(node)).toBe(false);
    await client.cordon(node, true);
    expect(await cordoned(node)).toBe(true);
    await client.cordon(node, true);
    await client.cordon(node, false);
    expect(await cordoned(node)).toBe(false);
    await expect(client.cordon('nobody', true)).rejects.toMatchObject({ code: 'not-found' });
  });
});

// kubectl waits 5 s after each refusal; what its lines become is tested with lines, in tests/unit/native.
describe.each(goWays)('drain by the %s and a budget', (_name, load) => {
  let native: Loaded;
  let client: NativeClient;
  beforeAll(async () => {
    native = await load();
    client = native.client(adminSpec());
  });
  afterAll(() => native.dispose());

  test('it goes on as soon as the budget allows', async () => {
    const here = await world(2);
    await keep(here, 2, 0);
    const { promise, resolve } = Promise.withResolvers<void>();
    const drain = client.drain(here.node, { ...ours, onProgress: ({ step }) => step === 'blocked' && resolve() });
    await promise;
    await kubectl(['delete', 'pdb/keep-web', `--namespace=${here.namespace}`]);
    await expect(drain).resolves.toMatchObject({ blocked: [] });
  });

  test('cancelled half way it stops, and says how far it came', async () => {
    const here = await world(2);
    await keep(here, 2, 0);
    const abort = new AbortController();
    const drain = client.drain(here.node, {
      ...ours,
      signal: abort.signal,
      onProgress: ({ step }) => step === 'blocked' && abort.abort(),
    });
    await expect(drain).rejects.toMatchObject({
      code: 'cancelled',
      message: `drain node ${here.node}: 0 of 2 pods were gone and the node stays cordoned: cancelled`,
    });
    const pods = await kubectl(['get', 'pods', `--namespace=${here.namespace}`, '--output=name']);
    expect(pods.trim().split('\n')).toHaveLength(2);
  });

  test('a dry run changes nothing, and names who would be kept by what', async () => {
    const here = await world(2);
    await keep(here, 2, 0);
    const result = await client.drain(here.node, { ...ours, dryRun: true });
    expect(result).toMatchObject({ dryRun: true, cordoned: true, evicted: [] });
    expect(result.blocked).toHaveLength(2);
    expect(result.blocked[0]).toMatchObject({ namespace: here.namespace, budgets: [`${here.namespace}/keep-web`] });
    expect(await cordoned(here.node)).toBe(false);
  });

  test('a pod kept by two budgets cannot be evicted at all: both are named', async () => {
    const here = await world(1);
    await apply(budget(here.namespace, 'one', 0), budget(here.namespace, 'two', 0));
    await until(async () => {
      const seen = await kubectl([
        'get',
        'pdb',
        `--namespace=${here.namespace}`,
        '--output=jsonpath={.items[*].status.observedGeneration}',
      ]);
      return seen.split(' ').length === 2 || undefined;
    });
    await expect(client.drain(here.node, ours)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`${here.namespace}/one, ${here.namespace}/two`),
    });
  });
});
