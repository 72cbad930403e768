import type { Resource } from '../../../src/protocol/resource.ts';

/** A resource of which only the named parts matter. */
export const resourceOf = (parts: Partial<Resource>): Resource => ({
  group: '',
  version: 'v1',
  resource: `${(parts.kind ?? 'thing').toLowerCase()}s`,
  singular: '',
  kind: 'Thing',
  namespaced: true,
  verbs: ['list', 'watch'],
  shortNames: [],
  categories: [],
  subresources: [],
  ...parts,
});
