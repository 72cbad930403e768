import { type Ability, objectPath } from '../../../src/actions/ability.ts';
import { createDiscovery } from '../../../src/cluster/discovery.ts';
import type { KubeObject } from '../../../src/journal/kept-object.ts';
import type { Resource, Target } from '../../../src/protocol/resource.ts';
import { type Asked, transportOf } from '../cluster/fake-transport.ts';

export const resourceOf = (resource: string, kind: string, more: Partial<Resource> = {}): Resource => ({
  group: '',
  version: 'v1',
  resource,
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  verbs: ['get', 'list', 'delete'],
  shortNames: [],
  categories: [],
  subresources: [],
  ...more,
});

export const pods = resourceOf('pods', 'Pod');
export const deployments = resourceOf('deployments', 'Deployment', {
  group: 'apps',
  subresources: ['scale', 'status'],
});
export const nodes = resourceOf('nodes', 'Node', { namespaced: false });

export const targetOf = (name: string, more: Partial<Target> = {}): Target => ({
  context: 'prod',
  resource: pods,
  namespace: 'shop',
  name,
  uid: `uid-${name}`,
  ...more,
});

/** What actions may ask of a context, answered by a function; what they do to a real server is in tests/e2e. */
export const abilityOf = (
  answer: (asked: Asked) => unknown,
  allowed: (verb: string, resource: string, namespace: string, subresource: string) => boolean = () => true,
): { ability: Ability; asked: Asked[] } => {
  const { transport, asked } = transportOf(answer);
  const all = [pods, deployments, nodes];
  const read = new Map<string, Promise<KubeObject>>();
  const ability: Ability = {
    context: 'prod',
    transport,
    discovery: createDiscovery({ groups: [{ name: '', versions: [{ version: 'v1', resources: all }] }], failures: [] }),
    canI: async (verb, { resource }, namespace, subresource = '') => ({
      allowed: allowed(verb, resource, namespace, subresource),
      reason: '',
    }),
    user: async () => 'jane',
    live: (target) => {
      const path = objectPath(target);
      const known = read.get(path) ?? transport.json<KubeObject>({ path });
      read.set(path, known);
      return known;
    },
    native: () => Promise.reject(new Error('no native code in unit tests')),
    now: () => 1_000,
    sleep: async () => undefined,
  };
  return { ability, asked };
};
