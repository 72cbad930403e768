import type { ActionResult } from '../protocol/wire.ts';
import type { Session, SessionState, TextView } from '../sessions/text-view.ts';
import { asClusterError, ClusterError } from '../util/error.ts';

/** What a task gets from who runs it. */
export type TaskWork = (
  signal: AbortSignal,
  /** Replaces what is shown of its object number `index`. */
  show: (index: number, lines: readonly string[]) => void,
) => Promise<readonly ActionResult[]>;

/** Work that takes minutes. It goes on when nobody looks, and tells its end then. */
export interface Tasks {
  /** `client` asked for it, and is told its end where nobody looks. */
  start(client: number, title: string, work: TaskWork): number;
  /** A text that follows it. */
  watch(task: number, view: TextView): Session;
  cancel(task: number): void;
  dispose(): void;
}

type Task = {
  readonly client: number;
  readonly title: string;
  readonly abort: AbortController;
  readonly sections: string[][];
  readonly views: Set<TextView>;
  ending: readonly string[];
  state: Partial<SessionState>;
};

const REMEMBERED = 20;

const running: Partial<SessionState> = { phase: 'live', right: '● running   <C-c> cancels', style: 'KubectlPending' };

const resultLines = (results: readonly ActionResult[]): readonly string[] => [
  '',
  ...results.flatMap(({ ok, object, message, undo }) => [
    `${ok ? '✓' : '✗'} ${object}: ${message}`,
    ...(undo === undefined ? [] : [`  undo: ${undo}`]),
  ]),
];

export const createTasks = (tell: (client: number, ok: boolean, text: string) => void): Tasks => {
  const tasks = new Map<number, Task>();
  let last = 0;

  const draw = (task: Task, view: TextView): void => {
    const lines = [...task.sections.flat(), ...task.ending].flatMap((line) => line.split('\n'));
    view.set(lines);
    view.state({ left: task.title, middle: '', shown: lines.length, total: lines.length, ...task.state });
  };
  const drawAll = (task: Task): void => {
    for (const view of task.views) draw(task, view);
  };

  const end = (task: Task, results: readonly ActionResult[]): void => {
    const ok = results.every((result) => result.ok);
    task.ending = resultLines(results);
    const right = ok ? '✓ done' : task.abort.signal.aborted ? '✕ cancelled' : '✕ failed';
    task.state = { phase: 'ended', right, style: ok ? 'KubectlOk' : 'KubectlError' };
    drawAll(task);
    if (task.views.size === 0) tell(task.client, ok, [`${task.title}: ${right}`, ...task.ending].join('\n'));
  };

  /** Those that ended and nobody looks at, but for the newest. */
  const forget = (): void => {
    const over = [...tasks].filter(([, { state, views }]) => state.phase === 'ended' && views.size === 0);
    for (const [id] of over.slice(0, -REMEMBERED)) tasks.delete(id);
  };

  const find = (id: number): Task => {
    const task = tasks.get(id);
    if (task !== undefined) return task;
    throw new ClusterError('not-found', 'this ended with the backend that ran it', {
      hint: 'The journal (:Kubectl journal) has what was done; nothing is done again by itself.',
    });
  };

  return {
    start: (client, title, work) => {
      last += 1;
      forget();
      const task: Task = {
        client,
        title,
        abort: new AbortController(),
        sections: [],
        views: new Set(),
        ending: [],
        state: running,
      };
      tasks.set(last, task);
      const show = (index: number, lines: readonly string[]): void => {
        task.sections[index] = [...lines];
        drawAll(task);
      };
      work(task.abort.signal, show)
        .catch((thrown): readonly ActionResult[] => [
          { object: title, ok: false, message: asClusterError(thrown).message },
        ])
        .then((results) => end(task, results));
      return last;
    },
    watch: (id, view) => {
      const task = find(id);
      task.views.add(view);
      draw(task, view);
      return {
        opened: { title: task.title, filetype: 'k8s_task' },
        dispose: () => {
          task.views.delete(view);
        },
      };
    },
    cancel: (id) => find(id).abort.abort(),
    dispose: () => {
      for (const { abort } of tasks.values()) abort.abort();
    },
  };
};
