import type { Transport } from '../../../../src/cluster/transport.ts';
import type { Resource } from '../../../../src/protocol/resource.ts';
import { resourcePath } from '../../../../src/protocol/resource.ts';
import { ClusterError } from '../../../../src/util/error.ts';
import { eachOf, mergePatch } from '../lab-api.ts';
import type { Awkward } from './awkward.ts';

const finalizer = 'test.example.com/hold';
const label = 'test.example.com/parity';

/** Names of objects of the cluster tell the runs apart. */
export const nameOf = (resource: Resource, namespace: string, name: string): string =>
  resource.namespaced ? name : `${namespace}-${name}`;

const make = async (api: Transport, resource: Resource, namespace: string, wanted: Awkward): Promise<void> => {
  const name = nameOf(resource, namespace, wanted.name);
  const path = resourcePath(resource, namespace, name);
  const metadata = {
    name,
    labels: { [label]: namespace },
    ...wanted.metadata,
    ...(wanted.deleted === true ? { finalizers: [finalizer] } : {}),
  };
  await api.json({ method: 'POST', path: resourcePath(resource, namespace), body: { metadata, ...wanted.body } });
  if (wanted.decided !== undefined) await api.json(mergePatch(`${path}/approval`, wanted.decided));
  if (wanted.status !== undefined) await api.json(mergePatch(`${path}/status`, { status: wanted.status }));
  if (wanted.deleted === true) await api.json({ method: 'DELETE', path });
};

export const makeAwkward = (
  api: Transport,
  resource: Resource,
  namespace: string,
  objects: readonly Awkward[],
): Promise<void> => eachOf(objects, (wanted) => make(api, resource, namespace, wanted));

/** Not found: the test failed before it was made, and that failure is the one to see. */
const ignoreAbsent = (error: unknown): void => {
  if (!(error instanceof ClusterError && error.code === 'not-found')) throw error;
};

/** Lets go of held objects and removes those that do not go with the namespace. */
export const removeAwkward = async (
  api: Transport,
  resource: Resource,
  namespace: string,
  objects: readonly Awkward[],
): Promise<void> => {
  await eachOf(objects, async ({ name, deleted }) => {
    const path = resourcePath(resource, namespace, nameOf(resource, namespace, name));
    if (!resource.namespaced) await api.json({ method: 'DELETE', path }).then(() => undefined, ignoreAbsent);
    if (deleted !== true) return;
    await api.json(mergePatch(path, { metadata: { finalizers: null } })).then(() => undefined, ignoreAbsent);
  });
};
