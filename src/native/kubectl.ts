import type { ClientSpec } from '../protocol/client-spec.ts';
import { resourceKey } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { cancelled } from './cancelled.ts';
import { drainWithKubectl } from './kubectl-drain.ts';
import { createPrograms, type Kubectl, type Programs } from './kubectl-process.ts';
import { label } from './label.ts';
import type { CallOptions, Native, NativeClient, Target } from './types.ts';

/** Asks a kubectl for its version; throws a sentence when it does not give one. */
export const loadKubectl = async (file: string): Promise<Omit<Native, 'why'>> => {
  const programs = createPrograms(file);
  const answer = await programs.run(['version', '--client', '--output=json'], {
    what: 'ask kubectl for its version',
    env: { KUBECONFIG: '/dev/null' },
    signal: AbortSignal.timeout(10_000),
  });
  const version: string = JSON.parse(answer).clientVersion.gitVersion;
  return {
    kind: 'kubectl',
    version: version.replace(/^v/, ''),
    client: (spec) => createKubectlClient(programs, spec),
    dispose: () => programs.dispose(),
  };
};

const createKubectlClient = (programs: Programs, spec: ClientSpec): NativeClient => {
  const over = new AbortController();
  const kubectl: Kubectl = async (args, { what, signal, onLine }) => {
    const { env, flags } = connection(spec, what);
    if (over.signal.aborted) throw cancelled(what, over.signal);
    const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    return programs.run([...flags, ...args], { what, env, signal: either, onLine });
  };
  const rollout = (verb: string, what: string, target: Target, args: readonly string[], options?: CallOptions) =>
    kubectl(['rollout', verb, ...args, ...where(target)], {
      what: `${what} ${label(target)}`,
      signal: options?.signal,
    });
  const change =
    (verb: string) => (target: Target, options?: CallOptions & { readonly dryRun?: boolean | undefined }) =>
      options?.dryRun
        ? Promise.reject(new ClusterError('unsupported', `${verb} ${label(target)}: kubectl has no dry run for it`))
        : rollout(verb, verb, target, [], options);

  return {
    describe: (target, options) =>
      kubectl(['describe', ...where(target)], { what: `describe ${label(target)}`, signal: options?.signal }),
    rolloutHistory: (target, options) =>
      rollout('history', 'rollout history of', target, [`--revision=${options?.revision ?? 0}`], options),
    async rolloutStatus(target, options) {
      let last = '';
      const onLine = (line: string, stream: 'out' | 'err'): void => {
        if (stream === 'err' || `${line}\n` === last) return;
        last = `${line}\n`;
        options?.onProgress?.(last);
      };
      const what = `rollout status of ${label(target)}`;
      await kubectl(['rollout', 'status', ...where(target)], { what, signal: options?.signal, onLine });
      return last;
    },
    async rolloutUndo(target, options) {
      const undo = (dryRun: string) =>
        rollout(
          'undo',
          'roll back',
          target,
          [`--to-revision=${options?.toRevision ?? 0}`, `--dry-run=${dryRun}`],
          options,
        );
      if (!options?.dryRun) return undo('none');
      await undo('server');
      return undo('client');
    },
    rolloutRestart: change('restart'),
    rolloutPause: change('pause'),
    rolloutResume: change('resume'),
    drain: (node, options) => drainWithKubectl(kubectl, node, options),
    async cordon(node, on, options) {
      const verb = on ? 'cordon' : 'uncordon';
      const dryRun = `--dry-run=${options?.dryRun ? 'server' : 'none'}`;
      await kubectl([verb, dryRun, '--', node], { what: `${verb} node ${node}`, signal: options?.signal });
    },
    setToken() {
      // kubectl gets its credential itself, afresh for each call.
    },
    dispose: () => over.abort(),
  };
};

/** Which cluster and as whom: the context named, or nothing at all. */
const connection = (spec: ClientSpec, what: string): { env: NodeJS.ProcessEnv; flags: readonly string[] } => {
  if (spec.kubeconfig === undefined || spec.context === undefined) {
    throw new ClusterError('unsupported', `${what}: the kubectl program needs a kubeconfig and a context`, {
      hint: 'build the native addon: it needs neither',
    });
  }
  const { user, uid, groups = [], extra = {} } = spec.impersonate ?? {};
  if (Object.keys(extra).length > 0) {
    throw new ClusterError('unsupported', `${what}: the kubectl program cannot act as a user with extra attributes`);
  }
  return {
    // The variable and not the flag: it may be a list of files.
    env: { KUBECONFIG: spec.kubeconfig },
    flags: [
      `--context=${spec.context}`,
      ...(user === undefined ? [] : [`--as=${user}`]),
      ...(uid === undefined ? [] : [`--as-uid=${uid}`]),
      ...groups.map((group) => `--as-group=${group}`),
    ],
  };
};

/** `--namespace=default -- deployments.v1.apps/web`, the version named so that kubectl does not choose another. */
const where = (target: Target): readonly string[] => {
  const resource = target.group === '' ? resourceKey(target) : `${target.resource}.${target.version}.${target.group}`;
  const namespace = target.namespace ? [`--namespace=${target.namespace}`] : [];
  return [...namespace, '--', `${resource}/${target.name}`];
};
