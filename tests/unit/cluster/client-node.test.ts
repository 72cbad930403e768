import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { resolveClient } from '../../../src/cluster/connect.ts';
import { contextInfos, loadKubeconfig } from '../../../src/cluster/kubeconfig.ts';
import { fakeClock } from '../fake-clock.ts';

const config = `
apiVersion: v1
kind: Config
current-context: second
clusters:
  - { name: c1, cluster: { server: 'https://one.example:6443', insecure-skip-tls-verify: true } }
  - { name: c2, cluster: { server: 'https://two.example', certificate-authority-data: ${btoa('CA')}, tls-server-name: other } }
users:
  - { name: u1, user: { token: abc } }
  - { name: u2, user: { username: me, password: secret } }
contexts:
  - { name: first, context: { cluster: c1, user: u1, namespace: shop } }
  - { name: second, context: { cluster: c2, user: u2 } }
`;

/** The client package is the reference for what a kubeconfig means; why we read it ourselves is in decision 011. */
test('contexts, servers and credentials are what the client package makes of the same file', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'kubectl-live-config-')), 'config');
  writeFileSync(path, config);
  const reference = new KubeConfig();
  reference.loadFromFile(path);
  const ours = await loadKubeconfig({ env: { KUBECONFIG: path } });
  expect(ours.current).toBe(reference.getCurrentContext());
  expect(contextInfos(ours).map(({ name, cluster, user, namespace }) => ({ name, cluster, user, namespace }))).toEqual(
    reference
      .getContexts()
      .map(({ name, cluster, user, namespace = 'default' }) => ({ name, cluster, user, namespace })),
  );
  for (const context of ['first', 'second']) {
    reference.setCurrentContext(context);
    const spec = await resolveClient(ours, context, { clock: fakeClock(), env: {} });
    const cluster = reference.getCurrentCluster();
    const user = reference.getCurrentUser();
    expect(spec.server).toBe(cluster?.server);
    expect(spec.insecure ?? false).toBe(cluster?.skipTLSVerify ?? false);
    expect(spec.tlsServerName).toBe(cluster?.tlsServerName);
    expect(spec.caPem).toBe(cluster?.caData === undefined ? undefined : atob(cluster.caData));
    expect([spec.token, spec.username, spec.password]).toEqual([user?.token, user?.username, user?.password]);
  }
});
