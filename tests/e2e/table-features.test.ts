/** What a table does besides showing rows: changes that stand out, pauses, ways to owners and events, text to take. */
import { expect, test } from 'vitest';
import { type Style, styleIndex } from '../../src/protocol/styles.ts';
import {
  create,
  freshNamespace,
  kubectl,
  lineAtCursor,
  openTable,
  putCursorOn,
  quietPod,
  rowsOf,
  withEditor,
} from './support.ts';

type Shown = Parameters<Parameters<typeof withEditor>[0]>[0];

/** The texts of the current table that are painted in a style. */
const painted = async (editor: Shown, style: Style): Promise<string[]> =>
  await editor.lua(
    `local found = {}
    for line, code in ipairs(require('kubectl.view').of(0).sheet.codes) do
      local text = vim.api.nvim_buf_get_lines(0, line - 1, line, false)[1]
      for first, last, style in code:gmatch('(%d+),(%d+),(%d+);') do
        if tonumber(style) == ... then
          table.insert(found, text:sub(first + 1, last))
        end
      end
    end
    return found`,
    styleIndex(style),
  );

const fail = async (namespace: string, pod: string, reason: string): Promise<void> => {
  const patch = JSON.stringify({ status: { phase: 'Failed', reason } });
  await kubectl([
    'patch',
    'pod',
    pod,
    `--namespace=${namespace}`,
    '--subresource=status',
    '--type=merge',
    `--patch=${patch}`,
  ]);
};

test('a cell that changes in the cluster stands out for a moment, and new rows are fresh', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one'), quietPod(namespace, 'two'));
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.until('two fresh ages', async () => (await painted(editor, 'KubectlFresh')).length === 2);
    expect(await painted(editor, 'KubectlChanged')).toEqual([]);
    await fail(namespace, 'one', 'Evicted');
    await editor.until('the status', async () => (await painted(editor, 'KubectlChanged')).includes('Evicted'));
    await editor.until('its end', async () => (await painted(editor, 'KubectlChanged')).length === 0);
    await editor.shows(/one\s+0\/1\s+Evicted/);
  }));

test('a paused table stands still and then catches up', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one'));
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows(/one\s+0\/1\s+Pending/);
    await editor.keys('gz');
    await editor.shows('‖ paused');
    await create(quietPod(namespace, 'two'));
    await fail(namespace, 'one', 'Evicted');
    // A table that is not paused has the news long before this one is there.
    await editor.command('split');
    await openTable(editor, `get pods -n ${namespace} --field-selector=status.phase!=Running`);
    await editor.shows(/two\s+0\/1\s+Pending/);
    await editor.command('quit');
    expect(await rowsOf(editor)).toMatchObject([{ name: 'one', cells: { STATUS: 'Pending' } }]);
    await editor.keys('gz');
    await editor.shows(/one\s+0\/1\s+Evicted/);
    await editor.shows(/two\s+0\/1\s+Pending/);
    await editor.shows('● live');
  }));

test('rows enter a table by their age alone', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one'));
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.keys('<C-f>AGE>4s<CR>');
    await editor.until('the pod', async () => (await rowsOf(editor)).length === 1, 12_000);
  }));

test('gO climbs from a pod to its replica set and on to the deployment, the cursor on each', () =>
  withEditor(async (editor) => {
    await openTable(editor, 'get pods -n shop');
    await putCursorOn(editor, 'cart-');
    await editor.keys('gO');
    await editor.shows(/replicasets ▸ shop/);
    await editor.until('the cursor on the replica set', async () =>
      /^shop\s+cart-\w+ /.test(await lineAtCursor(editor)),
    );
    await editor.keys('gO');
    await editor.shows(/deployments ▸ shop/);
    await editor.until('the cursor on the deployment', async () => /^shop\s+cart /.test(await lineAtCursor(editor)));
    await editor.keys('gO');
    await editor.reports('deployments.apps/cart in shop has no owner');
  }));

test('gv shows what happened to a pod, and to no other', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one'), quietPod(namespace, 'two'));
    const uid = await kubectl(['get', 'pod', 'one', `--namespace=${namespace}`, '-o', 'jsonpath={.metadata.uid}']);
    const event = (name: string, involved: object): object => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, ...involved },
      reason: 'Testing',
      message: `about ${name}`,
      type: 'Normal',
    });
    await create(event('mine', { name: 'one', uid }), event('other', { name: 'two', uid: 'another' }));
    await openTable(editor, `get pods -n ${namespace}`);
    await putCursorOn(editor, ' one ');
    await editor.keys('gv');
    await editor.shows('LAST SEEN');
    await editor.until('its event', async () => (await rowsOf(editor)).map(({ name }) => name).join() === 'mine');
  }));

test('gY yanks rows, gq lists those in trouble', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'good'), quietPod(namespace, 'poor'));
    await fail(namespace, 'poor', 'Evicted');
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows(/poor\s+0\/1\s+Evicted/);
    await editor.keys('"agY');
    await editor.until('the menu', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_prompt');
    await editor.keys('csv<CR>');
    await editor.reports('Yanked all rows shown as CSV');
    const [titles, ...rest] = (await editor.lua<string>(`return vim.fn.getreg('a')`)).trim().split('\n');
    expect(titles).toMatch(/^NAMESPACE,NAME,READY,STATUS,/);
    expect(rest.map((line) => line.split(',').slice(0, 4))).toEqual([
      [namespace, 'good', '0/1', 'Pending'],
      [namespace, 'poor', '0/1', 'Evicted'],
    ]);
    await editor.keys('gq');
    await editor.until('the list', async () => (await editor.lua('return vim.bo.buftype')) === 'quickfix');
    const items = await editor.lua<{ lnum: number; type: string }[]>('return vim.fn.getqflist()');
    expect(items).toMatchObject([{ lnum: 2, type: 'E' }]);
  }));

test('a table opened again is sorted as it was last', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'a'), quietPod(namespace, 'z'));
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows(/a\s+0\/1/);
    await editor.lua(`vim.fn.cursor(1, ${namespace.length + 3})`);
    await editor.keys('gs');
    await editor.shows('NAME▲');
    await editor.keys('gs');
    await editor.shows('NAME▼');
    await editor.command('bwipeout');
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows('NAME▼');
    await editor.until('z above a', async () => /^\S+\s+z /.test((await editor.lines())[0] ?? ''));
  }));

test('K says why a row is as it is, from the object as it is now, and of a secret no value', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await create(quietPod(namespace, 'one'));
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows(/one\s+0\/1\s+Pending/);
    const state = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "nowhere"' } };
    const status = {
      containerStatuses: [{ name: 'app', ready: false, restartCount: 0, image: '', imageID: '', state }],
    };
    const patch = `--patch=${JSON.stringify({ status })}`;
    await kubectl(['patch', 'pod', 'one', `--namespace=${namespace}`, '--subresource=status', '--type=merge', patch]);
    await editor.shows('ImagePullBackOff');
    await editor.keys('K');
    await editor.shows('app waits: ImagePullBackOff: Back-off pulling image "nowhere"');
    await editor.shows(/NAMESPACE\s+\S+/);
    await kubectl([
      'create',
      'secret',
      'generic',
      'hush',
      `--namespace=${namespace}`,
      '--from-literal=word=shibboleth',
    ]);
    await openTable(editor, `get secrets -n ${namespace}`);
    await editor.shows(/hush\s+Opaque/);
    await editor.keys('K');
    await editor.shows(/TYPE\s+Opaque/);
    expect(editor.grid.text()).not.toMatch(/shibboleth|c2hpYmJvbGV0aA/);
  }));
