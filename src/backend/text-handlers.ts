import type { TextKind } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { RolloutOptions } from '../sessions/rollout.ts';
import type { Session } from '../sessions/text-view.ts';
import type { Clock } from '../util/clock.ts';
import type { Natives } from './natives.ts';
import type { Sessions } from './session-handlers.ts';
import type { Tasks } from './tasks.ts';

export type TextHandlers = Pick<Handlers, 'text.open' | 'task.open' | 'task.cancel'>;

export type TextOptions = {
  readonly sessions: Sessions;
  readonly natives: Natives;
  readonly tasks: Tasks;
  readonly clock: Clock;
};

/** Those that take kubectl's own code. */
const openers: Readonly<Record<Exclude<TextKind, 'references'>, (options: RolloutOptions) => Promise<Session>>> = {
  'rollout-history': async (options) => (await import('../sessions/rollout.ts')).openRolloutHistory(options),
  'rollout-diff': async (options) => (await import('../sessions/rollout.ts')).openRolloutDiff(options),
  'rollout-status': async (options) => (await import('../sessions/rollout.ts')).openRolloutStatus(options),
};

export const textHandlers = ({ sessions, natives, tasks, clock }: TextOptions): TextHandlers => {
  const watched = new Map<string, number>();
  return {
    'text.open': ({ view, source, what }, client) =>
      sessions.open(source, view, client, async ({ context, target }, textView) => {
        if (what === 'references') {
          const { openReferences } = await import('../sessions/references.ts');
          return openReferences({ target, view: textView, transport: await context.transport(), clock });
        }
        const native = () => natives.client(context);
        await native();
        const transport = await context.transport();
        return await openers[what]({ target, view: textView, transport, clock, client: native });
      }),
    'task.open': ({ view, task }, client) => {
      watched.set(`${client}:${view}`, task);
      return sessions.openText(client, view, (textView) => tasks.watch(task, textView));
    },
    'task.cancel': ({ view }, client) => {
      const task = watched.get(`${client}:${view}`);
      if (task !== undefined) tasks.cancel(task);
      return null;
    },
  };
};
