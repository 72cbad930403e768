/** kubectl's commands, typed, done by the plugin's own actions: the question, the deed, the journal, the guard. */
import { expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { runId } from '../run-id.ts';
import { create, freshNamespace, kubectl, openTable, putCursorOn, quietPod, withEditor } from './support.ts';

const read = (namespace: string, what: string, path: string): Promise<string> =>
  kubectl(['get', what, `--namespace=${namespace}`, '--ignore-not-found', `--output=jsonpath=${path}`]);

const deployment = (namespace: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'img:1' }] } },
  },
});

const node = (name: string): object => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {} });

/** A line that is asked about and agreed to. */
const agree = async (editor: Editor, line: string, question: string): Promise<void> => {
  await editor.command(`Kubectl ${line}`);
  await editor.shows(question);
  await editor.keys('y');
};

const journal = async (editor: Editor, lines: readonly RegExp[]): Promise<void> => {
  await editor.command('Kubectl journal');
  for (const line of lines) {
    await editor.until(String(line), async () => (await editor.lines()).some((each) => line.test(each)));
  }
};

test('scale, set image, rollout undo and label are asked about, done and written down', async () => {
  const namespace = await freshNamespace();
  await create(deployment(namespace));
  await withEditor(async (editor) => {
    await editor.command(`Kubens ${namespace}`);
    await agree(editor, 'scale deploy/web --replicas=2', 'web  0 → 2 replicas');
    await editor.reports(`✓ deployments.apps/web in ${namespace}: 0 → 2 replicas`);
    await agree(editor, 'set image deploy/web main=img:2', 'main: img:1 → img:2');
    await editor.reports(`✓ deployments.apps/web in ${namespace}: main: img:1 → img:2`);
    // The deployment itself says which one it is of a moment after there are two.
    const revision = '{.metadata.annotations.deployment\\.kubernetes\\.io/revision}';
    await editor.until('the second revision', async () => (await read(namespace, 'deploy/web', revision)) === '2');
    await agree(editor, 'rollout undo deploy/web --to-revision=1', 'revision 2 → 1: main: img:2 → img:1');
    await editor.reports('revision 2 → 1');
    await agree(editor, 'label deployment web tier=front', '+ tier=front');
    await editor.reports('+ tier=front');
    // Without --overwrite kubectl changes no value, and so do we.
    await editor.command('Kubectl label deployment web tier=back');
    await editor.reports('web has tier=front already.');
    expect(
      await read(
        namespace,
        'deploy/web',
        '{.spec.replicas} {.spec.template.spec.containers[0].image} {.metadata.labels.tier}',
      ),
    ).toBe('2 img:1 front');
    await journal(editor, [
      /✓ .*scale .*web +0 → 2/,
      /✓ .*set-image .*web/,
      /✓ .*rollout-undo .*web/,
      /✓ .*label .*web/,
    ]);
  });
});

test('delete takes those objects and no namesakes; of names that are missing nothing is done', async () => {
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'one'), quietPod(namespace, 'two'), quietPod(namespace, 'kept'));
  await withEditor(async (editor) => {
    await editor.command(`Kubectl delete pod one never -n ${namespace}`);
    await editor.reports(`pods/never in ${namespace} is not there.`);
    await agree(editor, `delete pod one two -n ${namespace} --grace-period=0 --force`, 'forced: containers may');
    await editor.reports(`✓ pods/two in ${namespace}: deleted`);
    await editor.until(
      'kept alone',
      async () => (await read(namespace, 'pods', '{.items[*].metadata.name}')) === 'kept',
    );
    // Made again while the question stands: another object.
    await editor.command(`Kubectl delete pod kept -n ${namespace}`);
    await editor.shows('Delete pod kept');
    await kubectl(['delete', 'pod', 'kept', `--namespace=${namespace}`, '--wait=true']);
    await create(quietPod(namespace, 'kept'));
    await editor.keys('y');
    await editor.reports('is another object now');
    expect(await read(namespace, 'pod/kept', '{.metadata.name}{.metadata.deletionTimestamp}')).toBe('kept');
    await journal(editor, [/✓ .*delete .*pods\/one/, /✗ .*delete .*pods\/kept/]);
    await editor.command('Kubens All');
    await editor.command('Kubectl delete pod kept');
    await editor.reports('does not say where');
  });
});

test('cordon and uncordon a node; a dry run of a drain asks nothing and changes nothing', async () => {
  const name = `typed-${runId}`;
  await create(node(name));
  try {
    await withEditor(async (editor) => {
      await agree(editor, `cordon ${name}`, 'takes no new pods');
      await editor.reports(`✓ nodes/${name}: takes no new pods`);
      expect(await kubectl(['get', 'node', name, '--output=jsonpath={.spec.unschedulable}'])).toBe('true');
      await agree(editor, `uncordon ${name}`, 'takes pods again');
      await editor.reports(`✓ nodes/${name}: takes pods again`);
      await editor.command(`Kubectl drain ${name} --ignore-daemonsets --dry-run=server`);
      await editor.shows(/0 pods would be evicted/, 30_000);
      expect(await kubectl(['get', 'node', name, '--output=jsonpath={.spec.unschedulable}'])).toBe('');
    });
  } finally {
    await kubectl(['delete', 'node', name]);
  }
});

test('the guard of a context holds for what is typed', async () => {
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'guarded'));
  await withEditor(async (editor) => {
    await editor.command('Kubectl guard read-only');
    await editor.reports('read-only');
    await editor.command(`Kubectl delete pod guarded -n ${namespace}`);
    await editor.shows('only a dry run is possible');
    await editor.keys('d');
    await editor.reports('would be deleted');
    await editor.command(`Kubectl label pod guarded -n ${namespace} a=b --dry-run=server`);
    await editor.reports('tried, not done');
    await editor.command('Kubectl guard typed');
    await editor.reports(': typed (');
    await editor.command(`Kubectl delete pod guarded -n ${namespace}`);
    await editor.shows('type guarded and <CR> to delete');
    expect(await read(namespace, 'pod/guarded', '{.metadata.labels.a}{.metadata.deletionTimestamp}')).toBe('');
    await editor.keys('guarded<CR>');
    await editor.reports(`✓ pods/guarded in ${namespace}: deleted`);
  });
});

test('the mark of a guard is on tables, floats, objects and logs', async () => {
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'marked'));
  const guards = `require('kubectl').setup({ guards = { ['*'] = { mode = 'typed', colour = '#aa0000' } } })`;
  const before = `vim.api.nvim_create_autocmd('VimEnter', { callback = function() ${guards} end })`;
  await withEditor(
    async (editor) => {
      await openTable(editor, `get pods -n ${namespace}`);
      await putCursorOn(editor, 'marked');
      const mark = /[─╭] guarded [^\n]*marked|^ guarded [^\n]*marked/m;
      for (const key of ['gd', 'gy', 'gl']) {
        await editor.keys(key);
        await editor.shows(mark, 20_000);
        await editor.keys(key === 'gl' ? '<BS>' : 'q');
        await editor.until('the table alone', () => !mark.test(editor.grid.text()));
        await editor.shows('● live');
      }
      await editor.command(
        `split kubectl://${await editor.lua('return vim.api.nvim_buf_get_name(0):match("//(.-)/")')}/${namespace}/pods/marked`,
      );
      await editor.until('the mark on both', () => editor.grid.text().split(' guarded ').length === 3);
      await editor.command('Kubectl guard read-only');
      await editor.until('the other mark on both', () => editor.grid.text().split(/ read-only +(?!\()/).length === 3);
    },
    undefined,
    { before },
  );
});
