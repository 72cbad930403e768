import { readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { createTransport } from '../../src/cluster/node-transport.ts';
import type { Transport } from '../../src/cluster/transport.ts';
import type { Decoder } from '../../src/decode/decoded.ts';
import { decoderFor } from '../../src/decode/decoder-for.ts';
import { jsonDecoder } from '../../src/decode/json.ts';
import { keyOf } from '../../src/decode/meta.ts';
import { tableDecoder } from '../../src/decode/table.ts';
import type { ClientSpec } from '../../src/protocol/client-spec.ts';
import type { Freshness } from '../../src/protocol/freshness.ts';
import { createStore, type IndexedStore, type RowMaker } from '../../src/store/create-store.ts';
import type { Store } from '../../src/store/store.ts';
import { type Clock, systemClock } from '../../src/util/clock.ts';
import type { ClusterError } from '../../src/util/error.ts';
import type { Limits } from '../../src/watch/backoff.ts';
import { type Reflector, startReflector } from '../../src/watch/reflector.ts';
import { runId } from '../run-id.ts';
import { type FaultProxy, startProxy, type Upstream } from './proxy.ts';

type KubeconfigFile = {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
};

const decode = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString('utf8');

export const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these tests with vitest's project "faults"`);
  return value;
};

/** The admin of a lab, with a client certificate. */
export const adminOf = (kubeconfig: string): Upstream => {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as KubeconfigFile;
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  return {
    server: cluster?.server ?? '',
    caPem: decode(cluster?.['certificate-authority-data']),
    certPem: decode(user?.['client-certificate-data']),
    keyPem: decode(user?.['client-key-data']),
  };
};

export const transportTo = (spec: ClientSpec, clock: Clock = systemClock): Transport => {
  const transport = createTransport(spec, { clock });
  onTestFinished(() => transport.dispose());
  return transport;
};

/** The decoders of pods under the names that tests are told apart by. */
export const decoders: Readonly<Record<string, Decoder>> = {
  JSON: jsonDecoder,
  protobuf: decoderFor({ group: '', version: 'v1', kind: 'Pod' }, true),
  Table: tableDecoder,
};

export const rows: RowMaker = {
  columns: [],
  row: (item) => ({
    key: keyOf(item.meta),
    ...item.meta,
    created: undefined,
    labels: {},
    owners: [],
    health: 'ok',
    cells: [{ text: item.problem ?? '', value: undefined }],
  }),
};

type PodList = {
  readonly items: readonly { readonly metadata: Readonly<Record<'name' | 'uid' | 'resourceVersion', string>> }[];
};

/** A pod that nothing touches: no scheduler takes it, so its version changes only when a test changes it. */
const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'none' }] },
});

/** A namespace of its own with a few pods, and what changes them behind the proxy's back. */
export const createWorld = async (upstream: Upstream, pods: readonly string[]) => {
  const transport = transportTo(upstream);
  const namespace = `faults-${runId}-${Math.random().toString(36).slice(2, 8)}`;
  const path = `/api/v1/namespaces/${namespace}/pods`;
  await transport.json({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  // Pods wait for the service account, which a controller makes a moment after the namespace unless it is there.
  await transport
    .json({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
      body: { metadata: { name: 'default' } },
    })
    .catch((error: ClusterError) => {
      if (error.code !== 'conflict') throw error;
    });
  onTestFinished(async () => {
    await transport.json({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` }).catch(() => {});
  });
  const create = (name: string) => transport.json({ method: 'POST', path, body: pod(name) });
  const remove = (name: string) =>
    transport.json({ method: 'DELETE', path: `${path}/${name}`, query: { gracePeriodSeconds: '0' } });
  const touch = (name: string) =>
    transport.json({
      method: 'PATCH',
      path: `${path}/${name}`,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { annotations: { touched: String(Math.random()) } } },
    });
  for (const name of pods) await create(name);
  /** uid → version, as a fresh list says. */
  const listed = async (): Promise<Record<string, string>> => {
    const { items } = await transport.json<PodList>({ path });
    return Object.fromEntries(items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
  };
  const uidOf = async (name: string): Promise<string> => {
    const { items } = await transport.json<PodList>({ path });
    return items.find(({ metadata }) => metadata.name === name)?.metadata.uid ?? '';
  };
  const names = async (): Promise<readonly string[]> => {
    const { items } = await transport.json<PodList>({ path });
    return items.map(({ metadata }) => metadata.name).sort();
  };
  return { namespace, path, transport, create, remove, touch, listed, uidOf, names };
};

export type World = Awaited<ReturnType<typeof createWorld>>;

type Versions = Readonly<Record<string, string>>;

/** uid → version, as a store holds it. */
export const versions = (store: Store): Versions =>
  Object.fromEntries([...store.rows.values()].map((row) => [row.uid, row.resourceVersion]));

/** What two sides do not agree about. */
const difference = (held: Versions, wanted: Versions): Readonly<Record<string, string>> => {
  const uids = [...new Set([...Object.keys(held), ...Object.keys(wanted)])].filter((uid) => held[uid] !== wanted[uid]);
  return Object.fromEntries(uids.map((uid) => [uid, `${held[uid]} instead of ${wanted[uid]}`]));
};

export type Watched = {
  readonly store: IndexedStore;
  readonly reflector: Reflector;
  /** Every claim, with the time it was made. */
  readonly claims: readonly (Freshness & { readonly at: number })[];
  /** Waits until that is claimed; a fault may be over before anybody looks, so one since the last wait counts. */
  claimed(phase: Freshness['phase'], timeout?: number): Promise<Freshness>;
  /** Waits until the store is live and equals a fresh list. */
  equalsServer(world: World, timeout?: number): Promise<void>;
};

export const watchPods = (
  transport: Transport,
  path: string,
  decoder: Decoder,
  limits: Partial<Limits> = {},
): Watched => {
  const store = createStore({ processorFor: () => rows });
  const claims: (Freshness & { at: number })[] = [];
  const reflector = startReflector({
    transport,
    path,
    selectors: {},
    decoder,
    clock: systemClock,
    random: Math.random,
    limits,
    emit: (event) => {
      if (event.type === 'freshness') claims.push({ ...event.freshness, at: Date.now() });
      store.apply(event);
    },
  });
  onTestFinished(() => reflector.dispose());
  /** So many claims were waited for. */
  let seen = 0;
  const latest = (phase: Freshness['phase']): Freshness => {
    const { freshness } = store;
    if (phase === 'live' || freshness.phase === phase) return freshness;
    return claims.slice(seen).findLast((claim) => claim.phase === phase) ?? freshness;
  };
  return {
    store,
    reflector,
    claims,
    claimed: async (phase, timeout = 2_000) => {
      await expect.poll(() => latest(phase).phase, { timeout, interval: 10 }).toBe(phase);
      const found = latest(phase);
      seen = claims.length;
      return found;
    },
    equalsServer: async (world, timeout = 5_000) => {
      const state = async () => ({
        wrong: difference(versions(store), await world.listed()),
        phase: store.freshness.phase,
      });
      await expect.poll(state, { timeout, interval: 20 }).toEqual({ phase: 'live', wrong: {} });
      seen = claims.length;
    },
  };
};

/** Three pods behind a proxy. */
export const worldBehindProxy = async (): Promise<{ world: World; proxy: FaultProxy }> => {
  const upstream = adminOf(setting('KUBECTL_LIVE_LAB_KUBECONFIG'));
  const world = await createWorld(upstream, ['a', 'b', 'c']);
  const proxy = await startProxy(upstream);
  onTestFinished(() => proxy.dispose());
  return { world, proxy };
};

/** A live watch of three pods through a proxy. */
export const watchThroughProxy = async (
  decoder: Decoder,
  limits: Partial<Limits> = {},
): Promise<{ world: World; proxy: FaultProxy; watched: Watched }> => {
  const { world, proxy } = await worldBehindProxy();
  const watched = watchPods(transportTo({ server: proxy.url }), world.path, decoder, limits);
  await watched.claimed('live', 20_000);
  await watched.equalsServer(world);
  return { world, proxy, watched };
};

/** How often the whole list was asked for; a question for one object is none. */
export const lists = (proxy: FaultProxy): number =>
  proxy.asked.filter(({ kind, query }) => kind === 'list' && query.limit === undefined).length;
