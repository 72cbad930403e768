/** Each action in the editor: form, question, a dry run that changes nothing, the deed, its entry, its way back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { does, journal, told } from './acting.ts';
import { request } from './parity/awkward/access.ts';
import { openTable, withEditor } from './support.ts';
import { until } from './until.ts';
import { podSpec, template, WriteStage } from './write-stage.ts';

let stage: WriteStage;
beforeAll(async () => {
  stage = await WriteStage.start();
});
afterAll(() => stage?.dispose());

const wide = { columns: 120, rows: 40 };
const waiting = { timeout: 20_000 };

/** In the journal: all entries. */
const takeAllBack = async (editor: Editor): Promise<void> => {
  await editor.keys('ggVGgu');
  await editor.shows('[y] take back');
  await editor.keys('y');
};

/** Undefined once it is gone. */
const specOf = (typed: string, name: string): Promise<unknown> =>
  stage.get(typed, name).then(
    ({ spec, metadata }) => (metadata.deletionTimestamp === undefined ? spec : undefined),
    () => undefined,
  );

test('what is done to a deployment, one after the other, and all of it taken back at once', async () => {
  const made = await stage.create('deploy', {
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template: template('web') },
  });
  const before = { spec: await specOf('deploy', 'web'), labels: made.metadata?.labels };
  const live = () => stage.get('deploy', 'web');
  const pods = async () => (await live()).spec.template;
  const revisions = (count: number) =>
    until(`${count} revisions`, async () => {
      const query = { labelSelector: 'app=web' };
      const { items } = await stage.transport.json<{ items: unknown[] }>({ path: stage.path('rs'), query });
      return items.length === count;
    });
  await withEditor(
    async (editor) => {
      await openTable(editor, `get deployments -n ${stage.namespace}`);
      const web = ['web', `deployments.apps/web in ${stage.namespace}`] as const;
      const scale = { by: 'gS', form: ['replicas  0', '<C-u>2'], tells: '0 → 2 replicas' } as const;
      await does(editor, web, scale, async () => (await live()).spec.replicas, 2);
      const image = { by: 'gi', form: ['app  app:1', '<C-u>app:2'], tells: 'app: app:1 → app:2 (rolls out)' } as const;
      await revisions(1);
      await does(editor, web, image, async () => (await pods()).spec.containers[0].image, 'app:2');
      await revisions(2);
      const restart = { by: 'gR', tells: 'restarts its pods (2)' };
      const restarted = async () =>
        Object.keys((await pods()).metadata.annotations ?? {}).includes('kubectl.kubernetes.io/restartedAt');
      await does(editor, web, restart, restarted, true);
      await revisions(3);
      const undo = {
        by: 'gu',
        options: ['to revision', '<C-u>1'],
        tells: 'revision 3 → 1: app: app:2 → app:1',
      } as const;
      await does(editor, web, undo, async () => (await pods()).spec.containers[0].image, 'app:1');
      const paused = async () => (await live()).spec.paused;
      await does(editor, web, { by: 'pause the', tells: 'changes of its template wait' }, paused, true);
      await does(editor, web, { by: 'resume the', tells: 'rolls out what has changed meanwhile' }, paused, undefined);
      const label = { by: 'label', form: ['KEY- removes', 'tier=web'], tells: '+ tier=web' } as const;
      await does(editor, web, label, async () => (await live()).metadata.labels.tier, 'web');
      const note = { by: 'annotate', form: ['KEY- removes', 'note="two words"'], tells: '+ note=two words' } as const;
      await does(editor, web, note, async () => (await live()).metadata.annotations.note, 'two words');
      const json = '{"spec":{"minReadySeconds":3}}';
      const patch = {
        by: 'patch…',
        form: ['patch (JSON)', `<Tab><C-u>${json}`],
        tells: `is patched: ${json}`,
      } as const;
      await does(editor, web, patch, async () => (await live()).spec.minReadySeconds, 3);
      const resize = {
        by: 'resources',
        form: ['cpu request', '100m'],
        tells: 'app cpu request none → 100m (rolls out)',
      } as const;
      await does(editor, web, resize, async () => (await pods()).spec.containers[0].resources.requests, {
        cpu: '100m',
      });

      await journal(
        editor,
        ...['scale', 'set-image', 'restart', 'rollout-undo', 'rollout-pause', 'rollout-resume'].map(
          (action) => new RegExp(`✓ .* ${action} .*deployments\\.apps/web`),
        ),
        ...['label', 'annotate', 'patch', 'resources'].map((action) => new RegExp(`✓ .* ${action} .*/web`)),
      );
      await editor.keys('ggVGgu');
      await editor.shows('[y] take back');
      await editor.keys('d');
      await told(editor, `Dry run:\n✓ ${web[1]}: could be taken back`);
      expect((await live()).spec).toMatchObject({ replicas: 2, minReadySeconds: 3 });
      await takeAllBack(editor);
      await expect
        .poll(async () => ({ spec: await specOf('deploy', 'web'), labels: (await live()).metadata.labels }), waiting)
        .toEqual(before);
    },
    undefined,
    wide,
  );
});

test('what is made beside a deployment, and of a cron job, goes away again', async () => {
  await stage.create('deploy', {
    metadata: { name: 'grown' },
    spec: { replicas: 0, selector: { matchLabels: { app: 'grown' } }, template: template('grown') },
  });
  await stage.create('cronjobs', {
    metadata: { name: 'nightly' },
    spec: {
      schedule: '0 0 1 1 *',
      suspend: false,
      jobTemplate: { spec: { suspend: true, template: template('nightly', { ...podSpec, restartPolicy: 'Never' }) } },
    },
  });
  const { namespace } = stage;
  const making = (resource: string, name: string) => {
    const object = `${resource}/${name} in ${namespace}`;
    return { tells: `made ${object}`, tries: `${object} would be made` };
  };
  await withEditor(
    async (editor) => {
      await openTable(editor, `get deployments -n ${namespace}`);
      const grown = ['grown', `deployments.apps/grown in ${namespace}`] as const;
      await does(
        editor,
        grown,
        {
          by: 'autoscale',
          form: ['at least', '<C-u>2<Tab><C-u>5'],
          asks: '2…5 replicas at 80 % CPU',
          ...making('horizontalpodautoscalers.autoscaling', 'grown'),
        },
        () => specOf('hpa', 'grown'),
        expect.objectContaining({ minReplicas: 2, maxReplicas: 5 }),
      );
      await does(
        editor,
        grown,
        {
          by: 'expose',
          form: ['port of the pods', '<Tab><C-u>8080<Tab><C-u>80<Tab><C-n>'],
          asks: 'gets NodePort service grown: 8080 → 80',
          ...making('services', 'grown'),
        },
        () => specOf('svc', 'grown'),
        expect.objectContaining({ type: 'NodePort', selector: { app: 'grown' } }),
      );
      await does(
        editor,
        grown,
        {
          by: 'clone',
          form: [/name +grown-copy/, '<C-u>twin'],
          asks: '! Both select pods by the same labels',
          ...making('deployments.apps', 'twin'),
        },
        () => specOf('deploy', 'twin'),
        expect.objectContaining({ replicas: 0 }),
      );
      await openTable(editor, `get cronjobs -n ${namespace}`);
      const nightly = ['nightly', `cronjobs.batch/nightly in ${namespace}`] as const;
      const suspended = async () => (await stage.get('cronjobs', 'nightly')).spec.suspend;
      await does(
        editor,
        nightly,
        { by: 'suspend', tells: 'starts nothing from now on', tries: 'starts nothing from now on' },
        suspended,
        true,
      );
      await does(editor, nightly, { by: 'end the suspension', tells: 'goes on' }, suspended, false);
      await does(
        editor,
        nightly,
        {
          by: 'gc',
          form: ['end of the job', '<C-u>by-hand'],
          asks: 'makes job nightly-by-hand',
          ...making('jobs.batch', 'nightly-by-hand'),
        },
        () => specOf('jobs', 'nightly-by-hand'),
        expect.objectContaining({ suspend: true }),
      );
      const actions = ['autoscale', 'expose', 'clone', 'suspend', 'unsuspend', 'trigger'];
      await journal(editor, ...actions.map((action) => new RegExp(`✓ .* ${action} `)));
      await takeAllBack(editor);
      for (const [typed, name] of [
        ['hpa', 'grown'],
        ['svc', 'grown'],
        ['deploy', 'twin'],
        ['jobs', 'nightly-by-hand'],
      ] as const) {
        await expect.poll(() => specOf(typed, name), waiting).toBeUndefined();
      }
      expect(await suspended()).toBe(false);
    },
    undefined,
    wide,
  );
});

test('requests for certificates are approved and denied, for good', async () => {
  const { namespace } = stage;
  for (const name of ['approve', 'deny']) {
    await stage.create('csr', {
      metadata: { name: `${name}-${namespace}`, labels: { asked: namespace } },
      spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
    });
  }
  await withEditor(
    async (editor) => {
      await openTable(editor, `get certificatesigningrequests -l asked=${namespace}`);
      for (const [verb, type] of [
        ['approve', 'Approved'],
        ['deny', 'Denied'],
      ] as const) {
        const name = `${verb}-${namespace}`;
        const row = [name, `certificatesigningrequests.certificates.k8s.io/${name}`] as const;
        const tells = `${type.toLowerCase()}: `;
        await does(
          editor,
          row,
          { by: `${verb} the`, asks: 'This cannot be taken back.', tells, tries: tells },
          async () => (await stage.get('csr', name)).status.conditions?.map((each: { type: string }) => each.type),
          [type],
        );
      }
      await journal(editor, /✓ .* approve .*Approved|✓ .* approve /, /✓ .* deny /);
      await editor.keys('ggVGgu');
      await editor.reports('what it changed cannot be put back');
    },
    undefined,
    wide,
  );
});
