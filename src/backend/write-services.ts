import { stateFolder } from '../journal/state-file.ts';
import type { GuardRule, ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { type ActionHandlers, actionHandlers } from './action-handlers.ts';
import { type ApplyHandlers, applyHandlers } from './apply-handlers.ts';
import type { Clients } from './clients.ts';
import type { Contexts } from './contexts.ts';
import { createGuards, type Guards } from './guards.ts';
import { type JournalHandlers, journalHandlers } from './journal-handlers.ts';
import { createKeeper } from './keeper.ts';
import type { Natives } from './natives.ts';
import type { ShellKeeper } from './node-shells.ts';
import { type ObjectHandlers, objectHandlers } from './object-handlers.ts';
import { createRuns } from './runs.ts';
import type { Sessions } from './session-handlers.ts';
import { type TableEditHandlers, tableEditHandlers } from './table-edit-handlers.ts';
import { createTasks } from './tasks.ts';
import { type TextHandlers, textHandlers } from './text-handlers.ts';
import type { Views } from './view-handlers.ts';

type ToEditorOf = (client: number, message: ToEditor) => void;

export type WriteServicesOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly contexts: Contexts;
  readonly clients: Clients;
  readonly views: Views;
  readonly sessions: Sessions;
  readonly natives: Natives;
  readonly guards: Guards;
  /** Tells the editor again how contexts are handled. */
  readonly tellGuards: () => void;
  /** The kubectl program, where one is needed. */
  readonly kubectl: () => Promise<string | undefined>;
  readonly shells: ShellKeeper['shells'];
  readonly toEditor: ToEditorOf;
};

export const guardsOf = (rules: () => readonly GuardRule[] | undefined): Guards => createGuards(() => rules() ?? []);

/** Everything that changes a cluster, and what is written down of it. */
export const writeServices = (
  options: WriteServicesOptions,
): ActionHandlers &
  ApplyHandlers &
  JournalHandlers &
  ObjectHandlers &
  TableEditHandlers &
  TextHandlers &
  Pick<Handlers, 'guards.set'> => {
  const { env, clients, guards, tellGuards, toEditor } = options;
  const warn = (text: string): void => {
    for (const client of clients.all()) toEditor(client, { type: 'notify', level: 'warn', text });
  };
  const keeper = createKeeper({ folder: stateFolder(env), warn });
  const runs = createRuns(toEditor);
  const tasks = createTasks((client, ok, text) =>
    toEditor(client, { type: 'notify', level: ok ? 'info' : 'error', text }),
  );
  const all = { ...options, keeper, runs, tasks };
  return {
    ...actionHandlers(all),
    ...applyHandlers(all),
    ...journalHandlers(all),
    ...objectHandlers(all),
    ...tableEditHandlers(all),
    ...textHandlers(all),
    'guards.set': ({ guards: rules }) => {
      guards.set(rules);
      tellGuards();
      return null;
    },
  };
};
