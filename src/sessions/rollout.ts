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

/** Numbers of the revisions that kubectl's history lists, the oldest first. */
export const revisionsIn = (history: string): readonly number[] =>
  [...history.matchAll(/^(\d+)\s/gm)].map(([, number]) => Number(number));

/** Lines of one text that the other lacks and the other way round, in their order; what is common is kept between. */
export const lineDiff = (before: readonly string[], after: readonly string[]): readonly string[] => {
  // Templates are short: the table of the longest common subsequence is small.
  const common = before.map(() => new Array<number>(after.length + 1).fill(0));
  common.push(new Array<number>(after.length + 1).fill(0));
  const at = (row: number, column: number): number => common[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const same = before[row] === after[column];
      const longest = same ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      (common[row] as number[])[column] = longest;
    }
  }
  const lines: string[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      lines.push(` ${before[row]}`);
      row += 1;
      column += 1;
    } else if (column >= after.length || (row < before.length && at(row + 1, column) >= at(row, column + 1))) {
      lines.push(`-${before[row]}`);
      row += 1;
    } else {
      lines.push(`+${after[column]}`);
      column += 1;
    }
  }
  return lines;
};

/** What the revision in use changed of the one before, by kubectl's text of their pod templates. */
export const openRolloutDiff = (options: RolloutOptions): Session => {
  const { target, view, transport, clock, client } = options;
  const object = nativeTarget(target);
  const text = new LiveText({
    ...{ what: 'rollout diff', target, view, transport, clock },
    withEvents: false,
    read: async (signal) => {
      const native = await client();
      const [now, before] = [...revisionsIn(await native.rolloutHistory(object, { signal }))].reverse();
      if (now === undefined || before === undefined) return { lines: ['There is no revision before this one.'] };
      const [old, current] = await Promise.all(
        [before, now].map(async (revision) =>
          linesOf(await native.rolloutHistory(object, { signal, revision })).slice(1),
        ),
      );
      return { lines: [`--- revision ${before}`, `+++ revision ${now}`, ...lineDiff(old ?? [], current ?? [])] };
    },
  });
  return { opened: { title: titleOf(target, 'rollout-diff'), filetype: 'diff' }, dispose: () => text.dispose() };
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
