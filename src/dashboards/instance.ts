import { render } from 'ink';
import { createElement } from 'react';
import type { CommandPlan } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import type { Dashboard, JsonSource, Theme } from './dashboard.ts';
import { FrameOut } from './frame-out.ts';
import { KeyIn } from './key-in.ts';

export interface Instance {
  key(keys: string): void;
  resize(columns: number, rows: number): void;
  ack(seq: number): void;
  /** Ends it without a word; idempotent. */
  dispose(): void;
}

export type InstanceOptions = {
  readonly dashboard: Dashboard;
  readonly args: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
  readonly theme: Theme;
  readonly clock: Clock;
  readonly source: JsonSource;
  readonly send: (seq: number, data: string) => void;
  readonly open: (plan: CommandPlan) => void;
  /** It ended by itself: `message` says why, unless the user closed it. */
  readonly onEnd: (message?: string) => void;
};

/** One dashboard drawn by Ink on streams of ours. */
export const createInstance = (options: InstanceOptions): Instance => {
  const { dashboard, args, columns, rows, theme, clock, source, open } = options;
  const stdout = new FrameOut({ columns, rows, clock, send: options.send });
  const stdin = new KeyIn();
  let ended = false;
  const end = (): boolean => {
    if (ended) return false;
    ended = true;
    stdout.dispose();
    ink.unmount();
    stdin.dispose();
    return true;
  };
  const close = (): void => {
    // After the key handler that asked for it, which Ink runs inside a React update.
    queueMicrotask(() => {
      if (end()) options.onEnd();
    });
  };
  const ink = render(createElement(dashboard.component, { args, theme, clock, source, open, close }), {
    stdout,
    stdin,
    stderr: stdout,
    // One complete frame a write: the difference is made by FrameOut.
    debug: true,
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  ink.waitUntilExit().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    if (end()) options.onEnd(`The dashboard ${dashboard.name} failed while drawing: ${why}. Open it again.`);
  });
  return {
    key: (keys) => stdin.feed(keys),
    resize: (newColumns, newRows) => stdout.resize(newColumns, newRows),
    ack: (seq) => stdout.ack(seq),
    dispose: () => void end(),
  };
};
