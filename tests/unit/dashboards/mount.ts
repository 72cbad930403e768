import './colour.ts';
import type { Dashboard, JsonRequest, JsonSource, Theme } from '../../../src/dashboards/dashboard.ts';
import { createInstance, type Instance } from '../../../src/dashboards/instance.ts';
import type { CommandPlan } from '../../../src/protocol/wire.ts';
import { type Clock, systemClock } from '../../../src/util/clock.ts';
import { Screen } from './screen.ts';

export type Mounted = Instance & {
  readonly screen: Screen;
  readonly opened: CommandPlan[];
  readonly ended: (string | undefined)[];
  /** While `blocked` it does not answer frames; `unanswered` is the last one it then got. */
  readonly editor: { blocked: boolean; unanswered: number };
  /** Waits until the screen's text passes. */
  until(test: (text: string) => boolean): Promise<void>;
  /** Waits until nothing was drawn for a while. */
  quiet(): Promise<void>;
};

export type MountOptions = {
  readonly columns: number;
  readonly rows: number;
  readonly args?: Readonly<Record<string, string>>;
  readonly theme?: Theme;
  readonly source?: JsonSource;
  readonly clock?: Clock;
};

const noSource: JsonSource = {
  json: (request: JsonRequest) => Promise.reject(new Error(`nothing answers ${request.path}`)),
};

/** A dashboard on a real Ink, drawn on a terminal of ours that answers each frame. */
export const mount = (dashboard: Dashboard, options: MountOptions): Mounted => {
  const { columns, rows, args = {}, theme = {}, source = noSource, clock = systemClock } = options;
  const screen = new Screen(columns, rows);
  const opened: CommandPlan[] = [];
  const ended: (string | undefined)[] = [];
  const waiting = new Set<() => void>();
  const editor = { blocked: false, unanswered: 0 };
  const instance = createInstance({
    ...{ dashboard, args, columns, rows, theme, source, clock },
    open: (plan) => opened.push(plan),
    onEnd: (message) => ended.push(message),
    send: (seq, data) => {
      screen.write(data);
      for (const check of [...waiting]) check();
      if (editor.blocked) editor.unanswered = seq;
      else queueMicrotask(() => instance.ack(seq));
    },
  });
  return {
    ...instance,
    editor,
    screen,
    opened,
    ended,
    resize: (newColumns, newRows) => {
      screen.resize(newColumns, newRows);
      instance.resize(newColumns, newRows);
    },
    until: (test) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`the screen never passed; it is\n${screen.text()}`));
        }, 3000);
        const check = (): void => {
          if (!test(screen.text())) return;
          waiting.delete(check);
          clearTimeout(timer);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    quiet: async () => {
      for (let frames = -1; frames !== screen.frames; ) {
        frames = screen.frames;
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    },
  };
};
