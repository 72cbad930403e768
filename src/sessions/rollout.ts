import type { Transport } from '../cluster/transport.ts';
import type { NativeClient, Target as NativeTarget } from '../native/types.ts';
import type { Target } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError } from '../util/error.ts';
import { LiveText } from './live-text.ts';
import { errorLines, sanitizeKeepingTabs, titleOf } from './session-state.ts';
import type { Session, TextView } from './text-view.ts';

export type RolloutOptions = {
  readonly target: Target;
  readonly view: TextView;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Asked for at each reading: the credential may have been renewed since the last one. */
  readonly client: () => Promise<Pick<NativeClient, 'rolloutHistory' | 'rolloutStatus'>>;
};

const nativeTarget = ({ resource, namespace, name }: Target): NativeTarget => {
  const { group, version, kind } = resource;
  return { group, version, resource: resource.resource, kind, name, ...(namespace !== '' && { namespace }) };
};

const linesOf = (text: string): readonly string[] => text.trimEnd().split('\n').map(sanitizeKeepingTabs);

/** kubectl's history of a rollout, read again when the object changes. */
export const openRolloutHistory = (options: RolloutOptions): Session => {
  const { target, view, transport, clock, client } = options;
  const text = new LiveText({
    ...{ what: 'rollout history', target, view, transport, clock },
    withEvents: false,
    read: async (signal) => ({
      lines: linesOf(await (await client()).rolloutHistory(nativeTarget(target), { signal })),
    }),
  });
  return {
    opened: { title: titleOf(target, 'rollout-history'), filetype: 'k8s_rollout' },
    dispose: () => text.dispose(),
  };
};

/** kubectl's `rollout status`: a line for each step, until it is done. */
export const openRolloutStatus = ({ target, view, client }: RolloutOptions): Session => {
  const abort = new AbortController();
  view.closed.addEventListener('abort', () => abort.abort(), { once: true });
  view.state({
    left: titleOf(target, 'rollout status'),
    phase: 'live',
    right: '● rolling out',
    style: 'KubectlPending',
  });
  let last = '';
  const say = (line: string): void => {
    const text = line.trimEnd();
    if (text === last || text === '') return;
    last = text;
    view.append(linesOf(text));
  };
  const follow = async (): Promise<void> => {
    try {
      say(await (await client()).rolloutStatus(nativeTarget(target), { signal: abort.signal, onProgress: say }));
      view.state({ phase: 'ended', right: '✓ done', style: 'KubectlOk' });
    } catch (thrown) {
      if (abort.signal.aborted) return;
      const error = asClusterError(thrown);
      view.append(errorLines(error));
      view.state({ phase: 'ended', right: '✕ failed', style: 'KubectlError' });
    }
  };
  void follow();
  return {
    opened: { title: titleOf(target, 'rollout-status'), filetype: 'k8s_rollout' },
    dispose: () => abort.abort(),
  };
};
