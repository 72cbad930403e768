/** Whatever the lab serves and has an instance of is described as kubectl describes it, byte for byte. */
import { expect, test } from 'vitest';
import type { NativeClient, Target } from '../../src/native/types.ts';
import { adminSpec, apply, freshNamespace, goWays, kubectl, steady } from './lab.ts';

type List = {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
};

type Served = Omit<Target, 'name'> & { readonly namespaced: boolean };

type ResourceList = {
  readonly groupVersion: string;
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
};

/** Definitions and objects of tests beside this one come and go: what is gone is left out. */
const unlessGone = async <T>(work: Promise<T>, instead: T, stillThere: () => Promise<unknown>): Promise<T> => {
  try {
    return await work;
  } catch (thrown) {
    const there = await stillThere().then(
      () => true,
      () => false,
    );
    if (there) throw thrown;
    return instead;
  }
};

const raw = async <T>(path: string): Promise<T> => JSON.parse(await kubectl(['get', '--raw', path])) as T;

/** Every resource that can be listed, in the preferred version of its group. */
const served = async (): Promise<readonly Served[]> => {
  const { groups } = await raw<{ groups: { name: string; preferredVersion: { groupVersion: string } }[] }>('/apis');
  const paths = ['/api/v1', ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const list = (path: string): Promise<ResourceList> =>
    unlessGone(raw<ResourceList>(path), { groupVersion: '', resources: [] }, () => raw(path));
  const lists = await Promise.all(paths.map(list));
  return lists.flatMap(({ groupVersion, resources }) => {
    const [version = '', group = ''] = groupVersion.split('/').toReversed();
    return resources
      .filter(({ name, verbs }) => !name.includes('/') && verbs.includes('list') && verbs.includes('get'))
      .map(({ name, kind, namespaced }) => ({ group, version, resource: name, kind, namespaced }));
  });
};

const pathOf = ({ group, version, resource }: Served): string =>
  `${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}/${resource}?limit=40`;

/** One of each kind, of those with the longest names: names of tests' own namespaces come and go. */
const instance = async (of: Served): Promise<Target | undefined> => {
  const path = pathOf(of);
  const { items } = await unlessGone(raw<List>(path), { items: [] }, () => raw(path));
  const settled = items.filter(
    ({ metadata }) => !/^(e2e|faults|native|parity)-/.test(metadata.namespace ?? metadata.name),
  );
  const [first] = settled.length > 0 ? settled : items;
  if (first === undefined) return undefined;
  const { group, version, resource, kind } = of;
  const { name, namespace } = first.metadata;
  return { group, version, resource, kind, name, ...(namespace !== undefined && { namespace }) };
};

const typed = ({ group, version, resource, name }: Target): string =>
  `${resource}${group === '' ? '' : `.${version}.${group}`}/${name}`;

/** By kubectl. */
const described = (object: Target): Promise<string> => {
  const scope = object.namespace === undefined ? [] : [`--namespace=${object.namespace}`];
  return kubectl(['describe', typed(object), ...scope]);
};

const same = async (client: NativeClient, object: Target): Promise<string> => {
  let difference = '';
  // The world moves, and kubectl itself writes some maps (limit ranges) in any order: what never is the same differs.
  for (let tries = 0; tries < 16; tries++) {
    const [ours, wanted] = [await client.describe(object), await described(object)];
    if (ours === wanted || steady(ours) === steady(wanted)) return '';
    difference = `${typed(object)}\n--- kubectl\n${wanted}\n--- ours\n${ours}`;
  }
  return difference;
};

test('each kind the server has an object of is described as by kubectl', async () => {
  const namespace = await freshNamespace();
  const named = (name: string) => ({ metadata: { namespace, name } });
  await apply(
    { apiVersion: 'v1', kind: 'LimitRange', ...named('sizes'), spec: { limits: [{ type: 'Pod', max: { cpu: '2' } }] } },
    {
      apiVersion: 'v1',
      kind: 'PodTemplate',
      ...named('shape'),
      template: { spec: { containers: [{ name: 'main', image: 'none' }] } },
    },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...named('closed'), spec: { podSelector: {} } },
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...named('turn'), spec: { holderIdentity: 'me' } },
  );
  const native = await (goWays[0] ?? expect.fail('no way to the Go code'))[1]();
  try {
    const client = native.client(adminSpec());
    const found = await Promise.all((await served()).map(instance));
    const targets = found.filter((target) => target !== undefined);
    expect(targets.length).toBeGreaterThan(30);
    const failed: string[] = [];
    for (const target of targets) failed.push(await unlessGone(same(client, target), '', () => described(target)));
    expect(failed.filter((text) => text !== '')).toEqual([]);
  } finally {
    native.dispose();
  }
});
