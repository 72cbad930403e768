import type { Freshness } from '../protocol/freshness.ts';
import { type Resource, resourceKey } from '../protocol/resource.ts';
import type { Column, Row } from '../protocol/row.ts';
import type { ChangeSet, Store } from '../store/store.ts';
import { ClusterError } from '../util/error.ts';

/** As `kubectl api-resources -o wide` titles them. */
const columns: readonly Column[] = [
  { title: 'NAME' },
  { title: 'SHORTNAMES' },
  { title: 'APIVERSION' },
  { title: 'NAMESPACED' },
  { title: 'KIND' },
  { title: 'VERBS', wide: true },
  { title: 'CATEGORIES', wide: true },
];

/** No server has it: discovery itself as a resource, so that it is opened, filtered and sorted like any other. */
export const apiResourcesResource: Resource = {
  group: '',
  version: '',
  resource: 'api-resources',
  singular: 'api-resource',
  kind: 'APIResource',
  namespaced: false,
  verbs: [],
  shortNames: [],
  categories: [],
  subresources: [],
};

/** What `<CR>` opens. */
export const resourceFact = 'resource';

/** Its rows stand for no object: none can be described, read, changed or have an owner. */
export const refuseNoObject = (resource: Resource): void => {
  if (resource !== apiResourcesResource) return;
  throw new ClusterError('unsupported', 'A resource of the server is no object.', {
    hint: '<CR> opens the table of its objects.',
  });
};

const rowOf = (resource: Resource): Row => {
  const version = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  const texts = [
    resource.resource,
    resource.shortNames.join(','),
    version,
    String(resource.namespaced),
    resource.kind,
    resource.verbs.join(','),
    resource.categories.join(','),
  ];
  return {
    key: `${version}/${resource.resource}`,
    uid: '',
    namespace: '',
    name: resource.resource,
    resourceVersion: '',
    created: undefined,
    labels: {},
    owners: [],
    health: 'ok',
    cells: texts.map((text) => ({ text, value: text })),
    facts: { [resourceFact]: resourceKey(resource) },
  };
};

export type ApiResourcesStore = Store & {
  become(resources: readonly Resource[]): void;
  /** The rows stay and are not called live any more. */
  fail(reason: string): void;
};

const rowsOf = (resources: readonly Resource[]): Map<string, Row> =>
  new Map(resources.map(rowOf).map((row) => [row.key, row]));

/** The server's resources as a table of their own; discovery has no watch, so they are those of its last reading. */
export const apiResourcesStore = (resources: readonly Resource[]): ApiResourcesStore => {
  let rows = rowsOf(resources);
  let freshness: Freshness = { phase: 'live' };
  const listeners = new Set<(changes: ChangeSet) => void>();
  const tell = (): void => {
    const changes = { upserted: new Set<string>(), deleted: new Set<string>(), reset: true, listed: true };
    for (const listener of [...listeners]) listener(changes);
  };
  return {
    get rows() {
      return rows;
    },
    columns,
    get freshness() {
      return freshness;
    },
    apply: () => undefined,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    become: (now) => {
      rows = rowsOf(now);
      freshness = { phase: 'live' };
      tell();
    },
    fail: (reason) => {
      freshness = { phase: 'stale', reason };
      tell();
    },
  };
};
