import { expect, test } from 'vitest';
import type { NodeShells } from '../../../src/actions/ability.ts';
import nodeShell, { shellPod } from '../../../src/actions/node-shell.ts';
import { planAction, runAction } from '../../../src/actions/run.ts';
import { ClusterError } from '../../../src/util/error.ts';
import type { Asked } from '../cluster/fake-transport.ts';
import { abilityOf, nodes, targetOf } from './support.ts';

const node = targetOf('worker-1', { resource: nodes, namespace: '' });
const inputs = { image: 'tools:1', namespace: 'ops', pod: 'node-shell-x' };
const real = { dryRun: false };

const running = { status: { phase: 'Running', containerStatuses: [{ state: { running: {} } }] } };

/** The server has the node and makes the pod; `pod` is what it says of it, look by look. */
const stage = (pods: readonly unknown[], allowed?: Parameters<typeof abilityOf>[1]) => {
  const did: string[] = [];
  let looks = 0;
  const { ability, asked } = abilityOf(({ method, path, body }: Asked) => {
    if (path === '/api/v1/nodes/worker-1') return { metadata: { name: 'worker-1', uid: 'uid-worker-1' } };
    if (method === 'POST') return { ...(body as object), metadata: { name: 'node-shell-x', uid: 'made' } };
    looks += 1;
    return pods[Math.min(looks, pods.length) - 1];
  }, allowed);
  const note = (word: string) => async (): Promise<void> => {
    did.push(word);
  };
  const nodeShells: NodeShells = {
    wishes: () => ({ image: 'busybox', namespace: 'default', command: ['nsenter', 'sh'] }),
    creator: 'me',
    ready: note('ready'),
    keep: ({ namespace, name }) => did.push(`keep ${namespace}/${name}`),
    made: (_pod, uid) => did.push(`made ${uid}`),
    open: note('open'),
    end: note('end'),
  };
  return { ability: { ...ability, sleep: note('sleep'), nodeShells }, asked, did };
};

test('the pod has all of its node, ends by itself, and says whose it is', () => {
  const { metadata, spec } = shellPod('worker-1', { namespace: 'ops', name: 'x' }, 'tools:1', 'me');
  expect(metadata).toMatchObject({ name: 'x', namespace: 'ops', labels: { 'kubectl-live/node-shell': 'me' } });
  expect(spec).toEqual({
    nodeName: 'worker-1',
    tolerations: [{ operator: 'Exists' }],
    hostPID: true,
    hostNetwork: true,
    hostIPC: true,
    restartPolicy: 'Never',
    activeDeadlineSeconds: 14_400,
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    containers: [
      { name: 'shell', image: 'tools:1', command: ['sleep', '14400'], securityContext: { privileged: true } },
    ],
  });
});

test('it is remembered before it is made, and shown when it runs', async () => {
  const { ability, asked, did } = stage([{ status: { phase: 'Pending' } }, running]);
  const [result] = await runAction(nodeShell, [node], inputs, real, ability);
  expect(result).toMatchObject({ ok: true, message: expect.stringContaining('made pods/node-shell-x in ops') });
  expect(did).toEqual(['ready', 'keep ops/node-shell-x', 'made made', 'sleep', 'open']);
  expect(asked.find(({ method }) => method === 'POST')).toMatchObject({ path: '/api/v1/namespaces/ops/pods' });
});

test.each([
  [
    'an image that is not there',
    { status: { containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull' } } }] } },
  ],
  ['a refusal of the kubelet', { status: { phase: 'Failed', reason: 'NodeAffinity' } }],
  ['somebody who deletes it', { metadata: { deletionTimestamp: 'now' }, ...running }],
])('%s ends the wait, and the pod goes', async (_what, pod) => {
  const { ability, did } = stage([pod]);
  expect(await runAction(nodeShell, [node], inputs, real, ability)).toMatchObject([{ ok: false }]);
  expect(did.at(-1)).toBe('end');
  expect(did).not.toContain('open');
});

test('cancelled while it starts, the pod goes', async () => {
  const abort = new AbortController();
  const { ability, did } = stage([{ status: { phase: 'Pending' } }]);
  const sleep = async (): Promise<void> => abort.abort();
  const options = { ...real, signal: abort.signal };
  const [result] = await runAction(nodeShell, [node], inputs, options, { ...ability, sleep });
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('cancelled') });
  expect(did.at(-1)).toBe('end');
});

test('a pod that cannot be made is not waited for', async () => {
  const { ability, did } = stage([]);
  const { transport } = ability;
  const json: typeof transport.json = async (request) => {
    if (request.method === 'POST') throw new ClusterError('forbidden', 'violates PodSecurity "restricted"');
    return await transport.json(request);
  };
  const refusing = { ...ability, transport: { ...transport, json } };
  expect(await runAction(nodeShell, [node], inputs, real, refusing)).toMatchObject([
    { ok: false, message: 'violates PodSecurity "restricted"' },
  ]);
  expect(did).toEqual(['ready', 'keep ops/node-shell-x', 'end']);
});

test('a namesake of the node is refused', async () => {
  const { ability, did } = stage([running]);
  expect(await runAction(nodeShell, [{ ...node, uid: 'older' }], inputs, real, ability)).toMatchObject([{ ok: false }]);
  expect(did).toEqual([]);
});

test('a node that was made again while its pod was made has no shell, and the pod goes', async () => {
  const { ability, did } = stage([running]);
  let looks = 0;
  const json: typeof ability.transport.json = async (request) => {
    if (request.path !== '/api/v1/nodes/worker-1') return await ability.transport.json(request);
    looks += 1;
    return { metadata: { name: 'worker-1', uid: looks === 1 ? node.uid : 'newer' } } as never;
  };
  const moved = { ...ability, transport: { ...ability.transport, json } };
  expect(await runAction(nodeShell, [node], inputs, real, moved)).toMatchObject([
    { ok: false, message: expect.stringContaining('is another object now') },
  ]);
  expect(did).toEqual(['ready', 'keep ops/node-shell-x', 'made made', 'end']);
});

test('it is for one node, and for who may make pods and run in them', async () => {
  const { ability } = stage([]);
  expect(await nodeShell.applies([node], ability)).toBe(true);
  expect(await nodeShell.applies([node, node], ability)).toBe('one node at a time');
  expect(await nodeShell.applies([targetOf('cart-1')], ability)).toBe('it is no node');
  const noExec = stage([], (_verb, _resource, _namespace, subresource) => subresource !== 'exec');
  expect(await nodeShell.applies([node], noExec.ability)).toBe('not allowed: create pods/exec in default');
  const { nodeShells: _none, ...bare } = ability;
  await expect(nodeShell.applies([node], bare)).rejects.toThrow('no editor');
});

test('the plan says what is made and what it may', async () => {
  const { ability } = stage([]);
  const { lines, inputs: asks } = await planAction(nodeShell, [node], {}, ability);
  const name = String(asks.find((each) => each.name === 'pod')?.value);
  expect(name).toMatch(/^node-shell-worker-1-[0-9a-f]{8}$/);
  expect(lines).toContain(`makes pod default/${name} on worker-1`);
  expect(lines).toContain('image busybox; runs nsenter sh');
  expect(lines.join('\n')).toContain('! privileged');
});
