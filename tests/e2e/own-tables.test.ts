import { test } from 'vitest';
import {
  create,
  freshNamespace,
  kubectl,
  openTable,
  putCursorOn,
  quietPod,
  rowsOf,
  served,
  withEditor,
} from './support.ts';

const deployment = (namespace: string, name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        schedulerName: 'nobody',
        initContainers: [{ name: 'setup', image: 'example/setup' }],
        containers: [{ name: 'main', image: 'example/main' }],
      },
    },
  },
});

test('workloads are one table; each row is the object of its own kind, down to the containers and back', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(deployment(namespace, 'web'), quietPod(namespace, 'bare'));
    await openTable(editor, `view workloads -n ${namespace}`);
    const shown = async () => (await rowsOf(editor)).map(({ name, cells }) => `${cells.KIND}/${name} ${cells.READY}`);
    await editor.until(
      'what owns the pods, and the bare pod',
      async () => (await shown()).join() === 'pod/bare 0/1,deploy/web 0/1',
    );
    await putCursorOn(editor, 'deploy ');
    await editor.keys('gd');
    await editor.shows(/Selector: +app=web/);
    await editor.keys('q');
    await putCursorOn(editor, 'deploy ');
    await editor.keys('<CR>');
    await editor.shows(/deployment\/web ▸ pods/);
    await editor.shows(/web-\w+-\w+ +0\/1 +Pending/);
    await putCursorOn(editor, 'web-');
    await editor.keys('<CR>');
    await editor.shows(/pod\/web-\S+ ▸ containers/);
    await editor.until('its containers, apps first', async () => {
      const rows = await rowsOf(editor);
      return (
        rows.map(({ name, cells }) => `${name} ${cells.TYPE} ${cells.STATE}`).join() ===
        'main app Waiting,setup init Waiting'
      );
    });
    await putCursorOn(editor, 'setup');
    await editor.keys('gD');
    await editor.shows('works on whole pods');
    await editor.keys('gO');
    await editor.shows(/▸ pods ▸/);
    await editor.keys('<BS>');
    await editor.keys('<BS>');
    await editor.keys('<BS>');
    await editor.shows(/▸ workloads ▸/);
    await kubectl(['delete', 'deployment', 'web', `--namespace=${namespace}`]);
    await editor.until('the bare pod alone', async () => (await shown()).join() === 'pod/bare 0/1');
  }));

test('a container ends and comes back before the eyes of who looks at it', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'app'));
    await openTable(editor, `get containers app -n ${namespace}`);
    await editor.shows(/main +app +false +Waiting +0/);
    const finishedAt = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const state = { running: { startedAt: finishedAt } };
    const lastState = { terminated: { exitCode: 1, reason: 'Error', finishedAt } };
    const status = { name: 'main', image: '', imageID: '', ready: true, restartCount: 2, state, lastState };
    const patch = JSON.stringify({ status: { phase: 'Running', containerStatuses: [status] } });
    await kubectl([
      'patch',
      'pod',
      'app',
      `--namespace=${namespace}`,
      '--subresource=status',
      '--type=merge',
      '-p',
      patch,
    ]);
    await editor.shows(/main +app +true +Running +2 \(\d+s ago\)/);
    await editor.command('Kubectl get containers');
    await editor.shows('containers of which pod?');
  }));

test('wide pods and nodes show what is used, as kubectl top says it, and sort and filter by it', () =>
  withEditor(async (editor) => {
    const top = async (...args: string[]) =>
      (await kubectl(['top', ...args, '--no-headers']))
        .trim()
        .split('\n')
        .map((line) => line.split(/ +/));
    await editor.until(
      'measurements',
      async () => (await top('pods', '-n', 'shop').catch(() => [])).length > 1,
      90_000,
    );
    await openTable(editor, 'get pods -n shop -o wide');
    // Two answers of the server are seldom of one moment: some cell of the table is as top said before or after it.
    const asTop = async (): Promise<boolean> => {
      const before = await top('pods', '-n', 'shop');
      const rows = new Map((await rowsOf(editor)).map(({ name, cells }) => [name, cells]));
      return before.some(([name = '', cpu, memory]) => rows.get(name)?.CPU === cpu && rows.get(name)?.MEM === memory);
    };
    // The table asks every 15 s: until then it is as old as its last answer.
    await editor.until('the usage that top tells', asTop, 60_000);
    await openTable(editor, 'get nodes -o wide');
    await editor.until('usage of nodes', async () => {
      const rows = await rowsOf(editor);
      return rows.some(({ cells }) => /^\d+m$/.test(cells.CPU ?? '') && /^\d+\/\d+$/.test(cells.PODS ?? ''));
    });
    // Counted at each poll; pods may come and go in a lab that others use too.
    const running = 'spec.nodeName=worker-1,status.phase!=Succeeded,status.phase!=Failed';
    await editor.until(
      'the pods that run on a node',
      async () => {
        const pods = (await kubectl(['get', 'pods', '-A', `--field-selector=${running}`, '-o', 'name'])).trim();
        const worker = (await rowsOf(editor)).find(({ name }) => name === 'worker-1');
        return worker?.cells.PODS === `${pods.split('\n').length}/110`;
      },
      60_000,
    );
    await openTable(editor, 'get pods -n shop');
    await editor.keys('<C-f>');
    await editor.keys('CPU>0<CR>');
    await editor.shows(/\d +\/CPU>0/);
    await editor.until('rows by their usage in a narrow table', async () => (await rowsOf(editor)).length > 0);
  }));

test('<CR> on a custom resource shows its tree of children, and on a claim the pods that mount it', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    const plural = `trees${namespace.replaceAll(/\D/g, '')}`;
    const group = 'own-tables.example.com';
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural, singular: plural.replace('s', ''), kind: `T${plural}` },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    try {
      await served(`${plural}.${group}`);
      await create({ apiVersion: `${group}/v1`, kind: `T${plural}`, metadata: { name: 'oak', namespace } });
      const uid = await kubectl([
        'get',
        `${plural}.${group}`,
        'oak',
        `--namespace=${namespace}`,
        '-o=jsonpath={.metadata.uid}',
      ]);
      const owner = { apiVersion: `${group}/v1`, kind: `T${plural}`, name: 'oak', uid, controller: true };
      const web = deployment(namespace, 'web') as { metadata: object };
      await create(
        { ...web, metadata: { ...web.metadata, ownerReferences: [owner] } },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'leaf', namespace, ownerReferences: [owner] } },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stranger', namespace } },
      );
      const pods = ['get', 'pods', '--selector=app=web', `--namespace=${namespace}`, '--output=name'];
      await editor.until('its pod', async () => (await kubectl(pods)) !== '');
      await openTable(editor, `get ${plural}.${group} -n ${namespace}`);
      await putCursorOn(editor, 'oak');
      await editor.keys('<CR>');
      await editor.shows(/▸ children/);
      await editor.until('the tree below it', async () => {
        const rows = await rowsOf(editor);
        return (
          rows
            .map(({ cells }) => cells.KIND)
            .sort()
            .join() === 'cm,deploy,pod,rs'
        );
      });
    } finally {
      await kubectl(['delete', 'crd', `${plural}.${group}`]);
    }
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const pod = quietPod(namespace, 'mounts') as { spec: object };
    await create(
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'none' },
      },
      { ...pod, spec: { ...pod.spec, volumes } },
      quietPod(namespace, 'stranger'),
    );
    await openTable(editor, `get pvc -n ${namespace}`);
    await putCursorOn(editor, 'data');
    await editor.keys('<CR>');
    await editor.shows(/persistentvolumeclaim\/data ▸ pods/);
    await editor.until(
      'the pod that mounts it',
      async () => (await rowsOf(editor)).map(({ name }) => name).join() === 'mounts',
    );
  }));

test('workloads of a namespace come with <CR> on it, by label with -l, and of no field selector', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(
      quietPod(namespace, 'chosen', { tier: 'front' }),
      quietPod(namespace, 'other', { tier: 'back' }),
      deployment(namespace, 'web'),
    );
    const names = async () => (await rowsOf(editor)).map(({ name }) => name).join();
    await openTable(editor, `get namespaces ${namespace}`);
    await putCursorOn(editor, namespace);
    await editor.keys('<CR>');
    await editor.shows(new RegExp(`namespace/${namespace} ▸ workloads`));
    await editor.until('all of them', async () => (await names()) === 'chosen,other,web');
    await openTable(editor, `get workloads -n ${namespace} -l tier=front`);
    await editor.until('the chosen one', async () => (await names()) === 'chosen');
    await create(quietPod(namespace, 'another', { tier: 'front' }));
    await editor.until('what comes later', async () => (await names()) === 'another,chosen');
    await editor.command(`Kubectl get workloads -n ${namespace} --field-selector metadata.name=x`);
    await editor.shows('workloads takes no field selector');
  }));

test('gO on a claim goes to its volume, and from there <CR> back to the claim', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    const volume = `volume-${namespace}`;
    const claimRef = { namespace, name: 'data' };
    const accessModes = ['ReadWriteOnce'];
    await create(
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: volume },
        spec: {
          capacity: { storage: '1Gi' },
          accessModes,
          storageClassName: '',
          hostPath: { path: '/none' },
          claimRef,
        },
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace },
        spec: { accessModes, storageClassName: '', volumeName: volume, resources: { requests: { storage: '1Gi' } } },
      },
    );
    try {
      await openTable(editor, `get pvc -n ${namespace}`);
      // What its controller could not do at once it tries again after 15 s.
      await editor.shows(/data +Bound/, 20_000);
      await putCursorOn(editor, 'data');
      await editor.keys('<CR>');
      await editor.shows('No pod in');
      await editor.keys('gO');
      await editor.shows(/▸ persistentvolumes/);
      // The text of the empty table names the volume as well.
      await editor.shows(/ 1Gi /);
      await putCursorOn(editor, volume);
      await editor.keys('<CR>');
      // Its beginning is cut where the names are long.
      await editor.shows(/volume\/\S+ ▸ persistentvolumeclaims/);
      await editor.shows(/data +Bound/);
    } finally {
      await kubectl(['delete', 'pvc', 'data', `--namespace=${namespace}`, '--wait=false']);
      await kubectl(['delete', 'pv', volume, '--wait=false']);
    }
  }));
