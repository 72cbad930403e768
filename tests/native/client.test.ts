import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKubectl } from '../../src/native/kubectl.ts';
import type { NativeClient } from '../../src/native/types.ts';
import { patience } from '../patience.ts';
import { adminSpec, allWays, goWays, kubectl, kubectlFile, type Loaded, target } from './lab.ts';

const node = target('nodes', 'Node', 'cp-1');

describe.each(allWays)('a client of the %s', (_name, load) => {
  let native: Loaded;
  let client: NativeClient;
  beforeAll(async () => {
    native = await load();
    client = native.client(adminSpec());
  });
  afterAll(() => native.dispose());

  test('an object that is not there is not-found, and named', async () => {
    const nobody = target('deployments', 'Deployment', 'nobody', { group: 'apps', namespace: 'default' });
    await expect(client.describe(nobody)).rejects.toMatchObject({
      name: 'ClusterError',
      code: 'not-found',
      message: expect.stringContaining('cannot describe deployments.apps default/nobody'),
    });
  });

  test('a user without permission is told so', async () => {
    const guest = native.client({ ...adminSpec(), impersonate: { user: 'nobody', groups: ['guests'] } });
    await expect(guest.describe(node)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('"nobody"'),
    });
    guest.dispose();
  });

  test('an aborted call is cancelled at once, before it and during it', async () => {
    await expect(client.describe(node, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    const abort = new AbortController();
    const call = client.describe(node, { signal: abort.signal });
    const began = performance.now();
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled', message: 'describe nodes cp-1: cancelled' });
    expect(performance.now() - began).toBeLessThan(1_000 * patience);
  });

  test('a time limit of the caller is a timeout', async () => {
    const call = client.describe(node, { signal: AbortSignal.timeout(1) });
    await expect(call).rejects.toMatchObject({ code: 'timeout' });
  });

  test('a disposed client ends its calls and takes no more; others go on', async () => {
    const other = native.client(adminSpec());
    const call = other.describe(node);
    other.dispose();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await expect(other.describe(node)).rejects.toMatchObject({ code: 'cancelled' });
    await expect(client.describe(node)).resolves.toContain('cp-1');
  });
});

describe.each(goWays)('a spec, by the %s', (_name, load) => {
  let native: Loaded;
  beforeAll(async () => {
    native = await load();
  });
  afterAll(() => native.dispose());

  test('a server where nobody listens is unreachable', async () => {
    const client = native.client({ ...adminSpec(), server: 'https://127.0.0.1:1' });
    await expect(client.describe(node)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('connection refused'),
    });
  });

  test('a server whose certificate is not trusted is unreachable', async () => {
    const { caPem: _ours, ...spec } = adminSpec();
    await expect(native.client(spec).describe(node)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('certificate'),
    });
  });

  test('a token may be replaced, and never shows', async () => {
    const { certPem: _cert, keyPem: _key, ...spec } = adminSpec();
    const client = native.client({ ...spec, token: 'wrong-secret' });
    const wrong: unknown = await client.describe(node).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'unauthorized', hint: expect.stringContaining('log in') });
    expect(JSON.stringify(wrong) + String(wrong)).not.toContain('wrong-secret');
    const token = await kubectl(['create', 'token', 'default', '--namespace=default']);
    client.setToken(token.trim());
    // The service account may do nothing, but the server knows it now.
    await expect(client.describe(node)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('system:serviceaccount:default:default'),
    });
  });

  test('a key that cannot be used is invalid, and stays out of the message', async () => {
    const client = native.client({ ...adminSpec(), keyPem: 'my-secret', certPem: 'my-secret' });
    const error: unknown = await client.describe(node).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'invalid' });
    expect(String(error)).not.toContain('my-secret');
  });
});

describe('the kubectl program', () => {
  let native: Loaded;
  beforeAll(async () => {
    native = await loadKubectl(kubectlFile);
  });
  afterAll(() => native.dispose());

  test('does nothing without a context: the current one may be another', async () => {
    const { context: _name, ...spec } = adminSpec();
    await expect(native.client(spec).describe(node)).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('does nothing as somebody it cannot name exactly', async () => {
    const client = native.client({ ...adminSpec(), impersonate: { user: 'me', extra: { scopes: ['view'] } } });
    await expect(client.describe(node)).rejects.toMatchObject({ code: 'unsupported' });
  });
});
