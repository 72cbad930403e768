import { expect, test } from 'vitest';
import { createGuards } from '../../../src/backend/guards.ts';
import { verdictOn } from '../../../src/backend/reach.ts';
import type { Kubeconfig } from '../../../src/cluster/kubeconfig.ts';
import { connectionOf } from '../../../src/command/connection.ts';
import type { GuardRule } from '../../../src/protocol/wire.ts';

/** Contexts by name, each with its address; the first is the current one. */
const kubeconfig = (servers: Readonly<Record<string, string>>): Kubeconfig => ({
  files: [],
  variable: '/k',
  current: Object.keys(servers)[0] ?? '',
  problems: [],
  users: new Map(),
  clusters: new Map(
    Object.entries(servers).map(([name, server]) => [
      `${name}-c`,
      { server, insecure: false, disableCompression: false },
    ]),
  ),
  contexts: new Map(
    Object.keys(servers).map((name) => [name, { cluster: `${name}-c`, user: 'u', namespace: 'default' }]),
  ),
});

const own = kubeconfig({
  dev: 'https://10.0.0.2:6443',
  prod: 'https://10.0.0.1:6443',
  'prod-viewer': 'https://10.0.0.1:6443/',
  local: 'https://127.0.0.1:6443',
  east: 'https://gate.example.com/k8s/clusters/east',
  west: 'https://gate.example.com/k8s/clusters/west',
});

const rules: readonly GuardRule[] = [
  { pattern: 'prod', mode: 'read-only' },
  { pattern: 'local', mode: 'typed' },
  { pattern: 'east', mode: 'read-only' },
];

const judge = (line: string, guards: readonly GuardRule[] = rules, other?: Kubeconfig) =>
  verdictOn(connectionOf(line.split(' ')), { config: own, guards: createGuards(() => guards), other });

test.each<[string, string, string]>([
  // A context that is only named has its own guard, whoever else is at its address.
  ['delete pod x --context=dev', 'open', 'dev'],
  ['delete pod x', 'open', 'dev'],
  ['delete pod x --context=prod', 'read-only', 'prod'],
  ['delete pod x --context=prod-viewer', 'open', 'prod-viewer'],
  // As somebody else: whoever may do most there.
  ['delete pod x --context=prod-viewer --user=admin', 'read-only', 'prod'],
  ['delete pod x --context=prod-viewer --as=admin', 'read-only', 'prod'],
  ['delete pod x --context=prod-viewer --token=t', 'read-only', 'prod'],
  ['delete pod x --context=dev --as=admin', 'open', 'dev'],
  // Elsewhere.
  ['delete pod x --context=dev --cluster=prod-c', 'read-only', 'prod'],
  ['delete pod x --context=prod --cluster=dev-c', 'open', 'dev'],
  ['delete pod x --context=prod --server=https://10.0.0.2:6443', 'open', 'dev'],
  ['delete pod x --server=https://10.0.0.1:6443', 'read-only', 'prod'],
  ['delete pod x --server=10.0.0.1:6443', 'read-only', 'prod'],
  ['delete pod x --server=HTTPS://10.0.0.1:6443//', 'read-only', 'prod'],
  ['delete pod x -s https://localhost:6443', 'typed', 'local'],
  ['delete pod x -s https://[::1]:6443', 'typed', 'local'],
  // A gateway: the very cluster where it is known, the strictest of its host where not.
  ['delete pod x -s https://gate.example.com:443/k8s/clusters/west', 'open', 'west'],
  ['delete pod x -s https://gate.example.com./k8s/clusters/east/', 'read-only', 'east'],
  ['delete pod x -s https://gate.example.com/k8s/clusters/south', 'read-only', 'east'],
  // Nobody knows what is there.
  ['delete pod x -s https://10.0.0.9:6443', 'typed', '10.0.0.9:6443'],
  ['delete pod x --cluster=nowhere', 'typed', 'elsewhere'],
  ['delete pod x --server=:::', 'typed', 'elsewhere'],
  ['label pod x a=b --field-manager --context=dev', 'read-only', 'elsewhere'],
])('%s is %s, and %s is typed', (line, mode, word) => expect(judge(line)).toMatchObject({ mode, word }));

test.each<[string, string, string]>([
  ['delete pod x --kubeconfig /o', 'typed', '10.0.0.7:6443'],
  ['delete pod x --kubeconfig /o --context=prod', 'read-only', 'prod'],
  // It has a friendly name there and the address of a guarded one.
  ['delete pod x --kubeconfig /o --context=dev', 'read-only', 'prod'],
  ['delete pod x --kubeconfig /o --context=gone', 'typed', 'elsewhere'],
  // KUBECONFIG of `kubectl_cmd`: nothing on the line says so.
  ['delete pod x --context=dev', 'read-only', 'prod'],
])('in another kubeconfig %s is %s, and %s is typed', (line, mode, word) => {
  const other = kubeconfig({
    kind: 'https://10.0.0.7:6443',
    prod: 'https://10.0.0.8:6443',
    dev: 'https://10.0.0.1:6443',
  });
  expect(judge(line, rules, other)).toMatchObject({ mode, word });
});

test('where nothing is guarded nothing is asked; a rule for every name holds for what is unknown', () => {
  for (const line of [
    'delete pod x -s https://10.0.0.9',
    'delete pod x --user=a',
    'label pod x a=b --fm --context=a',
  ]) {
    expect(judge(line, []).mode).toBe('open');
    expect(judge(line, [{ pattern: '*', mode: 'open' }]).mode).toBe('open');
  }
  expect(judge('delete pod x -s https://10.0.0.9', [{ pattern: '*', mode: 'read-only' }]).mode).toBe('read-only');
});
