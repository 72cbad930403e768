import { expect, test } from 'vitest';
import type { ResolvedContext } from '../../../src/cluster/kubeconfig.ts';
import type { UserEntry } from '../../../src/cluster/kubeconfig-file.ts';
import { loginFiles, triesAlone } from '../../../src/cluster/login.ts';
import { ClusterError } from '../../../src/util/error.ts';

const found = (user: UserEntry, caFile?: string): ResolvedContext => ({
  name: 'prod',
  context: { cluster: 'c', user: 'u', namespace: '' },
  cluster: { server: 'https://prod', insecure: false, disableCompression: false, ...(caFile && { caFile }) },
  user,
});

const exec = (interactiveMode: string, command = 'aws') => ({
  exec: { apiVersion: '', command, args: [], env: {}, provideClusterInfo: false, interactiveMode },
});

const refused = new ClusterError('unauthorized', 'exit code 1');
const missing = new ClusterError('unauthorized', 'not found', {
  cause: Object.assign(new Error('spawn'), { code: 'ENOENT' }),
});
const waited = new ClusterError('unauthorized', 'no credential', { cause: new ClusterError('timeout', '60 s') });

test.each<[string, UserEntry, ClusterError, boolean]>([
  ['a token that is refused', { token: 'x' }, refused, true],
  ['a token file that is missing', { tokenFile: '/x' }, missing, true],
  ['a plugin that never asks', exec('Never'), refused, true],
  ['one that never asks but waited for somebody', exec('Never'), waited, false],
  ['one that may ask', exec('IfAvailable'), refused, false],
  ['one that does not say', exec(''), refused, false],
  ['one that is not installed', exec(''), missing, true],
  ['one that must have a terminal', exec('Always'), refused, false],
  [
    'a provider that was dropped',
    { authProvider: { name: 'gcp', config: {} } },
    new ClusterError('unsupported', 'x'),
    false,
  ],
  [
    'a provider that does not answer',
    { authProvider: { name: 'oidc', config: {} } },
    new ClusterError('timeout', 'x'),
    true,
  ],
])('%s: tried again by itself or not', (_, user, failure, alone) => {
  expect(triesAlone(found(user), failure)).toBe(alone);
});

test('files that a login is read from, absolute ones', () => {
  const user = { tokenFile: '/t', certFile: '/c', keyFile: '/k', ...exec('', '/bin/plugin') };
  expect(loginFiles(found(user, '/ca'))).toEqual(['/ca', '/t', '/c', '/k', '/bin/plugin']);
  expect(loginFiles(found(exec('', 'aws')))).toEqual([]);
});
