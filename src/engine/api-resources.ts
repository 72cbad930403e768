import { type Resource, resourceKey } from '../protocol/resource.ts';
import type { Column, Row } from '../protocol/row.ts';
import type { Store } from '../store/store.ts';

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

/** The server's resources as a table of their own; fixed, for discovery has no watch. */
export const apiResourcesStore = (resources: readonly Resource[]): Store => ({
  rows: new Map(resources.map((resource) => [rowOf(resource).key, rowOf(resource)])),
  columns,
  freshness: { phase: 'live' },
  apply: () => undefined,
  subscribe: () => () => undefined,
});
