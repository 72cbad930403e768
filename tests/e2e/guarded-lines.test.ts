/** A typed line is held to the guard of what it would really reach, however that is said. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { create, freshNamespace, kubectl, labKubeconfig, quietPod, withEditor } from './support.ts';

type Entry = Readonly<Record<string, string>>;
type Kubeconfig = {
  readonly clusters: readonly { readonly cluster: Entry }[];
  readonly users: readonly { readonly user: Entry }[];
};

/** Kubeconfigs in a folder: the editor's, whose `dev` is nowhere, and one whose `dev` is the lab. */
const setUp = () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-guards-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { clusters, users } = parse(readFileSync(labKubeconfig(), 'utf8')) as Kubeconfig;
  const lab = clusters[0]?.cluster ?? {};
  const nowhere = { server: 'https://127.0.0.1:1' };
  const write = (name: string, contexts: Readonly<Record<string, object>>): string => {
    const path = join(folder, name);
    const names = Object.keys(contexts);
    const config = {
      'current-context': names[0],
      clusters: Object.entries(contexts).map(([each, cluster]) => ({ name: each, cluster })),
      users: [{ name: 'u', user: users[0]?.user }],
      contexts: names.map((each) => ({ name: each, context: { cluster: each, user: 'u' } })),
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  };
  const own = write('config', { dev: nowhere, prod: lab });
  return { folder, own, other: write('other', { dev: lab }), server: lab.server ?? '' };
};

test('whatever a line says of where it goes, the guard of what is there holds', async () => {
  const { folder, own, other, server } = setUp();
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'kept'));
  const there = (): Promise<string> =>
    kubectl(['get', 'pods', `--namespace=${namespace}`, '--output=jsonpath={.items[*].metadata.name}']);
  await withEditor(async (editor) => {
    await editor.lua(`require('kubectl').setup({ guards = { prod = { mode = 'read-only' } } })`);
    await editor.command(`cd ${folder}`);
    const all = `delete pods --all -n ${namespace}`;
    const ways = [
      [`${all} --context=prod`, 'Context "prod" is read-only here'],
      [`${all} --cluster=prod`, 'Context "prod" is read-only here'],
      [`${all} --server=${server} --insecure-skip-tls-verify`, 'Context "prod" is read-only here'],
      // Relative to the editor's folder, and by another name.
      [`${all} --kubeconfig other`, 'Context "prod" is read-only here'],
      [`${all} --kubeconfig=${other} --context=dev --as=admin`, 'Context "prod" is read-only here'],
    ] as const;
    for (const [line, refusal] of ways) {
      await editor.lua(`require('kubectl.report').history = {}`);
      await editor.command(`Kubectl ${line}`);
      await editor.reports(refusal);
      await editor.reports('was not run');
    }
    // An action of ours goes where the line says too.
    await editor.command(`Kubectl delete pod kept -n ${namespace} --context=prod`);
    await editor.shows('only a dry run is possible');
    await editor.keys('n');
    // Nothing on the line says so: kubectl is always led there.
    await editor.lua(`require('kubectl.report').history = {}`);
    await editor.lua(`require('kubectl').setup({
      guards = { prod = { mode = 'read-only' } },
      kubectl_cmd = { env = { KUBECONFIG = '${other}' } },
    })`);
    await editor.command(`Kubectl ${all}`);
    await editor.reports('Context "prod" is read-only here');
    expect(await there()).toBe('kept');
    await editor.command('Kubectl guard typed --context=prod');
    await editor.reports('context prod: typed');
    await editor.command(`Kubectl ${all} --server=https://10.255.255.1:9`);
    await editor.shows('type 10.255.255.1:9 and <CR>');
    await editor.keys('<Esc>');
    await editor.command(`Kubectl ${all} --wait=false`);
    await editor.shows('type prod and <CR>');
    await editor.keys('prod<CR>');
    await editor.until('nothing left', async () => (await there()) === '', 20_000);
  }, own);
});
