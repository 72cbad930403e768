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
import { type ObjectHandlers, objectHandlers } from './object-handlers.ts';
import { createRuns } from './runs.ts';
import type { Sessions } from './session-handlers.ts';
import { createTasks } from './tasks.ts';
import { type TextHandlers, textHandlers } from './text-handlers.ts';
import type { Views } from './view-handlers.ts';

type ToEditorOf = (client: number, message: ToEditor) => void;

/** The editor is told how a context is handled: when it is opened, and when that changes. */
export const announceGuards = (contexts: Contexts, guards: Guards, toEditor: ToEditorOf) => {
  const told = new Map<string, string>();
  const tell = (context: string): void => {
    const guard = guards.of(context);
    const text = JSON.stringify(guard);
    const before = told.get(context) ?? JSON.stringify({ mode: 'open' });
    told.set(context, text);
    if (text !== before) toEditor(1, { type: 'guard', context, ...guard });
  };
  const announced: Contexts = {
    ...contexts,
    open: async (name) => {
      const context = await contexts.open(name);
      tell(context.name);
      return context;
    },
  };
  return { contexts: announced, tellAll: () => [...told.keys()].forEach(tell) };
};

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
  readonly toEditor: ToEditorOf;
};

export const guardsOf = (rules: () => readonly GuardRule[] | undefined): Guards => createGuards(() => rules() ?? []);

/** Everything that changes a cluster, and what is written down of it. */
export const writeServices = (
  options: WriteServicesOptions,
): ActionHandlers & ApplyHandlers & JournalHandlers & ObjectHandlers & TextHandlers & Pick<Handlers, 'guards.set'> => {
  const { env, guards, tellGuards, toEditor } = options;
  const say = (level: 'info' | 'warn' | 'error', text: string): void => toEditor(1, { type: 'notify', level, text });
  const keeper = createKeeper({ folder: stateFolder(env), warn: (text) => say('warn', text) });
  const runs = createRuns(toEditor);
  const tasks = createTasks((ok, text) => say(ok ? 'info' : 'error', text));
  const all = { ...options, keeper, runs, tasks };
  return {
    ...actionHandlers(all),
    ...applyHandlers(all),
    ...journalHandlers(all),
    ...objectHandlers(all),
    ...textHandlers(all),
    'guards.set': ({ guards: rules }) => {
      guards.set(rules);
      tellGuards();
      return null;
    },
  };
};
