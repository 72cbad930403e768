/** What the tests of the native code share: the lab's API server, its kubectl, and the ways to have kubectl's work done. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { loadAddon } from '../../src/native/addon.ts';
import { loadKubectl } from '../../src/native/kubectl.ts';
import { builtAddon, builtSidecar, platformName } from '../../src/native/platform.ts';
import { loadSidecar } from '../../src/native/sidecar.ts';
import type { Native, Target } from '../../src/native/types.ts';
import type { ClientSpec } from '../../src/protocol/client-spec.ts';
import { patience } from '../patience.ts';
import { runId } from '../run-id.ts';

const run = promisify(execFile);

export const root = join(import.meta.dirname, '..', '..');

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests need the lab (\`npm test\` starts it).`);
  return value;
};

const built = (file: string): string => {
  const path = join(root, file);
  if (!existsSync(path)) throw new Error(`There is no ${file}: run \`npm run build:native\`.`);
  return path;
};

export const kubeconfig = required('KUBECTL_LIVE_LAB_KUBECONFIG');
export const kubectlFile = required('KUBECTL_LIVE_LAB_KUBECTL');
export const addonFile = built(builtAddon(platformName()));
export const sidecarPath = built(builtSidecar(platformName()));

export type Loaded = Omit<Native, 'why'>;

/** The ways, by name, for `describe.each`. */
export const goWays: readonly (readonly [string, () => Promise<Loaded>])[] = [
  ['addon', () => loadAddon(addonFile)],
  ['sidecar', () => loadSidecar(sidecarPath)],
];
export const allWays: typeof goWays = [...goWays, ['kubectl', () => loadKubectl(kubectlFile)]];

/** The admin of the lab, as the backend would resolve it. */
export const adminSpec = (): ClientSpec => {
  const config = parse(readFileSync(kubeconfig, 'utf8'));
  const [{ cluster }] = config.clusters;
  const [{ user }] = config.users;
  const pem = (data: string | undefined): string => Buffer.from(data ?? '', 'base64').toString();
  return {
    server: cluster.server,
    caPem: pem(cluster['certificate-authority-data']),
    certPem: pem(user['client-certificate-data']),
    keyPem: pem(user['client-key-data']),
    kubeconfig,
    context: config['current-context'],
  };
};

/** Runs the lab's kubectl as the admin; gives stdout. */
export const kubectl = async (args: readonly string[], input?: unknown): Promise<string> => {
  const running = run(kubectlFile, [`--kubeconfig=${kubeconfig}`, ...args], { maxBuffer: 64 * 1024 * 1024 });
  // kubectl may have ended before it read anything.
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
  return (await running).stdout;
};

export const apply = async (...objects: readonly object[]): Promise<void> => {
  await kubectl(['apply', '--filename=-'], { apiVersion: 'v1', kind: 'List', items: objects });
};

let namespaces = 0;

/** A namespace of its own for one test; it goes away with the lab. */
export const freshNamespace = async (): Promise<string> => {
  namespaces += 1;
  const name = `native-${runId}-${namespaces}`;
  await kubectl(['create', 'namespace', name]);
  return name;
};

/** A description without what passes while two programs are asked one after the other. */
export const steady = (text: string): string =>
  text
    .replaceAll(/\b(?:\d+[dhms]){1,2}\b/g, 'AGE')
    .replaceAll(/AGE \(x\d+ over AGE\)/g, 'AGE')
    .replaceAll(/ +/g, ' ');

/** Asks until the answer is one, or the test's time is up. */
export const until = async <T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

export const target = (
  resource: string,
  kind: string,
  name: string,
  { group = '', version = 'v1', namespace }: { group?: string; version?: string; namespace?: string } = {},
): Target => ({ group, version, resource, kind, name, ...(namespace === undefined ? {} : { namespace }) });

export const deploymentTarget = (namespace: string, name: string): Target =>
  target('deployments', 'Deployment', name, { group: 'apps', namespace });

/** Without a node the pods go where the scheduler likes, but to none that belongs to a test. */
const podSpec = (image: string, node?: string) => ({
  containers: [{ name: 'main', image }],
  terminationGracePeriodSeconds: 1,
  ...(node === undefined
    ? {}
    : { nodeSelector: { 'kubernetes.io/hostname': node }, tolerations: [{ key: 'native-test', value: node }] }),
});

export const deployment = (namespace: string, name: string, replicas: number, image: string, node?: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace, name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: podSpec(image, node) },
  },
});

export const barePod = (namespace: string, name: string, node: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name },
  spec: podSpec('registry.example/app:1', node),
});

/** How long a kubectl that waits waits at most. */
export const atMost = (seconds: number): string => `--timeout=${seconds * patience}s`;

const nodes: string[] = [];

/** A node that only this test uses: its taint keeps others away, and kwok plays its kubelet. */
export const freshNode = async (name: string): Promise<string> => {
  nodes.push(name);
  await apply({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    },
    spec: { taints: [{ key: 'native-test', value: name, effect: 'NoSchedule' }] },
    status: {
      allocatable: { cpu: '32', memory: '64Gi', pods: '110' },
      capacity: { cpu: '32', memory: '64Gi', pods: '110' },
    },
  });
  await kubectl(['wait', `node/${name}`, '--for=condition=Ready', atMost(20)]);
  return name;
};

/** Other tests in the same lab look at nodes too. */
export const removeNodes = async (): Promise<void> => {
  const names = nodes.splice(0);
  if (names.length > 0) await kubectl(['delete', 'node', '--ignore-not-found', '--wait=false', ...names]);
};

export const rolledOut = async (namespace: string, name: string): Promise<void> => {
  await kubectl(['rollout', 'status', `deployment/${name}`, `--namespace=${namespace}`, atMost(25)]);
};
