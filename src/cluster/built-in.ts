import type { Resource } from '../protocol/resource.ts';
import { builtIn } from './built-in.generated.ts';
import { createDiscovery } from './discovery.ts';
import type { Group } from './discovery-read.ts';

/** Group, version, plural, singular, kind, whether it is namespaced, short names. */
export type BuiltIn = readonly [string, string, string, string, string, boolean, readonly string[]];

/** Everything in the table can be listed and watched, everywhere. */
const verbs = ['list', 'watch'];

const resourceOf = ([group, version, resource, singular, kind, namespaced, shortNames]: BuiltIn): Resource => ({
  group,
  version,
  resource,
  singular,
  kind,
  namespaced,
  verbs,
  shortNames,
  categories: [],
  subresources: [],
});

const groups = (): readonly Group[] =>
  [...Map.groupBy(builtIn, ([group]) => group)].map(([name, entries]) => ({
    name,
    versions: [...Map.groupBy(entries, ([, version]) => version)].map(([version, some]) => ({
      version,
      resources: some.map(resourceOf),
    })),
  }));

/**
 * What a word most likely means, before the server has said what it serves. Only good for starting to read early: a
 * server may lack it, prefer another version, or have a resource of its own by that name.
 */
export const guess = (typed: string): Resource | undefined => {
  try {
    return createDiscovery({ groups: groups(), failures: [] }).find(typed);
  } catch {
    return undefined;
  }
};
