/** Deleting in the editor: grace, force, finalizers, what belongs to an object, and the way back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ghostNode } from '../run-id.ts';
import { does, journal } from './acting.ts';
import { openTable, putCursorOn, withEditor } from './support.ts';
import { until } from './until.ts';
import { podSpec, template, WriteStage } from './write-stage.ts';

let stage: WriteStage;
beforeAll(async () => {
  stage = await WriteStage.start();
});
afterAll(() => stage?.dispose());

const wide = { columns: 120, rows: 40 };
const hold = 'test.kubectl-live/hold';
const tries = 'would be deleted';

test('50. a pod that a finalizer holds is Terminating at once, with the grace that was chosen, until that is removed', async () => {
  await stage.create('pods', {
    metadata: { name: 'slow', finalizers: [hold] },
    spec: { ...podSpec, nodeName: ghostNode(), terminationGracePeriodSeconds: 120 },
  });
  await withEditor(
    async (editor) => {
      await openTable(editor, `get pods -n ${stage.namespace}`);
      const slow = ['slow', `pods/slow in ${stage.namespace}`] as const;
      const grace = async () => (await stage.get('pods', 'slow')).metadata.deletionGracePeriodSeconds;
      const held = { by: 'gD', tells: `Terminating: waits for ${hold}`, tries };
      const gently = {
        ...held,
        options: ['grace in seconds', '<C-u>45'],
        asks: 'grace 45 s · cascade background',
      } as const;
      await does(editor, slow, gently, grace, 45);
      await editor.shows(/slow .*Terminating/);
      const forced = { ...held, options: ['force (', '<Tab><C-n>'], asks: 'forced: containers may still run' } as const;
      await does(editor, slow, forced, grace, 0);
      const open = {
        by: 'remove finalizers',
        asks: '! What the finalizers stand for',
        tells: `${hold} (it is gone then)`,
      };
      await does(editor, slow, open, () => stage.isGone('pods', 'slow'), true);
      await journal(editor, /✓ .* delete .*pods\/slow/, /✓ .* remove-finalizers .*pods\/slow/);
    },
    undefined,
    wide,
  );
});

test('what belongs to an object stays without it, or goes along and comes back with it', async () => {
  await stage.create('deploy', {
    metadata: { name: 'orphaning' },
    spec: { replicas: 0, selector: { matchLabels: { app: 'orphaning' } }, template: template('orphaning') },
  });
  const sets = async () => {
    const query = { labelSelector: 'app=orphaning' };
    const { items } = await stage.transport.json<{ items: { metadata: { ownerReferences?: object[] } }[] }>({
      path: stage.path('rs'),
      query,
    });
    return items.map(({ metadata }) => metadata.ownerReferences?.length ?? 0);
  };
  await until('its replica set', async () => (await sets()).length === 1);
  const owner = await stage.create('cm', { metadata: { name: 'owner' } });
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata?.uid };
  await stage.create('cm', { metadata: { name: 'owned', ownerReferences: [reference] }, data: { a: 'b' } });
  const { namespace } = stage;
  await withEditor(
    async (editor) => {
      await openTable(editor, `get deployments -n ${namespace}`);
      await does(
        editor,
        ['orphaning', `deployments.apps/orphaning in ${namespace}`],
        {
          by: 'gD',
          options: ['what it owns', '<C-n><C-n>'],
          asks: 'cascade orphan',
          tells: 'Terminating: waits for orphan',
          tries,
        },
        async () => ({ gone: await stage.isGone('deploy', 'orphaning'), owners: await sets() }),
        { gone: true, owners: [0] },
      );
      await openTable(editor, `get configmaps -n ${namespace}`);
      const gone = async () => [await stage.isGone('cm', 'owner'), await stage.isGone('cm', 'owned')];
      const asks = '! Deleted with it, for they belong to it: ConfigMap owned';
      const row = ['owner', `configmaps/owner in ${namespace}`] as const;
      await does(editor, row, { by: 'gD', asks, tells: 'deleted', tries }, gone, [true, true]);
      await journal(editor, /✓ .* delete .*deployments.apps\/orphaning/, /✓ .* delete .*configmaps\/owner/);
      await putCursorOn(editor, 'configmaps/owner');
      await editor.keys('gu');
      await editor.shows('is made again, with a new uid; with it ConfigMap owned');
      await editor.keys('y');
      await editor.reports(`✓ configmaps/owner in ${namespace}: made again`, 20_000);
      expect(await gone()).toEqual([false, false]);
      const [{ uid }] = (await stage.get('cm', 'owned')).metadata.ownerReferences;
      expect(uid).toBe((await stage.get('cm', 'owner')).metadata.uid);
      expect(uid).not.toBe(owner.metadata?.uid);
    },
    undefined,
    wide,
  );
});
