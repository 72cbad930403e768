import type { NativeClient } from '../native/types.ts';
import type { Target } from '../protocol/resource.ts';
import type { LogOptions, Opened, Source, ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Session, TextView } from '../sessions/text-view.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import type { Clients, Standing } from './clients.ts';
import type { OpenContext } from './contexts.ts';
import type { Natives } from './natives.ts';
import { createTextLines, type TextLines } from './text-lines.ts';
import type { Views } from './view-handlers.ts';

export type SessionHandlers = Pick<Handlers, 'describe.open' | 'yaml.open' | 'logs.open' | 'session.close'>;

export type SessionsOptions = {
  readonly clients: Clients;
  readonly views: Views;
  readonly natives: Natives;
  readonly clock: Clock;
  readonly toEditor: (client: number, message: ToEditor) => void;
};

/** Text buffers with something live behind them: describe, YAML, logs. */
export interface Sessions {
  readonly handlers: SessionHandlers;
  /** False when the view is none of ours. */
  ack(client: number, view: number, seq: number, gen: number): boolean;
  resend(client: number, view: number): boolean;
  close(client: number, view: number): boolean;
}

type Describer = Pick<NativeClient, 'describe'>;

type Found = { readonly context: OpenContext; readonly target: Target };

/** `session` is undefined while it is being opened. */
type Open = { readonly text: TextLines; session: Session | undefined };

const byName = async (source: Extract<Source, { name: string }>, { context, namespaces }: Standing): Promise<Found> => {
  const resource = await context.engine.call('find', { typed: source.resource });
  const [first = context.namespace] = namespaces;
  const namespace = resource.namespaced ? (source.namespace ?? first) : '';
  return { context, target: { context: context.name, resource, namespace, name: source.name } };
};

/** The object a source means: by row through the view's engine, by name through discovery. */
const findTarget = async (source: Source, client: number, { clients, views }: SessionsOptions): Promise<Found> => {
  if ('name' in source) return await byName(source, await clients.standing(client, source.context));
  const { context } = await clients.standing(client, views.contextOf(client, source.view));
  const { targets } = await context.engine.call('view.targets', { view: source.view, keys: [source.key] }, client);
  const [target] = targets;
  if (target !== undefined) return { context, target };
  throw new ClusterError('not-found', 'this object is gone', { hint: 'The table shows what is there now.' });
};

/** The logs of a container's row are the container's. */
const ofContainer = (options: LogOptions, { container }: Target): LogOptions =>
  container === undefined || options.container !== undefined ? options : { ...options, container };

export const createSessions = (options: SessionsOptions): Sessions => {
  const { natives, clock, toEditor } = options;
  const sessions = new Map<string, Open>();
  const keyOf = (client: number, view: number): string => `${client}:${view}`;

  const close = (client: number, view: number): boolean => {
    const open = sessions.get(keyOf(client, view));
    sessions.delete(keyOf(client, view));
    open?.text.close();
    open?.session?.dispose();
    return open !== undefined;
  };

  type Starter = (found: Found, view: TextView) => Session | Promise<Session>;
  const open = async (source: Source, view: number, client: number, start: Starter): Promise<Opened> => {
    close(client, view);
    const text = createTextLines({ view, clock, send: (message) => toEditor(client, message) });
    const open: Open = { text, session: undefined };
    sessions.set(keyOf(client, view), open);
    try {
      const session = await start(await findTarget(source, client, options), text.view);
      open.session = session;
      if (sessions.get(keyOf(client, view)) === open) return session.opened;
      session.dispose();
      throw new ClusterError('cancelled', 'the buffer was closed while it was being opened');
    } catch (thrown) {
      if (sessions.get(keyOf(client, view)) === open) sessions.delete(keyOf(client, view));
      text.close();
      throw thrown;
    }
  };

  return {
    ack: (client, view, seq, gen) => {
      const found = sessions.get(keyOf(client, view));
      found?.text.ack(seq, gen);
      return found !== undefined;
    },
    resend: (client, view) => {
      const found = sessions.get(keyOf(client, view));
      found?.text.resend();
      return found !== undefined;
    },
    close,
    handlers: {
      'describe.open': ({ view, source }, client) =>
        open(source, view, client, async ({ context, target }, textView) => {
          await natives.client(context);
          // Asked for at each reading: the credential may have been renewed since the last one.
          const describer: Describer = {
            describe: async (object, described) => (await natives.client(context)).describe(object, described),
          };
          const { openDescribe } = await import('../sessions/describe.ts');
          return openDescribe({ target, view: textView, transport: await context.transport(), clock, describer });
        }),
      'yaml.open': ({ view, source }, client) =>
        open(source, view, client, async ({ context, target }, textView) => {
          const { openYaml } = await import('../sessions/yaml.ts');
          return openYaml({ target, view: textView, transport: await context.transport(), clock });
        }),
      'logs.open': ({ view, source, options: logOptions }, client) =>
        open(source, view, client, async ({ context, target }, textView) => {
          const { openLogs } = await import('../sessions/logs.ts');
          return openLogs({ target, options: ofContainer(logOptions, target), view: textView, transport: await context.transport(), clock });
        }),
      'session.close': ({ view }, client) => {
        close(client, view);
        return null;
      },
    },
  };
};
