import { type Resource, resourceKey } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { didYouMean } from '../util/nearest.ts';
import { type Group, readServed, type Served } from './discovery-read.ts';
import type { Transport } from './transport.ts';

export type Discovery = {
  /** Each resource once, in the version the server prefers for it; core group first, then in the server's order. */
  readonly resources: readonly Resource[];
  /**
   * What a user typed, by kubectl's rules: plural, singular, short name or kind, `res.group`, `res.version.group`.
   * Throws ClusterError('not-found') with the nearest names.
   */
  readonly find: (typed: string) => Resource;
  /** By exact group, kind and (where given) version, for owner references and scale targets. */
  readonly findKind: (group: string, kind: string, version?: string) => Resource | undefined;
  /** Sentences about parts of the API that did not answer. */
  readonly failures: readonly string[];
};

const preferred = (groups: readonly Group[]): readonly Resource[] =>
  groups.flatMap(({ versions }) => {
    const seen = new Set<string>();
    return versions
      .flatMap(({ resources }) => resources)
      .filter(({ resource }) => !seen.has(resource) && seen.add(resource) !== undefined);
  });

/** Ways to read `a.b.c`: as resource a of version b of group c, and as resource a of group b.c. */
type Wanted = { readonly name: string; readonly version: string; readonly group: string | undefined };

const readings = (typed: string): readonly Wanted[] => {
  const [name = '', ...rest] = typed.toLowerCase().split('.');
  if (rest.length === 0) return [{ name, version: '', group: undefined }];
  const [version = '', ...group] = rest;
  const byGroup = { name, version: '', group: rest.join('.') };
  // `pods.v1.` is version v1 of the core group.
  return rest.length === 1 ? [byGroup] : [{ name, version, group: group.join('.') }, byGroup];
};

/** From the strongest claim to a name to the weakest, as kubectl tries them. */
const claims: readonly ((resource: Resource, name: string) => boolean)[] = [
  (resource, name) => resource.resource === name || resource.singular === name,
  (resource, name) => resource.shortNames.includes(name),
  (resource, name) => resource.kind.toLowerCase() === name,
];

const resolve = (resources: readonly Resource[], every: readonly Resource[], typed: string): Resource | undefined => {
  for (const { name, version, group } of readings(typed)) {
    const pool = version === '' ? resources : every.filter((resource) => resource.version === version);
    // Like kubectl, `ingresses.networking` is enough where no group is called just that.
    const exact = pool.filter((resource) => group === undefined || resource.group === group);
    const scope = exact.length > 0 || !group ? exact : pool.filter((resource) => resource.group.startsWith(group));
    for (const claim of claims) {
      const found = scope.find((resource) => claim(resource, name));
      if (found !== undefined) return found;
    }
  }
  return undefined;
};

const namesOf = (resources: readonly Resource[], typed: string): Set<string> => {
  const names = new Set<string>();
  for (const resource of resources) {
    if (typed.includes('.')) names.add(resourceKey(resource));
    else for (const name of [resource.resource, resource.singular, ...resource.shortNames]) names.add(name);
  }
  return names;
};

export const createDiscovery = ({ groups, failures }: Served): Discovery => {
  const resources = preferred(groups);
  const every = groups.flatMap(({ versions }) => versions.flatMap((version) => version.resources));
  const known = new Map<string, Resource>();
  const find = (typed: string): Resource => {
    const found = known.get(typed) ?? resolve(resources, every, typed.trim());
    if (found !== undefined) {
      known.set(typed, found);
      return found;
    }
    const silent = failures.length === 0 ? undefined : failures.join(' ');
    const hint = [didYouMean(typed, namesOf(resources, typed)), silent].filter((part) => part !== undefined).join(' ');
    throw new ClusterError('not-found', `The server has no resource "${typed}".`, {
      hint: hint || 'List what it has with `:Kubectl api-resources`.',
    });
  };
  const findKind = (group: string, kind: string, version = ''): Resource | undefined =>
    (version === '' ? resources : every).find(
      (resource) =>
        resource.group === group && resource.kind === kind && (version === '' || resource.version === version),
    );
  return { resources, find, findKind, failures };
};

const cache = new WeakMap<Transport, Promise<Discovery>>();

/** Whether somebody has asked for it: then it is there, or nearly. */
export const isDiscovered = (transport: Transport): boolean => cache.has(transport);

/** Something in what the server serves; where it is not there, in what the server says now. */
export const lookup = async <T>(
  transport: Transport,
  find: (discovery: Discovery) => T | undefined,
): Promise<T | undefined> => find(await discover(transport)) ?? find(await discover(transport, true));

/** The discovery of a transport's server, read once and kept as long as the transport; `refresh` reads it again. */
export const discover = (transport: Transport, refresh = false): Promise<Discovery> => {
  const known = cache.get(transport);
  if (known !== undefined && !refresh) return known;
  const started = readServed(transport).then(createDiscovery);
  cache.set(transport, started);
  // A failure is told to who asked, and not kept for who asks next.
  started.catch(() => {
    if (cache.get(transport) === started) cache.delete(transport);
  });
  return started;
};
