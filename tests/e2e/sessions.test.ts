/** Describe, YAML and logs in a real editor, against the lab. */
import { expect, test } from 'vitest';
import { patience } from '../patience.ts';
import { create, freshNamespace, kubectl, openTable, putCursorOn, quietPod, withEditor } from './support.ts';

const loggingPod = (namespace: string, name: string, rate: string, labels: Record<string, string> = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name, namespace, labels },
    annotations: { 'kubectl-live/log-kind': 'access', 'kubectl-live/log-rate': rate, 'kubectl-live/log-lines': '5' },
  },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'example/main' }] },
});

const running = (namespace: string, name: string): Promise<string> =>
  kubectl(['wait', '--for=condition=Ready', `pod/${name}`, `--namespace=${namespace}`, `--timeout=${60 * patience}s`]);

test('a description follows the object, its events and its end', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one', { tier: 'before' }));
    await editor.command(`Kubectl describe pod one -n ${namespace}`);
    await editor.shows('tier=before', 20_000);
    await editor.shows('● live');
    const text = (await editor.lines()).join('\n').trimEnd();
    expect(`${text}\n`).toBe(await kubectl(['describe', 'pod', 'one', `--namespace=${namespace}`]));

    await kubectl(['label', 'pod', 'one', 'tier=after', '--overwrite', `--namespace=${namespace}`]);
    await editor.shows('tier=after');

    const uid = await kubectl(['get', 'pod', 'one', `--namespace=${namespace}`, '-o', 'jsonpath={.metadata.uid}']);
    await create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'noticed', namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'one', uid },
      ...{ reason: 'Noticed', message: 'somebody looked', type: 'Warning', count: 1 },
      ...{ firstTimestamp: new Date().toISOString().replace(/\.\d+/, ''), source: { component: 'test' } },
    });
    await editor.until('the event', async () => (await editor.lines()).some((line) => /Warning\s+Noticed/.test(line)));

    await kubectl(['delete', 'pod', 'one', `--namespace=${namespace}`]);
    await editor.shows(/✕ deleted \d\d:\d\d:\d\d/);
    expect((await editor.lines()).join('\n')).toContain('tier=after');
  }));

test('The text of a secret shows none of its values, and follows the object', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    const manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace },
      stringData: { password: 'hunter2' },
    };
    await kubectl(['apply', '--filename=-'], manifest);
    await openTable(editor, `get secrets -n ${namespace}`);
    await putCursorOn(editor, 'db');
    await editor.keys('gy');
    await editor.shows('● live', 20_000);
    await editor.until('the YAML', async () => (await editor.lines()).includes('kind: Secret'));
    const text = (await editor.lines()).join('\n');
    expect(text).toContain('  password: "***"');
    expect(text).not.toMatch(/aHVudGVyMg|hunter2|managedFields/);
    await editor.until('its filetype', async () => (await editor.lua('return vim.bo.filetype')) === 'yaml');

    await kubectl(['label', 'secret', 'db', 'tier=after', `--namespace=${namespace}`]);
    await editor.until('the label', async () => (await editor.lines()).includes('    tier: after'));
  }));

test('logs follow a pod, each line once', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(loggingPod(namespace, 'talker', '20'));
    await running(namespace, 'talker');
    await editor.command(`Kubectl logs -f talker -n ${namespace}`);
    await editor.shows('● following', 20_000);
    await editor.until('40 lines', async () => (await editor.lines()).length > 40, 20_000);
    const seen = await editor.lines();
    const all = (await kubectl(['logs', 'talker', `--namespace=${namespace}`])).split('\n');
    expect(all.slice(0, seen.length)).toEqual(seen);

    await kubectl(['delete', 'pod', 'talker', `--namespace=${namespace}`]);
    await editor.until('the end', async () => (await editor.lines()).at(-1) === '── pod deleted ──', 20_000);
  }));

test('logs of a workload follow all its pods', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    const template = loggingPod(namespace, 'web', '5', { app: 'web' }) as { metadata: object; spec: object };
    const { terminationGracePeriodSeconds: _, ...spec } = template.spec as Record<string, unknown>;
    const { labels, annotations } = template.metadata as Record<string, unknown>;
    await create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels, annotations }, spec } },
    });
    await kubectl(['rollout', 'status', 'deployment/web', `--namespace=${namespace}`, `--timeout=${60 * patience}s`]);
    await openTable(editor, `get deployments -n ${namespace}`);
    await putCursorOn(editor, 'web');
    await editor.keys('gl');
    await editor.shows('● following', 20_000);
    const pods = (await kubectl(['get', 'pods', `--namespace=${namespace}`, '-o', 'name'])).trim().split('\n');
    await editor.until('lines of both pods', async () => {
      const prefixes = new Set((await editor.lines()).map((line) => `pod/${line.split(' ')[0]}`));
      return pods.length === 2 && pods.every((pod) => prefixes.has(pod));
    });
    await editor.shows('2 pods');

    await kubectl(['scale', 'deployment/web', '--replicas=3', `--namespace=${namespace}`]);
    await editor.until(
      'the third pod',
      async () => (await editor.lines()).some((line) => / joined ──$/.test(line)),
      20_000,
    );
  }));
