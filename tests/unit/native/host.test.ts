import { describe, expect, test } from 'vitest';
import { type Channel, messageKind, type Receive } from '../../../src/native/channel.ts';
import { type Call, GoHost } from '../../../src/native/host.ts';

type Request = { readonly op: number; readonly method: string; readonly client: number; readonly params: unknown };

/** The other side of a channel: what was asked, and the means to answer. */
const createPeer = () => {
  const peers: { requests: Request[]; cancelled: number[]; closed: boolean; receive: Receive; lose: () => void }[] = [];
  const host = new GoHost((receive, lost) => {
    const peer = {
      requests: [] as Request[],
      cancelled: [] as number[],
      closed: false,
      receive,
      lose: () => lost('it fell over'),
    };
    peers.push(peer);
    const channel: Channel = {
      submit: (op, request) => peer.requests.push({ op, ...JSON.parse(request) }),
      cancel: (op) => peer.cancelled.push(op),
      close: () => {
        peer.closed = true;
      },
    };
    return channel;
  });
  const at = (index: number) => {
    const peer = peers.at(index);
    if (peer === undefined) throw new Error('no channel was opened');
    return peer;
  };
  const call = (client: number, more: Partial<Call> = {}) =>
    host.call({ method: 'describe', client, params: null, what: () => 'describe x', ...more });
  return { host, peers, at, call };
};

const spec = { server: 'https://a', token: 'one', kubeconfig: '/home/me/.kube/config', context: 'prod' };

describe('the Go host', () => {
  test('answers find their calls, in any order', async () => {
    const { host, at, call } = createPeer();
    const client = host.openClient(spec);
    const calls = [call(client), call(client)];
    const [first, second] = at(0).requests.filter(({ method }) => method === 'describe');
    at(0).receive(second?.op ?? 0, messageKind.result, 'two');
    at(0).receive(first?.op ?? 0, messageKind.error, JSON.stringify({ code: 'forbidden', message: 'no', hint: 'ask' }));
    await expect(calls[1]).resolves.toBe('two');
    await expect(calls[0]).rejects.toMatchObject({
      name: 'ClusterError',
      code: 'forbidden',
      message: 'no',
      hint: 'ask',
    });
  });

  test('a client is opened with its data, without paths', async () => {
    const { host, at, call } = createPeer();
    const client = host.openClient(spec);
    const pending = call(client);
    expect(at(0).requests[0]).toEqual({ op: 0, method: 'open', client, params: { server: 'https://a', token: 'one' } });
    host.dispose();
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('an abort settles here and is told there; a late answer is dropped', async () => {
    const { host, at, call } = createPeer();
    const abort = new AbortController();
    const progress: string[] = [];
    const pending = call(host.openClient(spec), { signal: abort.signal, onProgress: (line) => progress.push(line) });
    const op = at(0).requests.at(-1)?.op ?? 0;
    at(0).receive(op, messageKind.progress, 'half');
    abort.abort();
    await expect(pending).rejects.toMatchObject({ code: 'cancelled', message: 'describe x: cancelled' });
    expect(at(0).cancelled).toEqual([op]);
    at(0).receive(op, messageKind.progress, 'late');
    at(0).receive(op, messageKind.result, 'late');
    expect(progress).toEqual(['half']);
  });

  test('a channel that is lost fails what was under way; the next call opens another, with the clients as they are', async () => {
    const { host, peers, at, call } = createPeer();
    const kept = host.openClient(spec);
    const closed = host.openClient(spec);
    const pending = call(kept);
    host.setToken(kept, 'two');
    host.closeClient(closed);
    at(0).lose();
    await expect(pending).rejects.toMatchObject({ code: 'internal', message: 'describe x: it fell over' });
    expect(peers).toHaveLength(1);
    const again = call(kept);
    expect(at(1).requests.map(({ method, client }) => [method, client])).toEqual([
      ['open', kept],
      ['describe', kept],
    ]);
    expect(at(1).requests[0]?.params).toEqual({ server: 'https://a', token: 'two' });
    at(1).receive(at(1).requests[1]?.op ?? 0, messageKind.result, 'fine');
    await expect(again).resolves.toBe('fine');
  });

  test('a client that was closed takes no calls, and its own are ended', async () => {
    const { host, call } = createPeer();
    const [one, other] = [host.openClient(spec), host.openClient(spec)];
    const pending = call(one);
    const others = call(other);
    host.closeClient(one);
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
    await expect(call(one)).rejects.toMatchObject({ code: 'cancelled', message: 'describe x: the client was closed' });
    host.dispose();
    await expect(others).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('disposed it closes the channel and takes no more calls', async () => {
    const { host, at, call } = createPeer();
    const client = host.openClient(spec);
    const pending = call(client);
    host.dispose();
    host.dispose();
    expect(at(0).closed).toBe(true);
    await expect(pending).rejects.toMatchObject({ code: 'cancelled' });
    await expect(call(client)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('an answer that makes no sense is an error of that call', async () => {
    const { host, at, call } = createPeer();
    const pending = call(host.openClient(spec));
    at(0).receive(at(0).requests.at(-1)?.op ?? 0, messageKind.error, 'not JSON');
    await expect(pending).rejects.toMatchObject({ code: 'internal' });
  });
});
