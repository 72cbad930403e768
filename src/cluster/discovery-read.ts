import type { Resource } from '../protocol/resource.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { plainText } from '../util/plain-text.ts';
import type { Transport } from './transport.ts';

/** One group in the server's order of preference; the first version is the preferred one. */
export type Group = { readonly name: string; readonly versions: readonly Version[] };
export type Version = { readonly version: string; readonly resources: readonly Resource[] };

export type Served = {
  readonly groups: readonly Group[];
  /** One sentence for each part of the API that could not be read; what it serves is unknown. */
  readonly failures: readonly string[];
};

/** apidiscovery.k8s.io: everything in two answers; stable since 1.30, on by default since 1.27. */
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

type AggregatedResource = {
  readonly resource: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope?: string;
  readonly singularResource?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
};

type AggregatedList = {
  readonly kind: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly freshness?: string;
      readonly resources?: readonly AggregatedResource[];
    }[];
  }[];
};

type LegacyResource = {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly kind: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
};

type LegacyIndex = {
  readonly kind: string;
  readonly versions?: readonly string[];
  readonly groups?: readonly {
    readonly name: string;
    readonly versions?: readonly { readonly version: string }[];
    readonly preferredVersion?: { readonly version: string };
  }[];
};

const isAggregated = (list: { readonly kind: string }): list is AggregatedList => list.kind === 'APIGroupDiscoveryList';

const fromAggregated = (list: AggregatedList): Served => {
  const failures: string[] = [];
  const groups = (list.items ?? []).map((item) => {
    const group = item.metadata?.name ?? '';
    const versions = (item.versions ?? []).map(({ version, freshness, resources = [] }) => {
      if (freshness === 'Stale')
        failures.push(`${group}/${version} does not answer: its extension API server may be down.`);
      return {
        version,
        resources: resources.map((entry) => ({
          group,
          version,
          resource: entry.resource,
          singular: entry.singularResource || (entry.responseKind?.kind ?? entry.resource).toLowerCase(),
          kind: entry.responseKind?.kind ?? '',
          namespaced: entry.scope === 'Namespaced',
          verbs: entry.verbs ?? [],
          shortNames: entry.shortNames ?? [],
          categories: entry.categories ?? [],
          subresources: (entry.subresources ?? []).map(({ subresource }) => subresource),
        })),
      };
    });
    return { name: group, versions };
  });
  return { groups, failures };
};

const fromLegacy = (group: string, version: string, entries: readonly LegacyResource[]): readonly Resource[] => {
  const subresources = new Map<string, string[]>();
  for (const { name } of entries) {
    const [of = '', ...rest] = name.split('/');
    if (rest.length === 0) continue;
    const known = subresources.get(of);
    if (known === undefined) subresources.set(of, [rest.join('/')]);
    else known.push(rest.join('/'));
  }
  return entries
    .filter(({ name }) => !name.includes('/'))
    .map((entry) => ({
      group,
      version,
      resource: entry.name,
      singular: entry.singularName || entry.kind.toLowerCase(),
      kind: entry.kind,
      namespaced: entry.namespaced === true,
      verbs: entry.verbs ?? [],
      shortNames: entry.shortNames ?? [],
      categories: entry.categories ?? [],
      subresources: subresources.get(entry.name) ?? [],
    }));
};

type Named = { readonly name: string; readonly versions: readonly string[] };

/** The groups and versions of an old index, core first, preferred version first. */
const named = (index: LegacyIndex): readonly Named[] => {
  if (index.versions !== undefined) return [{ name: '', versions: index.versions }];
  return (index.groups ?? []).map(({ name, versions = [], preferredVersion }) => {
    const all = versions.map(({ version }) => version);
    const first = preferredVersion?.version;
    return { name, versions: first === undefined ? all : [first, ...all.filter((version) => version !== first)] };
  });
};

/** Servers before aggregated discovery: one request per group and version. */
const readLegacy = async (transport: Transport, index: LegacyIndex): Promise<Served> => {
  const failures: string[] = [];
  const wanted = named(index).flatMap(({ name, versions }) => versions.map((version) => ({ name, version })));
  const read = await mapLimited(wanted, 8, async ({ name, version }) => {
    const path = name === '' ? `/api/${version}` : `/apis/${name}/${version}`;
    try {
      const list = await transport.json<{ readonly resources?: readonly LegacyResource[] }>({ path });
      return { name, version, resources: fromLegacy(name, version, list.resources ?? []) };
    } catch (thrown) {
      const error = asClusterError(thrown);
      if (error.code === 'unauthorized' || error.code === 'internal') throw error;
      failures.push(`${path.replace(/^\/apis?\//, '')} does not answer: ${error.message}`);
      return { name, version, resources: [] };
    }
  });
  const groups = named(index).map(({ name }) => ({ name, versions: read.filter((entry) => entry.name === name) }));
  return { groups, failures };
};

const word = /^[\w.-]*$/;

const isWord = (text: string): boolean => word.test(text);

/**
 * Resources whose names can be typed, shown and put into a URL. The API server checks those of its own and of
 * definitions; an extension API server may call its resources what it likes.
 */
const withoutRough = ({ groups, failures }: Served): Served => {
  const refused: string[] = [];
  const fit = (resource: Resource): readonly Resource[] => {
    const { group, version, resource: plural, singular, kind, shortNames } = resource;
    if (plural !== '' && [group, version, plural, singular, kind].every(isWord)) {
      return shortNames.every(isWord) ? [resource] : [{ ...resource, shortNames: shortNames.filter(isWord) }];
    }
    refused.push(`A resource of ${plainText(group, 60) || 'the core API'} was left out: its name cannot be typed.`);
    return [];
  };
  const kept = groups.map((group) => ({
    ...group,
    versions: group.versions.map((version) => ({ ...version, resources: version.resources.flatMap(fit) })),
  }));
  return { groups: kept, failures: [...failures, ...new Set(refused)] };
};

const readIndex = async (transport: Transport, path: '/api' | '/apis'): Promise<Served> => {
  const list = await transport
    .json<AggregatedList | LegacyIndex>({ path, headers: { accept: AGGREGATED } })
    .catch((thrown: unknown) => {
      // A strict old server refuses the unknown media type instead of falling back to the plain one.
      if (!(thrown instanceof ClusterError) || thrown.status !== 406) throw thrown;
      return transport.json<LegacyIndex>({ path });
    });
  return withoutRough(isAggregated(list) ? fromAggregated(list) : await readLegacy(transport, list));
};

/** All that the server says it serves, core group first. One of the two halves may fail; both failing rejects. */
export const readServed = async (transport: Transport): Promise<Served> => {
  const [core, others] = await Promise.allSettled([readIndex(transport, '/api'), readIndex(transport, '/apis')]);
  if (core.status === 'rejected') throw core.reason;
  if (others.status === 'rejected') {
    const error = asClusterError(others.reason);
    return {
      groups: core.value.groups,
      failures: [...core.value.failures, `Only the core API was read: ${error.message}`],
    };
  }
  return {
    groups: [...core.value.groups, ...others.value.groups],
    failures: [...core.value.failures, ...others.value.failures],
  };
};
