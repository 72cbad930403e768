import { expect, test } from 'vitest';
import type { Transport, TransportRequest } from '../../../src/cluster/transport.ts';
import { findDescendants, mostObjects } from '../../../src/engine/descendants.ts';
import { leadTo } from '../../../src/engine/drill.ts';
import { resourceOf } from '../processors/resources.ts';

const served = (resource: string, kind: string) => ({
  resource,
  responseKind: { kind },
  scope: 'Namespaced',
  verbs: ['list', 'watch'],
});

/** A server of pods and secrets, a thousand objects a page; the last object of each belongs to `owner`. */
const serverOf = (pods: number, secrets: number): Transport => {
  const counts: Readonly<Record<string, number>> = { pods, secrets };
  const answer = ({ path, query }: TransportRequest): unknown => {
    if (path === '/api') {
      const resources = [served('pods', 'Pod'), served('secrets', 'Secret')];
      return { kind: 'APIGroupDiscoveryList', items: [{ metadata: {}, versions: [{ version: 'v1', resources }] }] };
    }
    if (path === '/apis') return { kind: 'APIGroupDiscoveryList', items: [] };
    const plural = path.split('/').at(-1) ?? '';
    const count = counts[plural] ?? 0;
    const from = Number(query?.continue ?? 0);
    const to = Math.min(count, from + 1000);
    const items = Array.from({ length: to - from }, (_, index) => ({
      metadata: {
        uid: `${plural}-${from + index}`,
        ...(from + index === count - 1 ? { ownerReferences: [{ uid: 'owner' }] } : {}),
      },
    }));
    return { metadata: to < count ? { continue: String(to) } : {}, items };
  };
  return {
    json: async <T>(request: TransportRequest) => answer(request) as T,
    request: () => Promise.reject(new Error('only JSON is answered here')),
    dispose: () => {},
  };
};

const look = async (pods: number, secrets: number) => {
  const { resources, count, unsure } = await findDescendants(
    { uid: 'owner', namespace: 'shop' },
    serverOf(pods, secrets),
  );
  return {
    resources: resources.map(({ resource }) => resource),
    count,
    unsure: unsure.map(({ resource }) => resource),
  };
};

test('what belongs to an object is found on every page; what was not looked through is named', async () => {
  expect(await look(2500, mostObjects)).toEqual({ resources: ['pods', 'secrets'], count: 2, unsure: [] });
  expect(await look(10, mostObjects + 1)).toEqual({ resources: ['pods'], count: 1, unsure: ['secrets'] });
});

test('a table opens where something may be below an object, a description where nothing is', async () => {
  const object = { resource: resourceOf({ kind: 'Widget' }), namespace: 'shop', name: 'w', uid: 'owner' };
  const lead = async (secrets: number) =>
    await leadTo(
      { descendants: true },
      object,
      { view: 1, key: 'k' },
      { context: 'c', transport: serverOf(0, secrets) },
    );
  expect((await lead(mostObjects + 1)).open).toBe('table');
  expect((await lead(0)).open).toBe('describe');
});
