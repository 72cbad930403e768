import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig.ts';
import { withNamespace } from '../../../src/cluster/namespace-overlay.ts';

const text = `
current-context: c
clusters: [{ name: k, cluster: { server: 'https://one.example' } }]
users: [{ name: u, user: { token: very-secret } }]
contexts: [{ name: c, context: { cluster: k, user: u, namespace: before } }]
`;

test('the default namespace changes, everything else stays, and no credential is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-overlay-'));
  const readFile = async (path: string): Promise<string> => (path === '/own' ? text : readFileSync(path, 'utf8'));
  const config = await loadKubeconfig({ env: { KUBECONFIG: '/own' }, readFile });
  const variable = await withNamespace(config, 'c', 'chosen', { XDG_RUNTIME_DIR: folder });
  const seen = await loadKubeconfig({ env: { KUBECONFIG: variable }, readFile });
  expect(seen.contexts.get('c')).toMatchObject({ cluster: 'k', user: 'u', namespace: 'chosen' });
  expect(seen.current).toBe('c');
  const [file = ''] = variable.split(':');
  expect(readFileSync(file, 'utf8')).not.toContain('secret');
  expect(statSync(file).mode & 0o077).toBe(0);
});
