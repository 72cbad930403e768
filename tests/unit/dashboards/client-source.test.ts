import { describe, expect, it } from 'vitest';
import { createClientSource, type OwnedSource } from '../../../src/dashboards/client-source.ts';
import type { ClientSpec } from '../../../src/protocol/client-spec.ts';
import { ClusterError } from '../../../src/util/error.ts';

const spec: ClientSpec = { server: 'https://a' };

const fakeConnection = () => {
  const log: string[] = [];
  const connect = ({ server }: ClientSpec): OwnedSource => ({
    json: async <T>({ path }: { path: string }) => {
      log.push(`${server}${path}`);
      return {} as T;
    },
    dispose: () => log.push('disposed'),
  });
  return { log, connect };
};

describe('createClientSource', () => {
  it('asks for one client, at the first request', async () => {
    const wanted: string[] = [];
    const { log, connect } = fakeConnection();
    const source = createClientSource({
      connect,
      wantClient: () => Promise.resolve(wanted.push('client')).then(() => spec),
    });
    expect(wanted).toEqual([]);
    await Promise.all([source.json({ path: '/1' }), source.json({ path: '/2' })]);
    expect(wanted).toEqual(['client']);
    expect(log).toEqual(['https://a/1', 'https://a/2']);
  });

  it('asks again after a client could not be had', async () => {
    let failing = true;
    const { connect } = fakeConnection();
    const refused = new ClusterError('unauthorized', 'log in first');
    const source = createClientSource({
      connect,
      wantClient: () => (failing ? Promise.reject(refused) : Promise.resolve(spec)),
    });
    await expect(source.json({ path: '/' })).rejects.toBe(refused);
    failing = false;
    await expect(source.json({ path: '/' })).resolves.toEqual({});
  });

  it('closes its connection, and opens none afterwards', async () => {
    const { log, connect } = fakeConnection();
    const source = createClientSource({ connect, wantClient: async () => spec });
    await source.json({ path: '/' });
    source.dispose();
    await expect(source.json({ path: '/' })).rejects.toMatchObject({ code: 'cancelled' });
    expect(log).toEqual(['https://a/', 'disposed']);
  });

  it('opens none when it is closed while the client is awaited', async () => {
    const { log, connect } = fakeConnection();
    let give: (spec: ClientSpec) => void = () => undefined;
    const source = createClientSource({ connect, wantClient: () => new Promise((resolve) => (give = resolve)) });
    const asked = source.json({ path: '/' });
    source.dispose();
    give(spec);
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(log).toEqual([]);
  });
});
