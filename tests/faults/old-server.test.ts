import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { discover } from '../../src/cluster/discovery.ts';
import type { ClientSpec } from '../../src/protocol/client-spec.ts';
import type { FaultProxy } from './proxy.ts';
import { adminOf, decoders, lists, setting, transportTo, watchThroughProxy, worldBehindProxy } from './support.ts';
import { startEngine } from './tables.ts';

const json = decoders.JSON as NonNullable<typeof decoders.JSON>;

/** The plain media types, of which an old server or a gateway knows no more; Tables are older than all of them. */
const plain = ({ accept = '', 'accept-encoding': _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders => ({
  ...headers,
  accept: accept.includes('as=Table') ? accept : 'application/json',
});

/** Through a transport of its own: what one has discovered it keeps. */
const namesAt = async (spec: ClientSpec): Promise<readonly string[]> => {
  const { resources } = await discover(transportTo(spec));
  return resources
    .map((each) => `${each.group}/${each.version} ${each.resource} ${each.subresources.toSorted()}`)
    .toSorted();
};

it.each([
  ['knows only plain JSON', (proxy: FaultProxy) => proxy.rewrite(plain)],
  [
    'refuses other media types with 406, as strict ones do',
    (proxy: FaultProxy) => {
      proxy.rewrite(plain);
      proxy.intercept(({ headers: { accept = '' }, path }) =>
        accept.includes('apidiscovery') || (accept.includes('protobuf') && path.startsWith('/apis'))
          ? { status: 406, body: { kind: 'Status', code: 406, message: 'not acceptable' } }
          : undefined,
      );
    },
  ],
])(
  '16. a server without aggregated discovery, protobuf and gzip that %s is read as well as a new one',
  async (_, age) => {
    const { world, proxy } = await worldBehindProxy();
    age(proxy);
    const lab = adminOf(setting('KUBECTL_LIVE_LAB_KUBECONFIG'));
    // Tests beside this one make definitions, which may be there for one of the two and not for the other.
    const differing = async (): Promise<readonly string[]> => {
      const [old, now] = [await namesAt({ server: proxy.url }), await namesAt(lab)];
      return [...old.filter((each) => !now.includes(each)), ...now.filter((each) => !old.includes(each))];
    };
    await expect.poll(differing, { timeout: 20_000 }).toEqual([]);
    const engine = startEngine(transportTo({ server: proxy.url }));
    const [pods, nodes] = [await engine.open(world.namespace), await engine.open('', { resource: 'nodes' })];
    for (const table of [pods, nodes]) await table.claims('live', 10_000);
    await pods.equals(world);
    expect(nodes.lines.length).toBeGreaterThan(0);
    const before = lists(proxy);
    await world.create('d');
    await world.touch('b');
    await world.remove('a');
    await pods.equals(world);
    proxy.resetWatches();
    await world.create('e');
    await pods.equals(world);
    expect(lists(proxy)).toBe(before);
  },
);

it('16. a gateway that compresses although nobody asked is read all the same', async () => {
  const { world, proxy } = await worldBehindProxy();
  proxy.rewrite((own) => ({ ...own, 'accept-encoding': 'gzip' }));
  const engine = startEngine(transportTo({ server: proxy.url }));
  const pods = await engine.open(world.namespace);
  await pods.claims('live', 10_000);
  await pods.equals(world);
  await world.create('d');
  await pods.equals(world);
});

it('3. a continue token that expires between two pages starts the list again, in pages, with no ghost and none missing', async () => {
  const { world, proxy, watched } = await watchThroughProxy(json, { pageSize: 2, previewMs: 60_000 });
  const expired = {
    kind: 'Status',
    status: 'Failure',
    reason: 'Expired',
    code: 410,
    message: 'The provided continue parameter is too old',
  };
  let [broken, ended] = [2, 1];
  proxy.intercept(({ kind, query }) => {
    if (kind !== 'list') return undefined;
    // What the whole list does not survive: too large for a gateway.
    if (query.limit === undefined && broken-- > 0) return { status: 502, body: '<html>Bad Gateway</html>' };
    return query.continue !== undefined && ended-- > 0 ? { status: 410, body: expired } : undefined;
  });
  proxy.freezeWatches();
  await world.remove('b');
  await world.create('d');
  await world.create('e');
  proxy.answer('watch', { status: 410, body: expired }, 1);
  proxy.resetWatches();
  await watched.claimed('stale');
  await watched.equalsServer(world, 10_000);
  const asked = proxy.asked.filter(({ kind, query }) => kind === 'list' && query.resourceVersionMatch === undefined);
  const pages = asked.map(
    ({ query: { limit, continue: token } }) => `${limit ?? 'all'}${token === undefined ? '' : ' more'}`,
  );
  // The first list; two that break; a page, its expired sequel; then every page of four pods.
  expect(pages).toEqual(['all', 'all', 'all', '2', '2 more', '2', '2 more']);
  expect([...watched.store.rows.values()].map((row) => row.name).toSorted()).toEqual(['a', 'c', 'd', 'e']);
});
