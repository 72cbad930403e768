import { expect, test } from 'vitest';
import { createDiscovery, discover } from '../../../src/cluster/discovery.ts';
import { readServed } from '../../../src/cluster/discovery-read.ts';
import { resourceKey } from '../../../src/protocol/resource.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { type Asked, transportOf } from './fake-transport.ts';
import { failure } from './support.ts';

const verbs = ['get', 'list'];

type Entry = { plural: string; kind: string; short?: string[]; singular?: string; sub?: string[]; cluster?: boolean };
type Groups = Readonly<Record<string, Readonly<Record<string, readonly Entry[]>>>>;

const core: Groups = {
  '': {
    v1: [
      { plural: 'pods', kind: 'Pod', short: ['po'], sub: ['log', 'status'] },
      { plural: 'events', kind: 'Event', short: ['ev'] },
      { plural: 'namespaces', kind: 'Namespace', short: ['ns'], cluster: true },
      { plural: 'services', kind: 'Service', short: ['svc'] },
    ],
  },
};

const others: Groups = {
  apps: { v1: [{ plural: 'deployments', kind: 'Deployment', short: ['deploy'], sub: ['scale'] }] },
  'events.k8s.io': { v1: [{ plural: 'events', kind: 'Event', short: ['ev'] }] },
  autoscaling: {
    v2: [{ plural: 'horizontalpodautoscalers', kind: 'HorizontalPodAutoscaler', short: ['hpa'] }],
    v1: [
      { plural: 'horizontalpodautoscalers', kind: 'HorizontalPodAutoscaler', short: ['hpa'] },
      { plural: 'relics', kind: 'Relic' },
    ],
  },
  'networking.k8s.io': { v1: [{ plural: 'ingresses', kind: 'Ingress', short: ['ing'] }] },
  // A custom resource that borrows the short name and the plural of built-in ones.
  'acme.com': {
    v1: [
      { plural: 'po', kind: 'PurchaseOrder', short: ['svc'] },
      { plural: 'services', kind: 'Service' },
    ],
  },
};

const aggregated = (groups: Groups) => ({
  kind: 'APIGroupDiscoveryList',
  items: Object.entries(groups).map(([name, versions]) => ({
    metadata: name === '' ? {} : { name },
    versions: Object.entries(versions).map(([version, entries]) => ({
      version,
      freshness: 'Current',
      resources: entries.map(({ plural, kind, short, sub, cluster }) => ({
        resource: plural,
        responseKind: { kind },
        scope: cluster ? 'Cluster' : 'Namespaced',
        singularResource: kind.toLowerCase(),
        verbs,
        shortNames: short,
        subresources: sub?.map((subresource) => ({ subresource })),
      })),
    })),
  })),
});

const modern = ({ path }: Asked) => aggregated(path === '/api' ? core : others);

/** A server of before aggregated discovery. */
const legacy = ({ path }: Asked): unknown => {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    const groups = Object.entries(others).map(([name, versions]) => ({
      name,
      // Old servers list versions in any order and name the preferred one.
      versions: Object.keys(versions)
        .reverse()
        .map((version) => ({ version })),
      preferredVersion: { version: Object.keys(versions)[0] },
    }));
    return { kind: 'APIGroupList', groups };
  }
  const [group = '', version = ''] = path.replace('/apis/', '').replace('/api/', '/').split('/');
  const entries = (group === '' ? core : others)[group]?.[version] ?? [];
  return {
    resources: entries.flatMap(({ plural, kind, short, sub = [], cluster }) => [
      { name: plural, singularName: '', kind, namespaced: !cluster, verbs, ...(short && { shortNames: short }) },
      ...sub.map((name) => ({ name: `${plural}/${name}`, kind, namespaced: true, verbs })),
    ]),
  };
};

const find = async (answer: (asked: Asked) => unknown, typed: string): Promise<string> => {
  const resource = createDiscovery(await readServed(transportOf(answer).transport)).find(typed);
  return `${resourceKey(resource)}/${resource.version}`;
};

test.each([
  ['pods', 'pods/v1'],
  ['pod', 'pods/v1'],
  ['Pod', 'pods/v1'],
  [' PODS ', 'pods/v1'],
  // A plural is a stronger claim than a short name, wherever it is served.
  ['po', 'po.acme.com/v1'],
  ['svc', 'services/v1'],
  ['services', 'services/v1'],
  ['services.acme.com', 'services.acme.com/v1'],
  ['services.acme', 'services.acme.com/v1'],
  ['ev', 'events/v1'],
  ['events.events.k8s.io', 'events.events.k8s.io/v1'],
  ['deploy', 'deployments.apps/v1'],
  ['deploy.apps', 'deployments.apps/v1'],
  ['deployments.v1.apps', 'deployments.apps/v1'],
  ['pods.v1.', 'pods/v1'],
  ['hpa', 'horizontalpodautoscalers.autoscaling/v2'],
  ['hpa.v1.autoscaling', 'horizontalpodautoscalers.autoscaling/v1'],
  ['relics', 'relics.autoscaling/v1'],
  ['ingresses.networking', 'ingresses.networking.k8s.io/v1'],
  ['PurchaseOrder', 'po.acme.com/v1'],
])('%s is %s, for servers with and without aggregated discovery', async (typed, expected) => {
  expect(await find(modern, typed)).toBe(expected);
  expect(await find(legacy, typed)).toBe(expected);
});

test('both ways read the same resources, in two requests or one a version', async () => {
  const [now, before] = [transportOf(modern), transportOf(legacy)];
  const [a, b] = [await readServed(now.transport), await readServed(before.transport)];
  expect(
    b.groups.map(({ name, versions }) => ({
      name,
      versions: versions.map(({ version, resources }) => ({ version, resources })),
    })),
  ).toEqual(a.groups);
  expect(now.asked.map(({ path }) => path)).toEqual(['/api', '/apis']);
  expect(now.asked[0]?.accept).toMatch(/v=v2;as=APIGroupDiscoveryList.*v=v2beta1.*,application\/json$/);
  expect(before.asked).toHaveLength(2 + 7);
  expect(createDiscovery(a).resources.find(({ resource }) => resource === 'pods')).toEqual({
    group: '',
    version: 'v1',
    resource: 'pods',
    singular: 'pod',
    kind: 'Pod',
    namespaced: true,
    verbs,
    shortNames: ['po'],
    categories: [],
    subresources: ['log', 'status'],
  });
});

test('an unknown name offers the nearest, at most three, and says what did not answer', async () => {
  const discovery = createDiscovery({
    ...(await readServed(transportOf(modern).transport)),
    failures: ['x/v1 does not answer.'],
  });
  const error = await failure((async () => discovery.find('deploymnets'))());
  expect(error).toMatchObject({ code: 'not-found', message: 'The server has no resource "deploymnets".' });
  expect(error.hint).toBe('Did you mean deployments or deployment? x/v1 does not answer.');
  expect(await failure((async () => discovery.find('pods.acme.com'))())).toMatchObject({ code: 'not-found' });
  expect(await failure((async () => discovery.find('deployments.v9.apps'))())).toMatchObject({ code: 'not-found' });
});

test('finds a kind by group, and by version where it is asked for', async () => {
  const discovery = createDiscovery(await readServed(transportOf(modern).transport));
  expect(discovery.findKind('autoscaling', 'HorizontalPodAutoscaler')?.version).toBe('v2');
  expect(discovery.findKind('autoscaling', 'HorizontalPodAutoscaler', 'v1')?.version).toBe('v1');
  expect(discovery.findKind('apps', 'Pod')).toBeUndefined();
});

test('a dead extension API server costs only its own resources', async () => {
  const stale = { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale' }] };
  const half = await readServed(
    transportOf((asked) => {
      const list = modern(asked);
      return asked.path === '/apis' ? { ...list, items: [stale, ...list.items] } : list;
    }).transport,
  );
  expect(half.failures).toEqual(['metrics.k8s.io/v1beta1 does not answer: its extension API server may be down.']);
  expect(createDiscovery(half).find('deploy').group).toBe('apps');

  const old = await readServed(
    transportOf((asked) => {
      if (asked.path === '/apis/apps/v1') throw new ClusterError('unreachable', 'down', { status: 503 });
      return legacy(asked);
    }).transport,
  );
  expect(old.failures).toEqual(['apps/v1 does not answer: down']);
  expect(createDiscovery(old).find('ing').group).toBe('networking.k8s.io');
});

test('a server that refuses the media type is asked plainly; a refused login is not partial', async () => {
  const strict = transportOf((asked) => {
    if (asked.accept !== '') throw new ClusterError('unsupported', 'no', { status: 406 });
    return legacy(asked);
  });
  expect(createDiscovery(await readServed(strict.transport)).find('po').group).toBe('acme.com');
  const refused = transportOf(() => Promise.reject(new ClusterError('unauthorized', 'login')));
  expect(await failure(readServed(refused.transport))).toMatchObject({ code: 'unauthorized' });
  const onlyCore = transportOf((asked) => {
    if (asked.path === '/apis') throw new ClusterError('timeout', 'slow');
    return modern(asked);
  });
  expect((await readServed(onlyCore.transport)).failures).toEqual(['Only the core API was read: slow']);
});

test('is read once a transport; a failure is not kept, a refresh reads again', async () => {
  let broken = true;
  const { transport, asked } = transportOf((request) => {
    if (broken) throw new ClusterError('unreachable', 'down');
    return modern(request);
  });
  expect(await failure(discover(transport))).toMatchObject({ code: 'unreachable' });
  broken = false;
  const [a, b] = await Promise.all([discover(transport), discover(transport)]);
  expect(a).toBe(b);
  expect(asked).toHaveLength(4);
  expect(await discover(transport, true)).not.toBe(a);
  expect(asked).toHaveLength(6);
});

test('29. resources that an extension API server calls something rough are left out, and that is said', async () => {
  const rough = ['ok', 'a\nb', 'x\u001b[2J', 'pods/../../secrets', '', '%{1}'];
  const { transport } = transportOf(({ path }) => ({
    kind: 'APIGroupDiscoveryList',
    items:
      path === '/api'
        ? []
        : [
            {
              metadata: { name: 'odd.example.com' },
              versions: [
                {
                  version: 'v1',
                  resources: rough.map((resource) => ({
                    resource,
                    responseKind: { kind: 'Odd' },
                    shortNames: ['o', 'p\n'],
                  })),
                },
              ],
            },
          ],
  }));
  const { groups, failures } = await readServed(transport);
  const found = groups.flatMap(({ versions }) => versions.flatMap(({ resources }) => resources));
  expect(found.map(({ resource, shortNames }) => [resource, shortNames])).toEqual([['ok', ['o']]]);
  expect(failures).toEqual(['A resource of odd.example.com was left out: its name cannot be typed.']);
});
