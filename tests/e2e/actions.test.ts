import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ability, createAbility } from '../../src/actions/ability.ts';
import deleteAction from '../../src/actions/delete.ts';
import { actions } from '../../src/actions/index.generated.ts';
import { menu } from '../../src/actions/menu.ts';
import { planAction, runAction } from '../../src/actions/run.ts';
import scale from '../../src/actions/scale.ts';
import { createConnector } from '../../src/cluster/connect.ts';
import { discover } from '../../src/cluster/discovery.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { createTransport } from '../../src/cluster/node-transport.ts';
import type { Transport } from '../../src/cluster/transport.ts';
import type { ClientSpec } from '../../src/protocol/client-spec.ts';
import { resourcePath, type Target } from '../../src/protocol/resource.ts';
import { systemClock as clock } from '../../src/util/clock.ts';
import { patience } from '../patience.ts';
import { ghostNode } from '../run-id.ts';
import { furnished } from './parity/lab-api.ts';
import { until } from './until.ts';

type Live = {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly disruptionsAllowed?: number };
};

const namespace = `actions-${randomBytes(4).toString('hex')}`;
const real = { dryRun: false };
const transports: Transport[] = [];
let spec: ClientSpec;
let transport: Transport;
let ability: Ability;
let context: string;

const connect = (as: ClientSpec): Transport => {
  const opened = createTransport(as, { clock });
  transports.push(opened);
  return opened;
};

const pathOf = (typed: string, name = ''): string => resourcePath(ability.discovery.find(typed), namespace, name);

const create = (typed: string, object: object): Promise<Live> =>
  transport.json<Live>({ method: 'POST', path: pathOf(typed), body: object });

const get = (typed: string, name: string): Promise<Live> => transport.json<Live>({ path: pathOf(typed, name) });

const targetOf = (typed: string, { metadata }: Live): Target => ({
  context,
  resource: ability.discovery.find(typed),
  namespace,
  name: metadata.name,
  uid: metadata.uid,
});

const podSpec = { containers: [{ name: 'app', image: 'app' }], terminationGracePeriodSeconds: 0 };
const template = (app: string) => ({ metadata: { labels: { app } }, spec: podSpec });

const deployment = (name: string, replicas: number): Promise<Live> =>
  create('deployments', {
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name) },
  });

const configMap = (name: string, more = {}): Promise<Live> => create('configmaps', { metadata: { name, ...more } });

beforeAll(async () => {
  const config = await loadKubeconfig({ env: { KUBECONFIG: process.env.KUBECTL_LIVE_LAB_KUBECONFIG } });
  context = config.current;
  spec = await createConnector(config, { clock, env: process.env }).resolve('');
  transport = connect(spec);
  ability = await createAbility({ context, transport, clock });
  await transport.json({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  await furnished(transport, namespace);
});

afterAll(async () => {
  await transport?.json({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` }).catch(() => undefined);
  for (const opened of transports) opened.dispose();
});

test('delete never touches a namesake that was made since', async () => {
  const old = await configMap('twin');
  await runAction(deleteAction, [targetOf('cm', old)], {}, real, ability);
  const young = await configMap('twin');
  const plan = await planAction(deleteAction, [targetOf('cm', old)], {}, ability);
  expect(plan.lines).toContain('twin  was made again since: it will be refused');
  const [result] = await runAction(deleteAction, [targetOf('cm', old)], {}, real, ability);
  expect(result).toMatchObject({ ok: false, object: `configmaps/twin in ${namespace}` });
  expect(result?.message).toContain('is another object now');
  expect((await get('cm', 'twin')).metadata).toMatchObject({ uid: young.metadata.uid });
  expect((await get('cm', 'twin')).metadata.deletionTimestamp).toBeUndefined();
});

test('delete reports each object: deleted, tried only, gone, held by a finalizer, unknown name', async () => {
  const [plain, tried, gone] = [await configMap('plain'), await configMap('tried'), await configMap('gone')];
  const held = await configMap('held', { finalizers: ['test.kubectl-live/hold'] });
  const targets = [plain, held].map((object) => targetOf('cm', object));
  await transport.json({ method: 'DELETE', path: pathOf('cm', 'gone') });
  const typed: Target = { context, resource: ability.discovery.find('cm'), namespace, name: 'never' };
  const dry = await runAction(deleteAction, [targetOf('cm', tried)], {}, { dryRun: true }, ability);
  expect(dry).toMatchObject([{ ok: true, message: 'would be deleted' }]);
  expect((await get('cm', 'tried')).metadata.deletionTimestamp).toBeUndefined();
  const started = Date.now();
  const results = await runAction(deleteAction, [...targets, targetOf('cm', gone), typed], {}, real, ability);
  expect(results.map(({ ok, message }) => [ok, message.replace(/ \(.*/, '')])).toEqual([
    [true, 'deleted'],
    [true, 'Terminating: waits for test.kubectl-live/hold'],
    [true, 'was gone already'],
    [false, 'configmaps "never" not found'],
  ]);
  expect(Date.now() - started).toBeLessThan(10_000 * patience);
  expect(results[0]?.command).toBe(
    `kubectl --context ${context} delete configmaps/plain --namespace ${namespace} --wait=false`,
  );
  const patch = { path: pathOf('cm', 'held'), body: '{"metadata":{"finalizers":null}}' };
  const headers = { 'content-type': 'application/merge-patch+json' };
  await transport.json({ ...patch, method: 'PATCH', headers });
  await until('the held one to go', async () => (await get('cm', 'held').catch(() => 'gone')) === 'gone');
});

test('grace, force and cascade reach the server', async () => {
  const pod = await create('pods', {
    metadata: { name: 'slow', finalizers: ['test.kubectl-live/hold'] },
    spec: { ...podSpec, nodeName: ghostNode(), terminationGracePeriodSeconds: 120 },
  });
  const [graceful] = await runAction(deleteAction, [targetOf('po', pod)], { grace: '45' }, real, ability);
  expect(graceful).toMatchObject({ ok: true, message: 'Terminating: waits for test.kubectl-live/hold' });
  expect((await get('po', 'slow')).metadata).toMatchObject({ deletionGracePeriodSeconds: 45 });
  const [forced] = await runAction(deleteAction, [targetOf('po', pod)], { force: true }, real, ability);
  expect(forced?.command).toContain('--grace-period=0 --force');
  expect((await get('po', 'slow')).metadata).toMatchObject({ deletionGracePeriodSeconds: 0 });
  const headers = { 'content-type': 'application/merge-patch+json' };
  const body = '{"metadata":{"finalizers":null}}';
  await transport.json({ method: 'PATCH', path: pathOf('po', 'slow'), headers, body }).catch(() => undefined);

  const owner = await deployment('orphans', 1);
  await until('a replica set', async () => {
    const list = await transport.json<{ items: Live[] }>({
      path: pathOf('rs'),
      query: { labelSelector: 'app=orphans' },
    });
    return list.items.length === 1;
  });
  await runAction(deleteAction, [targetOf('deploy', owner)], { cascade: 'orphan' }, real, ability);
  await until('the deployment to go', async () => (await get('deploy', 'orphans').catch(() => 'gone')) === 'gone');
  const left = await transport.json<{ items: Live[] }>({ path: pathOf('rs'), query: { labelSelector: 'app=orphans' } });
  expect(left.items.map(({ metadata }) => metadata.deletionTimestamp)).toEqual([undefined]);
});

test('scale changes a deployment while others write it, says how to go back, and refuses a namesake', async () => {
  const web = await deployment('web', 1);
  const headers = { 'content-type': 'application/merge-patch+json' };
  const writing = { on: true };
  const writer = (async () => {
    for (let n = 0; writing.on; n += 1) {
      const begun = performance.now();
      const body = JSON.stringify({ metadata: { annotations: { n: String(n) } } });
      await transport.json({ method: 'PATCH', path: pathOf('deploy', 'web'), headers, body });
      // A busy server is as slow for who scales: between two of these writes there is time for a look and a write.
      await setTimeout(20 + 3 * (performance.now() - begun));
    }
  })();
  const [result] = await runAction(scale, [targetOf('deploy', web)], { replicas: 3 }, real, ability);
  writing.on = false;
  await writer;
  expect(result).toMatchObject({
    ok: true,
    message: '1 → 3 replicas',
    undo: `kubectl --context ${context} scale deployments.apps/web --namespace ${namespace} --replicas=1`,
  });
  expect((await get('deploy', 'web')).spec.replicas).toBe(3);
  const again = await runAction(scale, [targetOf('deploy', web)], { replicas: 3 }, real, ability);
  expect(again).toMatchObject([{ ok: true, message: 'has 3 replicas already' }]);
  const dry = await runAction(scale, [targetOf('deploy', web)], { replicas: 9 }, { dryRun: true }, ability);
  expect(dry).toMatchObject([{ ok: true, message: '3 → 9 replicas (tried, not done)' }]);
  expect((await get('deploy', 'web')).spec.replicas).toBe(3);
  const other = { ...targetOf('deploy', web), uid: '00000000-0000-0000-0000-000000000000' };
  const refused = await runAction(scale, [other], { replicas: 0 }, real, ability);
  expect(refused).toMatchObject([{ ok: false, message: expect.stringContaining('is another object now') }]);
  expect((await get('deploy', 'web')).spec.replicas).toBe(3);
});

test('the plan tells budgets, autoscalers, controllers and how many pods go', async () => {
  const shop = await deployment('shop', 2);
  await create('pdb', {
    metadata: { name: 'shop-pdb' },
    spec: { minAvailable: 2, selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['shop'] }] } },
  });
  await create('hpa', {
    metadata: { name: 'shop-hpa' },
    spec: {
      minReplicas: 2,
      maxReplicas: 6,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
    },
  });
  await until('two pods', async () => (await get('deploy', 'shop')).status?.replicas === 2);
  const pods = await until('their objects', async () => {
    const query = { labelSelector: 'app=shop' };
    const { items } = await transport.json<{ items: Live[] }>({ path: pathOf('po'), query });
    return items.length === 2 && items;
  });
  const budget = '! PDB shop-pdb: allows 0 disruptions, you ask 2, and this does not wait for it';

  const one = await planAction(deleteAction, [targetOf('deploy', shop)], {}, ability, { guard: 'typed' });
  expect(one).toMatchObject({
    title: `Delete deployment shop · ${context} ▸ ${namespace}`,
    type: 'shop',
    verb: 'delete',
  });
  expect(one.lines).toEqual([
    `context ${context} · namespace ${namespace}`,
    'shop  2 pods go with it',
    budget,
    'cascade background',
    'The journal keeps what can make it again.',
  ]);
  const left = await planAction(deleteAction, [targetOf('deploy', shop)], { cascade: 'orphan' }, ability);
  expect(left.lines[1]).toBe('shop  2 pods stay without an owner');
  const both = pods.map((pod) => targetOf('po', pod));
  const two = await planAction(deleteAction, both, { grace: 5 }, ability, { guard: 'typed' });
  expect(two).toMatchObject({ title: `Delete 2 pods · ${context} ▸ ${namespace}`, type: context });
  expect(two.lines[1]).toMatch(/^shop-\S+ {2}ReplicaSet shop-\S+ makes it again$/);
  expect(two.lines).toContain(budget);
  expect(two.lines).toContain('grace 5 s · cascade background');

  const smaller = await planAction(scale, [targetOf('deploy', shop)], { replicas: 0 }, ability);
  expect(smaller.lines.slice(1)).toEqual([
    'shop  2 → 0 replicas',
    budget,
    '! hpa/shop-hpa keeps shop at 2…6 replicas and may change this back',
  ]);
});

test('a custom resource with a scale subresource scales like any other, and one without does not', async () => {
  const group = `${namespace}.kubectl-live.test`;
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const scalePaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
  const define = (kind: string, subresources: object) =>
    transport.json({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: {
        metadata: { name: `${kind}s.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural: `${kind}s`, kind: kind.charAt(0).toUpperCase() + kind.slice(1) },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, subresources }],
        },
      },
    });
  try {
    await define('elastic', { status: {}, scale: scalePaths });
    await define('rigid', { status: {} });
    const known = await until('both kinds', async () => {
      const found = await discover(transport, true);
      return found.resources.filter((resource) => resource.group === group).length === 2 && found;
    });
    const fresh: Ability = { ...ability, discovery: known };
    const make = async (kind: string) => {
      const resource = known.find(`${kind}s.${group}`);
      const body = { apiVersion: `${group}/v1`, kind: resource.kind, metadata: { name: kind }, spec: { replicas: 2 } };
      const path = resourcePath(resource, namespace);
      const live = await until(kind, () => transport.json<Live>({ method: 'POST', path, body }));
      return { context, resource, namespace, name: kind, uid: live.metadata.uid };
    };
    const [elastic, rigid] = [await make('elastic'), await make('rigid')];
    const can = await menu(actions, [elastic], fresh);
    expect(can.find(({ id }) => id === 'scale')).toMatchObject({ applies: true, note: '2 replicas', key: 'gS' });
    const cannot = await menu(actions, [rigid], fresh);
    expect(cannot.find(({ id }) => id === 'scale')).toMatchObject({
      applies: false,
      reason: `rigids.${group} cannot be scaled`,
    });
    const results = await runAction(scale, [elastic], { replicas: 5 }, real, fresh);
    expect(results).toMatchObject([{ ok: true, message: '2 → 5 replicas' }]);
    const path = resourcePath(elastic.resource, namespace, 'elastic');
    expect((await transport.json<Live>({ path })).spec.replicas).toBe(5);
  } finally {
    for (const kind of ['elastic', 'rigid']) {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind}s.${group}`;
      await transport.json({ method: 'DELETE', path }).catch(() => undefined);
    }
  }
});

test('without the right the menu says so, and a run is refused by the server object by object', async () => {
  const [mine, theirs] = [await configMap('mine'), await configMap('theirs')];
  const role = { kind: 'Role', apiGroup: 'rbac.authorization.k8s.io', name: 'one' };
  await create('roles', {
    metadata: { name: 'one' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['mine'], verbs: ['get', 'delete'] }],
  });
  await create('rolebindings', {
    metadata: { name: 'one' },
    roleRef: role,
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }],
  });
  const jane = connect({ ...spec, impersonate: { user: 'jane', groups: ['system:authenticated'] } });
  const janes = await createAbility({ context, transport: jane, clock });
  const targets = [targetOf('cm', theirs), targetOf('cm', mine)];
  const [entry] = await menu([deleteAction], targets, janes);
  expect(entry).toMatchObject({ applies: false, reason: `not allowed: delete configmaps in ${namespace}` });
  const results = await until('the role to be known', async () => {
    const tried = await runAction(deleteAction, targets, {}, real, janes);
    return tried[1]?.ok === true && tried;
  });
  expect(results[0]).toMatchObject({ ok: false });
  expect(results[0]?.message).toMatch(
    /configmaps "theirs" is forbidden: User "jane" cannot delete resource "configmaps"/,
  );
  expect((await get('cm', 'theirs')).metadata.uid).toBe(theirs.metadata.uid);
  expect(await get('cm', 'mine').catch(({ code }) => code)).toBe('not-found');
});

test('a guarded context: read-only refuses, and a target of another context is refused always', async () => {
  const kept = await configMap('kept');
  const target = targetOf('cm', kept);
  await expect(runAction(deleteAction, [target], {}, { ...real, guard: 'read-only' }, ability)).rejects.toMatchObject({
    code: 'forbidden',
  });
  const stranger = { ...target, context: 'elsewhere' };
  await expect(runAction(deleteAction, [stranger], {}, real, ability)).rejects.toThrow('Nothing was done');
  expect((await get('cm', 'kept')).metadata.deletionTimestamp).toBeUndefined();
});
