import { planRevert, runRevert } from '../actions/revert.ts';
import type { Entry } from '../journal/journal.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { abilityIn } from './action-handlers.ts';
import type { Contexts } from './contexts.ts';
import type { Guards } from './guards.ts';
import type { Keeper } from './keeper.ts';
import type { Natives } from './natives.ts';
import type { Runs } from './runs.ts';
import type { Sessions } from './session-handlers.ts';

export type JournalHandlers = Pick<Handlers, 'journal.open' | 'journal.entry' | 'journal.plan' | 'journal.revert'>;

export type JournalOptions = {
  readonly contexts: Contexts;
  readonly sessions: Sessions;
  readonly guards: Guards;
  readonly keeper: Keeper;
  readonly natives: Natives;
  readonly runs: Runs;
  readonly clock: Clock;
};

/** An entry is taken back where it was done, whatever context is in use now. */
const contextOf = (entries: readonly Entry[]): string => {
  const [first] = entries;
  if (first === undefined) throw new ClusterError('not-found', 'the journal has no such entry');
  const other = entries.find(({ context }) => context !== first.context);
  if (other === undefined) return first.context;
  throw new ClusterError('invalid', `these were done in several contexts: ${first.context} and ${other.context}`, {
    hint: 'Take them back context by context.',
  });
};

export const journalHandlers = (options: JournalOptions): JournalHandlers => {
  const { contexts, sessions, guards, keeper, natives, runs, clock } = options;
  const resolve = async (ids: readonly number[]) => {
    const journal = await keeper.journal();
    const entries = ids.flatMap((id) => journal.read(id) ?? []);
    const context = await contexts.open(contextOf(entries));
    return { journal, entries, ability: await abilityIn(context, natives, clock) };
  };
  return {
    'journal.open': ({ view }, client) =>
      sessions.openText(client, view, async (textView) => {
        const { openJournal } = await import('../sessions/journal-text.ts');
        return openJournal(textView, await keeper.journal(), clock);
      }),
    'journal.entry': ({ view, entry }, client) =>
      sessions.openText(client, view, async (textView) => {
        const { openEntry } = await import('../sessions/journal-text.ts');
        return await openEntry(textView, await keeper.journal(), entry);
      }),
    'journal.plan': async ({ entries: ids }) => {
      const { entries, ability } = await resolve(ids);
      const { mode: guard } = guards.of(ability.context);
      return await planRevert(entries, ability, { guard, unjournaled: await keeper.problem() });
    },
    'journal.revert': async ({ entries: ids, how: { run, dryRun, typed, unjournaled = false } }, client) => {
      const { journal, entries, ability } = await resolve(ids);
      const how = {
        dryRun,
        typed,
        guard: guards.of(ability.context).mode,
        recorder: dryRun ? undefined : await keeper.recorder(unjournaled),
        onReverted: (id: number, by: number) => journal.reverted(id, by),
      };
      const results = await runs.run(client, run, (signal) => runRevert(entries, { ...how, signal }, ability));
      return { results };
    },
  };
};
