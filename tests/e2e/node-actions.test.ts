/** What is done to nodes from their table: cordoned, tainted, drained as far as a budget lets it, and when one is gone. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { ask, does, journal } from './acting.ts';
import { playedNodes } from './played-nodes.ts';
import { openTable, putCursorOn, withEditor } from './support.ts';
import { until } from './until.ts';
import { WriteStage } from './write-stage.ts';

let stage: WriteStage;
const node = playedNodes(() => stage);
beforeAll(async () => {
  stage = await WriteStage.start();
});
afterAll(() => stage?.dispose());
afterEach(() => node.open());

const wide = { columns: 120, rows: 40 };

/** Waits for a text in the buffer of a drain. */
const says = (editor: Editor, text: RegExp): Promise<void> =>
  editor.until(`${text} in the buffer`, async () => text.test((await editor.lines()).join('\n')), 20_000);

test('cordon, uncordon, taint; a drain that a budget blocks names it, is cancelled, and is taken back', async () => {
  const { name } = await node.fresh();
  await node.deployment('free', 1);
  await node.deployment('kept', 2);
  await node.keep('kept', 2);
  await withEditor(
    async (editor) => {
      await openTable(editor, `get nodes -l kubernetes.io/hostname=${name}`);
      const row = [name, `nodes/${name}`] as const;
      await does(editor, row, { by: 'gc', tells: 'takes no new pods; those on it stay' }, node.isCordoned, true);
      await does(editor, row, { by: 'gu', tells: 'takes pods again' }, node.isCordoned, false);
      const taint = {
        by: 'taint',
        form: ['KEY:EFFECT- removes', 'team=red:NoSchedule'],
        tells: '+ team=red:NoSchedule',
      } as const;
      const teams = async () =>
        (await stage.get('nodes', name)).spec.taints.filter(({ key }: { key: string }) => key === 'team').length;
      await does(editor, row, taint, teams, 1);

      const drain = { by: 'gR', asks: 'PDB keep-kept: allows 0 disruptions, you ask 2: it waits', tells: '' };
      await ask(editor, name, drain);
      await editor.shows(`${name}  3 pods go`);
      await editor.keys('d');
      await says(editor, /1 pod would be evicted; kept by budgets now: \S+\/kept-\S+ \(\S+\/keep-kept\)/);
      expect(await node.isCordoned()).toBe(false);
      await editor.keys('q');
      await ask(editor, name, drain);
      await editor.keys('y');
      await says(editor, /^node \S+: 1 of 3 pods settled$/m);
      await says(editor, /✓ gone +\S+\/free-/);
      await says(editor, /◐ blocked +\S+\/kept-\S+ +kept by PDB \S+\/keep-kept/);
      await editor.cancels(async () => (await editor.lines()).some((line) => /^✗ nodes\//.test(line)));
      await says(editor, /^✗ nodes\/.* It stays cordoned/m);
      expect(await node.isCordoned()).toBe(true);
      expect((await stage.get('deploy', 'kept')).status.readyReplicas).toBe(2);

      await editor.keys('q');
      await journal(editor, /✓ .* cordon /, /✓ .* uncordon /, /✓ .* taint /, /✗ .* drain /);
      await putCursorOn(editor, ' drain ');
      await editor.keys('gu');
      await editor.shows('spec.unschedulable: true → nothing');
      await editor.keys('y');
      await expect.poll(node.isCordoned, { timeout: 20_000 }).toBe(false);
    },
    undefined,
    wide,
  );
});

test('a node that goes while its drain is asked about is not drained, and neither is the next of its name', async () => {
  const { name } = await node.fresh();
  await withEditor(async (editor) => {
    await openTable(editor, `get nodes -l kubernetes.io/hostname=${name}`);
    await ask(editor, name, { by: 'gR', asks: '0 pods go', tells: '' });
    await stage.transport.json({ method: 'DELETE', path: stage.path('nodes', name) });
    await until('it to go', () => stage.isGone('nodes', name));
    node.again();
    await node.fresh();
    await editor.shows('left the list');
    await editor.keys('y');
    await editor.reports('the objects are gone');
    expect(await node.isCordoned()).toBe(false);
  });
});
