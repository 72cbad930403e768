import { access } from 'node:fs/promises';
import type { Kubeconfig } from '../cluster/kubeconfig.ts';
import { canI, serverVersion } from '../cluster/server.ts';
import type { Transport } from '../cluster/transport.ts';
import type { NativeLoaded } from '../native/types.ts';
import type { HealthItem } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError } from '../util/error.ts';
import { findProgram } from './program.ts';

export type HealthSection = { readonly title: string; readonly items: readonly HealthItem[] };

const ok = (text: string): HealthItem => ({ level: 'ok', text });
const info = (text: string): HealthItem => ({ level: 'info', text });
const bad = (level: 'warn' | 'error', text: string, ...advice: readonly string[]): HealthItem => ({
  level,
  text,
  advice,
});

const failure = (what: string, thrown: unknown): HealthItem => {
  const { message, hint } = asClusterError(thrown);
  return bad('error', `${what}: ${message}`, ...(hint === undefined ? [] : [hint]));
};

export const backendSection = (version: string): HealthSection => ({
  title: 'Backend, by its own account',
  items: [
    ok(`kubectl-live ${version} on Node ${process.versions.node}, pid ${process.pid}`),
    info(`memory ${Math.round(process.memoryUsage.rss() / 1e6)} MB, up ${Math.round(process.uptime())} s`),
  ],
});

export const nativeSection = (native: NativeLoaded): HealthSection => {
  const title = 'Describe, drain, rollouts';
  if (native.kind === 'none')
    return { title, items: [bad('warn', `not available: ${native.why.join(' ')}`, native.advice)] };
  const used = { addon: 'the native addon', sidecar: 'the sidecar executable', kubectl: 'the kubectl program' }[
    native.kind
  ];
  return { title, items: [ok(`${used} (${native.version})`), ...native.why.map((why) => info(why))] };
};

export const kubeconfigSection = async (config: Kubeconfig, path: string, program: string): Promise<HealthSection> => {
  const items: HealthItem[] = config.problems.map((problem) => bad('error', problem));
  if (config.files.length > 0)
    items.push(
      ok(
        `read ${config.files.join(', ')}: ${config.contexts.size} ${config.contexts.size === 1 ? 'context' : 'contexts'}`,
      ),
    );
  if (config.current !== '') items.push(ok(`current context ${config.current}`));
  for (const [name, { exec }] of config.users) {
    if (exec === undefined) continue;
    const found = await findProgram(exec.command, path);
    if (found === undefined)
      items.push(bad('error', `user ${name}: the login program '${exec.command}' is not on PATH`));
    else items.push(ok(`user ${name}: logs in with ${found}`));
  }
  for (const [name, { caFile }] of config.clusters) {
    if (caFile === undefined) continue;
    await access(caFile).catch(() =>
      items.push(bad('error', `cluster ${name}: the certificate authority ${caFile} cannot be read`)),
    );
  }
  const kubectl = await findProgram(program, path);
  if (kubectl === undefined) {
    items.push(
      bad(
        'warn',
        `no '${program}' on PATH: verbs that the plugin does not do itself cannot run`,
        'Install kubectl, or set `kubectl_cmd`.',
      ),
    );
  } else items.push(ok(`kubectl: ${kubectl}`));
  return { title: 'Kubeconfig', items };
};

/** 1.36 against 1.34 is what kubectl supports at most: one minor version either way. */
const skew = (server: string, ours: string): HealthItem | undefined => {
  const minor = (text: string): number => Number(/^v?1\.(\d+)/.exec(text)?.[1] ?? Number.NaN);
  const distance = Math.abs(minor(server) - minor(ours));
  if (!(distance > 1)) return undefined;
  return bad(
    'warn',
    `the server is ${server}, describe and drain are from kubectl ${ours}: more than one minor version apart`,
  );
};

const pods = { group: '', version: 'v1', resource: 'pods' };

const review = async (transport: Transport, clock: Clock, verb: string): Promise<HealthItem> => {
  const { allowed } = await canI(transport, clock, verb, pods, '');
  const what = `${verb} pods in all namespaces`;
  return allowed ? ok(`may ${what}`) : bad('warn', `may not ${what}`, 'Tables then need a namespace: <C-n>, or -n.');
};

/** Asks the server; every failure becomes an item. */
export const serverSection = async (
  context: string,
  transport: Transport,
  clock: Clock,
  ours: string,
): Promise<HealthSection> => {
  const title = `Context ${context}`;
  const items: HealthItem[] = [];
  try {
    const started = performance.now();
    const { gitVersion } = await serverVersion(transport);
    items.push(ok(`reached in ${Math.round(performance.now() - started)} ms: Kubernetes ${gitVersion}`));
    const apart = skew(gitVersion, ours);
    if (apart !== undefined) items.push(apart);
  } catch (thrown) {
    return { title, items: [failure('not reachable', thrown)] };
  }
  for (const verb of ['list', 'watch']) {
    items.push(await review(transport, clock, verb).catch((thrown: unknown) => failure('access review', thrown)));
  }
  const metrics = { path: '/apis/metrics.k8s.io/v1beta1', timeoutMs: 5000 };
  items.push(
    await transport.json(metrics).then(
      () => ok('metrics API (metrics.k8s.io) is there: :Kubectl top works'),
      () =>
        bad(
          'warn',
          'no metrics API (metrics.k8s.io): :Kubectl top has no figures',
          'Install metrics-server in the cluster.',
        ),
    ),
  );
  return { title, items };
};
