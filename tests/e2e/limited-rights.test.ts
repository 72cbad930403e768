/** Users who may not list in all namespaces: their tables fall back to the namespaces they may see. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { patience } from '../patience.ts';
import { runId } from '../run-id.ts';
import { create, freshNamespace, kubectl, lab, openTable, quietPod, rowsOf, setting, withEditor } from './support.ts';

let users = 0;

/** Rows and what is said of them come each on its own. */
const hasRows = (editor: Editor, ...wanted: readonly string[]): Promise<void> =>
  editor.until(
    `the rows ${wanted}`,
    async () => (await rowsOf(editor)).map(({ namespace, name }) => `${namespace}/${name}`).join() === wanted.join(),
    20_000,
  );

/** Whether a namespace has rows becomes so. */
const has = (editor: Editor, namespace: string, some: boolean): Promise<void> =>
  editor.until(
    `${some ? '' : 'no '}rows of ${namespace}`,
    async () => (await rowsOf(editor)).some((row) => row.namespace === namespace) === some,
    20_000,
  );

/** A user of its own, and the kubeconfig of it. */
const newUser = async (): Promise<{ readonly name: string; readonly kubeconfig: string }> => {
  users += 1;
  const name = `limited-${runId}-${users}`;
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'kubectl-live-limited-')), 'config');
  await lab(['kubeconfig', '--name', setting('KUBECTL_LIVE_LAB_NAME'), '--user', name, '--out', kubeconfig]);
  return { name, kubeconfig };
};

const mayView = async (user: string, namespace: string): Promise<void> => {
  await kubectl(['create', 'rolebinding', user, '--clusterrole=view', `--user=${user}`, '--namespace', namespace]);
  await knows(user, namespace, 'yes');
};

/** Waits until the authorizer has heard of a change: it hears of bindings through a watch of its own. */
const knows = async (user: string, namespace: string, allowed: 'yes' | 'no'): Promise<void> => {
  const where = namespace === '' ? ['--all-namespaces'] : ['--namespace', namespace];
  const ask = () =>
    kubectl(['auth', 'can-i', 'list', 'pods', `--as=${user}`, ...where]).catch(
      ({ stdout }: { stdout: string }) => stdout,
    );
  await expect.poll(async () => (await ask()).trim(), { timeout: 10_000 }).toBe(allowed);
};

/** The right to list and watch namespaces, and nothing in them; returns what takes it back. */
const mayListNamespaces = async (user: string): Promise<() => Promise<unknown>> => {
  const rule = ['--verb=get,list,watch', '--resource=namespaces'];
  await kubectl(['create', 'clusterrole', user, ...rule]);
  await kubectl(['create', 'clusterrolebinding', user, `--clusterrole=${user}`, `--user=${user}`]);
  return () => kubectl(['delete', 'clusterrole,clusterrolebinding', user, '--ignore-not-found']);
};

/** Somebody with rights in two of three fresh namespaces that have a pod each. */
const jane = async () => {
  const user = await newUser();
  const namespaces = [await freshNamespace(), await freshNamespace(), await freshNamespace()] as const;
  await create(...namespaces.map((namespace, index) => quietPod(namespace, `pod-${index}`)));
  await mayView(user.name, namespaces[0]);
  await mayView(user.name, namespaces[1]);
  return { ...user, namespaces };
};

test('all namespaces are the ones a user may see; rights and namespaces that come and go are followed', async () => {
  const { name, kubeconfig, namespaces } = await jane();
  const [a, b, c] = namespaces;
  const takeBack = await mayListNamespaces(name);
  try {
    await withEditor(
      async (editor) => {
        await editor.command('Kubectl get pods -A');
        await editor.shows(/2 of \d+ namespaces.*\(all namespaces: not allowed\).*● live/, 20_000);
        await hasRows(editor, `${a}/pod-0`, `${b}/pod-1`);
        // Live: a new pod in one of them.
        await create(quietPod(b, 'later'));
        await editor.shows('later');
        // A new namespace, and the right to see it.
        const fresh = await freshNamespace();
        await mayView(name, fresh);
        await create(quietPod(fresh, 'newcomer'));
        await editor.keys('gr');
        await editor.shows('newcomer', 20_000);
        await editor.shows(/3 of \d+ namespaces/);
        // A right that is granted later.
        await mayView(name, c);
        await editor.keys('gr');
        await editor.shows('pod-2', 20_000);
        await editor.shows(/4 of \d+ namespaces/);
        // One that is taken away; the server tells at the next list.
        await kubectl(['delete', 'rolebinding', name, '--namespace', a]);
        await knows(name, a, 'no');
        await editor.keys('gr');
        await editor.shows(new RegExp(`3 of \\d+ namespaces.*no longer ${a}`), 20_000);
        await has(editor, a, false);
        // A namespace that is deleted under the view.
        await kubectl(['delete', 'namespace', fresh, '--wait=false']);
        await has(editor, fresh, false);
        await editor.shows(/2 of \d+ namespaces/, 20_000);
      },
      kubeconfig,
      { columns: 200 },
    );
  } finally {
    await takeBack();
  }
});

test('who may not list namespaces gets those of setup()', async () => {
  const { kubeconfig, namespaces } = await jane();
  await withEditor(
    async (editor) => {
      await editor.lua(`require('kubectl').setup({ namespace_fallback = ... })`, [...namespaces]);
      await editor.command('Kubectl get pods -A');
      await editor.shows(/ 2 namespaces .*\(all namespaces: not allowed\).*● live/, 20_000);
      await hasRows(editor, `${namespaces[0]}/pod-0`, `${namespaces[1]}/pod-1`);
    },
    kubeconfig,
    { columns: 120 },
  );
});

test('who may see nothing is told what was tried', async () => {
  const { kubeconfig } = await newUser();
  await withEditor(async (editor) => {
    await editor.command('Kubectl get pods -A');
    await editor.shows(/forbidden: list pods in all namespaces .*nor in default/, 20_000);
  }, kubeconfig);
});

test('a list of everything that is granted later takes over', async () => {
  const { name, kubeconfig, namespaces } = await jane();
  const takeBack = await mayListNamespaces(name);
  try {
    await withEditor(
      async (editor) => {
        await editor.command('Kubectl get pods -A');
        await editor.shows(/2 of \d+ namespaces/, 20_000);
        await kubectl(['delete', 'clusterrolebinding', name]);
        await kubectl(['create', 'clusterrolebinding', name, '--clusterrole=view', `--user=${name}`]);
        await knows(name, '', 'yes');
        await editor.keys('gr');
        await editor.shows(/▸ all .*● live/, 20_000);
        await has(editor, namespaces[2], true);
      },
      kubeconfig,
      { columns: 200 },
    );
  } finally {
    await takeBack();
  }
});

test('25. a namespace that is deleted under a view takes its rows with it, and the table goes on', async () => {
  const namespace = await freshNamespace();
  await create(quietPod(namespace, 'doomed'));
  await withEditor(async (editor) => {
    await openTable(editor, `get pods -n ${namespace}`);
    await editor.shows('doomed');
    await kubectl(['delete', 'namespace', namespace, '--wait=true', `--timeout=${60 * patience}s`]);
    await editor.shows(`No pods in ${namespace}.`, 20_000);
    await editor.shows('● live');
    // It may come back under the same name: nobody has to open anything again.
    await kubectl(['create', 'namespace', namespace]);
    await create(quietPod(namespace, 'reborn'));
    await editor.shows('reborn', 20_000);
  });
});
