/** `gX`: what an object uses and what uses it, from the real server. */
import { expect, test } from 'vitest';
import { create, freshNamespace, kubectl, openTable, putCursorOn, withEditor } from './support.ts';

const objects = (namespace: string): object[] => {
  const at = (name: string, more: object = {}) => ({ name, namespace, ...more });
  const labels = { app: 'web' };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: at('settings') },
    { apiVersion: 'v1', kind: 'Secret', metadata: at('token'), data: { key: 'SGlkZGVuNDcxMQ==' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: at('web'),
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            schedulerName: 'nobody',
            volumes: [{ name: 'conf', configMap: { name: 'settings' } }],
            containers: [{ name: 'main', image: 'i', envFrom: [{ secretRef: { name: 'token' } }] }],
          },
        },
      },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: at('front'), spec: { selector: labels, ports: [{ port: 80 }] } },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: at('budget'),
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: at('auto'),
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: at('door'),
      spec: { defaultBackend: { service: { name: 'front', port: { number: 80 } } } },
    },
  ];
};

/** They are looked up once: what controllers make of them must be there by then. */
const createWith = async (namespace: string): Promise<void> => {
  await create(...objects(namespace));
  const made = async (what: string): Promise<string> =>
    await kubectl(['get', what, `--namespace=${namespace}`, '--output=name']);
  for (const what of ['replicasets', 'pods', 'endpointslices']) {
    await expect.poll(() => made(what), { timeout: 20_000 }).not.toBe('');
  }
};

test('a deployment and a config map: both directions, <CR> goes on, from a row, a description and a text', async () => {
  const namespace = await freshNamespace();
  await createWith(namespace);
  await withEditor(
    async (editor) => {
      await openTable(editor, `get deployments -n ${namespace}`);
      await putCursorOn(editor, 'web');
      await editor.keys('gX');
      await editor.shows('is used by', 20_000);
      const text = (await editor.lines()).join('\n');
      expect(text).toMatch(/configmaps\/settings +volume conf/);
      expect(text).toMatch(/secrets\/token +environment of main/);
      expect(text).toMatch(/services\/front +selects its pods/);
      expect(text).toMatch(/poddisruptionbudgets.policy\/budget +selects its pods/);
      expect(text).toMatch(/horizontalpodautoscalers.autoscaling\/auto +scales/);
      expect(text).toMatch(/replicasets.apps\/web-\w+ +is made by it/);
      expect(text).not.toContain('door');

      // On a line the same again, of the object there.
      await putCursorOn(editor, 'configmaps/settings');
      await editor.keys('gX');
      await editor.shows(/deployments.apps\/web +volume conf/, 20_000);
      expect((await editor.lines()).join('\n')).toMatch(/pods\/web-\S+ +volume conf/);
      await editor.keys('q');
      await putCursorOn(editor, 'services/front');
      await editor.keys('<CR>');
      await editor.shows(/Selector: +app=web/, 20_000);
      await editor.keys('gX');
      await editor.shows(/ingresses.networking.k8s.io\/door +sends to/, 20_000);
      expect((await editor.lines()).join('\n')).toMatch(
        /endpointslices.discovery.k8s.io\/front-\w+ +has its endpoints/,
      );
      expect((await editor.lines()).join('\n')).toMatch(/pods\/web-\S+ +is selected/);
    },
    undefined,
    { columns: 140, rows: 40 },
  );
});

test('a pod: its owners up to the top; of the object buffer as of the row', async () => {
  const namespace = await freshNamespace();
  await createWith(namespace);
  await withEditor(async (editor) => {
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.until('its pod', async () => (await editor.lines()).some((line) => line.includes('web-')));
    await putCursorOn(editor, 'web-');
    await editor.keys('gy');
    await editor.shows('kind: Pod', 20_000);
    await editor.keys('gX');
    await editor.until(
      'both owners',
      async () => {
        const text = (await editor.lines()).join('\n');
        return (
          /replicasets.apps\/web-\w+ +is made by/.test(text) && /deployments.apps\/web +which is made by/.test(text)
        );
      },
      20_000,
    );
  });
});
