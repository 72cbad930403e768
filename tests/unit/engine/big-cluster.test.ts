/** Clusters of a size that no shared lab can have: what a table costs grows as its rows do, and no faster. */
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport, TransportRequest, TransportResponse } from '../../../src/cluster/transport.ts';
import { plans } from '../../../src/decode/proto/index.generated.ts';
import { createEngine } from '../../../src/engine/serve.ts';
import type { State, ToEditor } from '../../../src/protocol/wire.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { delimited, encode, textField, varint } from '../decode/encode.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** CPU time of this process while `work` runs, in ms: what others do on the machine is not in it. */
const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const podPlan = plans.get('/v1/Pod');
if (podPlan === undefined) throw new Error('there is no plan for pods');

/** A pod as the list has it; the bytes of its name and uid are written over for the others. */
const template = encode(podPlan, {
  metadata: {
    name: 'web-0000000',
    namespace: 'shop',
    uid: 'uid-0000000',
    resourceVersion: '7',
    creationTimestamp: '2025-06-01T00:00:00Z',
    labels: { app: 'web', tier: 'front' },
  },
  spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'example/web:1.0' }] },
  status: { phase: 'Running', podIP: '10.0.0.1', containerStatuses: [{ name: 'main', ready: true, restartCount: 0 }] },
});
const item = Buffer.concat([varint((2 << 3) | 2), varint(template.length), template]);
const nameAt = item.indexOf('web-0000000') + 4;
const uidAt = item.indexOf('uid-0000000') + 4;

/** A list of `count` pods in chunks, made as they are read. */
function* podList(count: number): Generator<Buffer> {
  const metadata = delimited(1, textField(2, '7'));
  const size = metadata.length + count * item.length;
  yield Buffer.concat([Buffer.from('k8s\0'), varint((2 << 3) | 2), varint(size), metadata]);
  const perChunk = 200;
  for (let first = 0; first < count; first += perChunk) {
    const chunk = Buffer.concat(Array.from({ length: Math.min(perChunk, count - first) }, () => item));
    for (let index = 0; index * item.length < chunk.length; index++) {
      const digits = String(first + index).padStart(7, '0');
      chunk.write(digits, index * item.length + nameAt, 'latin1');
      chunk.write(digits, index * item.length + uidAt, 'latin1');
    }
    yield chunk;
  }
}

type Served = { readonly pods: number; readonly kinds: number };

const aggregated = (groups: Readonly<Record<string, readonly string[]>>): unknown => ({
  kind: 'APIGroupDiscoveryList',
  items: Object.entries(groups).map(([group, names]) => ({
    metadata: { name: group },
    versions: [
      {
        version: 'v1',
        resources: names.map((name) => ({
          resource: `${name}s`,
          responseKind: { kind: name[0]?.toUpperCase() + name.slice(1) },
          scope: 'Namespaced',
          singularResource: name,
          verbs: ['delete', 'get', 'list', 'watch'],
          shortNames: name === 'pod' ? ['po'] : [`s${name}`],
          subresources: [{ subresource: 'status' }],
        })),
      },
    ],
  })),
});

const customGroups = (kinds: number): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(kinds / 20) }, (_, group) => [
      `group${group}.example.com`,
      Array.from({ length: Math.min(20, kinds - group * 20) }, (__, kind) => `thing${group}x${kind}`),
    ]),
  );

/** An API server in memory: discovery of some size, and a list of pods with a watch in which nothing happens. */
const serverOf = ({ pods, kinds }: Served): Transport => {
  const open = new AbortController();
  onTestFinished(() => open.abort());
  const answer = (body: Readable, headers = {}): TransportResponse => ({ status: 200, headers, body });
  const request = async ({ path, query, signal }: TransportRequest): Promise<TransportResponse> => {
    if (!path.endsWith('/pods')) return answer(Readable.from(['ok']));
    if (query?.watch === undefined) {
      const count = query?.limit === undefined ? pods : Math.min(pods, Number(query.limit));
      return answer(Readable.from(podList(count)), { 'content-type': 'application/vnd.kubernetes.protobuf' });
    }
    const body = new Readable({ read: () => undefined });
    body.on('error', () => undefined);
    const end = () => body.destroy(new Error('over'));
    signal?.addEventListener('abort', end);
    open.signal.addEventListener('abort', end);
    return answer(body, { 'content-type': 'application/vnd.kubernetes.protobuf;stream=watch' });
  };
  const json = async <T>({ path }: TransportRequest): Promise<T> =>
    (path === '/api' ? aggregated({ '': ['pod', 'namespace'] }) : aggregated(customGroups(kinds))) as T;
  return { request, json, dispose: () => undefined };
};

/** An engine on it, whose editor takes every frame at once and keeps no lines. */
const engineOn = (transport: Transport) => {
  let lines = 0;
  let longest = 0;
  let state: State | undefined;
  const receive = (message: ToEditor): void => {
    if (message.type === 'state') state = message;
    if (message.type !== 'frame') return;
    for (const { start, removed, count, text } of message.splices) {
      lines += count - (removed < 0 ? lines - start : removed);
      longest = Math.max(longest, text.length);
    }
    setImmediate(() => engine.handlers['view.ack']({ view: 1, seq: message.seq, gen: message.gen }, 1));
  };
  const engine = createEngine({
    context: 'big',
    transport,
    clock: systemClock,
    fallback: () => [],
    toEditor: (_client, message) => receive(message),
  });
  onTestFinished(() => void engine.handlers['view.close']({ view: 1 }, 1));
  const open = async (resource: string, wanted: number): Promise<void> => {
    await engine.handlers['view.open']({ view: 1, rows: 40, namespaces: [], query: { resource } }, 1);
    await expect.poll(() => [state?.phase, lines], { timeout: 30_000, interval: 20 }).toEqual(['live', wanted]);
  };
  return { engine, open, longest: () => longest };
};

const costOfPods = async (pods: number): Promise<{ cpu: number; heap: number; longest: number }> => {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const { open, longest } = engineOn(serverOf({ pods, kinds: 0 }));
  const cpu = await cpuOf(() => open('pods', pods));
  collectGarbage();
  return { cpu, heap: process.memoryUsage().heapUsed - before, longest: longest() };
};

test('42. 100,000 objects: CPU time and memory grow with the rows, frames do not', async () => {
  await costOfPods(10_000);
  const small = await costOfPods(25_000);
  const large = await costOfPods(100_000);
  expect(large.cpu / small.cpu).toBeLessThan(7);
  // Rows and lines as they are kept; the 45 MB of the list itself are not among it.
  expect(large.heap / 100_000).toBeLessThan(2500);
  expect(large.longest).toBeLessThan(300_000);
}, 120_000);

test('42. discovery of 10,000 CRDs: read, searched, completed and listed in time that grows with them', async () => {
  const cost = async (kinds: number) => {
    const transport = serverOf({ pods: 0, kinds });
    const read = await cpuOf(() => discover(transport));
    const { engine, open } = engineOn(transport);
    const searched = await cpuOf(() =>
      expect(engine.handlers.find({ typed: 'thing0x0z' }, 1)).rejects.toThrow('no resource'),
    );
    const completed = await cpuOf(async () => {
      const { resources } = await engine.handlers.complete({ what: 'resources' }, 1);
      expect(resources?.big?.length).toBeGreaterThan(3 * kinds);
    });
    const listed = await cpuOf(() => open('api-resources', kinds + 2));
    return { read, searched, completed, listed };
  };
  await cost(1000);
  const small = await cost(2500);
  const large = await cost(10_000);
  for (const what of ['read', 'searched', 'completed', 'listed'] as const) {
    // Ten milliseconds of grace: the small ones are hardly more than the clock can tell.
    expect([what, large[what] / (small[what] + 10) < 7, large[what]]).toEqual([what, true, large[what]]);
  }
  expect((await discover(serverOf({ pods: 0, kinds: 10_000 }))).find('thing499x19').kind).toBe('Thing499x19');
}, 120_000);
