import type { ClientSpec } from '../protocol/client-spec.ts';
import { soFar } from './cancelled.ts';
import type { Call, GoHost } from './host.ts';
import { label } from './label.ts';
import type { CallOptions, DrainOptions, DrainProgress, DrainResult, NativeClient, Target } from './types.ts';

/** A client whose work Go does: in this process (addon) or in its own (sidecar). */
export const createGoClient = (host: GoHost, spec: ClientSpec): NativeClient => {
  const client = host.openClient(spec);
  const call = (
    method: string,
    what: Call['what'],
    params: unknown,
    options?: CallOptions & Pick<Call, 'onProgress'>,
  ): Promise<string> =>
    host.call({ method, client, params, what, signal: options?.signal, onProgress: options?.onProgress });
  const on = (verb: string, target: Target) => () => `${verb} ${label(target)}`;

  return {
    describe: (target, options) => call('describe', on('describe', target), target, options),
    rolloutHistory: (target, options) =>
      call('rolloutHistory', on('rollout history of', target), { ...target, revision: options?.revision }, options),
    rolloutStatus: (target, options) =>
      call('rolloutStatus', on('rollout status of', target), target, {
        signal: options?.signal,
        onProgress: (data) => options?.onProgress?.(JSON.parse(data)),
      }),
    rolloutUndo: (target, options) =>
      call(
        'rolloutUndo',
        on('roll back', target),
        { ...target, revision: options?.toRevision, dryRun: options?.dryRun },
        options,
      ),
    rolloutRestart: (target, options) =>
      call('rolloutRestart', on('restart', target), { ...target, dryRun: options?.dryRun }, options),
    rolloutPause: (target, options) =>
      call('rolloutPause', on('pause', target), { ...target, dryRun: options?.dryRun }, options),
    rolloutResume: (target, options) =>
      call('rolloutResume', on('resume', target), { ...target, dryRun: options?.dryRun }, options),
    async cordon(node, on, options) {
      const what = () => `${on ? 'cordon' : 'uncordon'} node ${node}`;
      await call('cordon', what, { node, on, dryRun: options?.dryRun }, options);
    },
    drain: (node, options) => drain(call, node, options),
    setToken: (token) => host.setToken(client, token),
    dispose: () => host.closeClient(client),
  };
};

const drain = async (
  call: (method: string, what: Call['what'], params: unknown, options: Partial<Call>) => Promise<string>,
  node: string,
  { signal, onProgress, ...params }: DrainOptions = {},
): Promise<DrainResult> => {
  let last: DrainProgress | undefined;
  const what = () => (last === undefined ? `drain node ${node}` : `drain node ${node}: ${soFar(last)}`);
  const data = await call(
    'drain',
    what,
    { ...params, node },
    {
      signal,
      onProgress: (data) => {
        const progress: DrainProgress = JSON.parse(data);
        last = progress;
        onProgress?.(progress);
      },
    },
  );
  return JSON.parse(data);
};
