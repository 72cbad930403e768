import { discover } from '../cluster/discovery.ts';
import type { NativeClient } from '../native/types.ts';
import type { Target } from '../protocol/resource.ts';
import type { LogOptions, Opened, Source, ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Session, TextView } from '../sessions/text-view.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import type { Clients, Standing } from './clients.ts';
import type { Natives } from './natives.ts';
import type { OpenContext } from './open-context.ts';
import { createTexts, type Texts } from './texts.ts';
import type { Views } from './view-handlers.ts';

export type SessionHandlers = Pick<Handlers, 'describe.open' | 'describe.link' | 'logs.open' | 'session.close'>;

export type SessionsOptions = {
  readonly clients: Clients;
  readonly views: Views;
  readonly natives: Natives;
  readonly clock: Clock;
  readonly toEditor: (client: number, message: ToEditor) => void;
};

/** Text buffers with something live behind them: describe, objects, logs. */
export interface Sessions extends Texts {
  readonly handlers: SessionHandlers;
  /** A text about one object, in whose context it keeps open. */
  open(source: Source, view: number, client: number, start: Starter): Promise<Opened>;
  /** The object a text is about, by its uid; undefined where the view is none of ours. Throws before it was read. */
  foundOf(client: number, view: number): Found | undefined;
}

type Starter = (found: Found, view: TextView) => Session | Promise<Session>;

type Describer = Pick<NativeClient, 'describe'>;

export type Found = { readonly context: OpenContext; readonly target: Target };

const byName = async (source: Extract<Source, { name: string }>, { context, namespaces }: Standing): Promise<Found> => {
  const resource = await context.engine.call('find', { typed: source.resource });
  const [first = context.namespace] = namespaces;
  const namespace = resource.namespaced ? (source.namespace ?? first) : '';
  return { context, target: { context: context.name, resource, namespace, name: source.name } };
};

/** The object a source means: by row through the view's engine, by name through discovery. */
const findTarget = async (
  source: Source,
  client: number,
  { clients, views }: SessionsOptions,
  foundOf: Sessions['foundOf'],
): Promise<Found> => {
  if ('name' in source) return await byName(source, await clients.standing(client, source.context));
  const own = foundOf(client, source.view);
  if (own !== undefined) return own;
  const context = views.contextOf(client, source.view);
  const engine = views.engineOf(client, source.view);
  const { targets } = await engine.call('view.targets', { view: source.view, keys: [source.key] }, client);
  const [target] = targets;
  if (target !== undefined) return { context, target };
  throw new ClusterError('not-found', 'this object is gone', { hint: 'The table shows what is there now.' });
};

const notOpen = (): never => {
  throw new ClusterError('not-found', 'this text is not open in the backend', { hint: 'gr opens it again.' });
};

/** The logs of a container's row are the container's. */
const ofContainer = (options: LogOptions, { container }: Target): LogOptions =>
  container === undefined || options.container !== undefined ? options : { ...options, container };

/** A session that keeps its context open for as long as it lives. */
const holding = async (context: OpenContext, start: () => Session | Promise<Session>): Promise<Session> => {
  const release = context.hold();
  try {
    const session = await start();
    return {
      opened: session.opened,
      ...(session.uid !== undefined && { uid: session.uid }),
      dispose: () => {
        session.dispose();
        release();
      },
    };
  } catch (thrown) {
    release();
    throw thrown;
  }
};

export const createSessions = (options: SessionsOptions): Sessions => {
  const { natives, clock } = options;
  const texts = createTexts(options);

  const about = new Map<string, Found & { readonly session: Session }>();

  const foundOf: Sessions['foundOf'] = (client, view) => {
    const found = about.get(`${client}:${view}`);
    if (found === undefined) return undefined;
    const { context, target, session } = found;
    const uid = session.uid === undefined ? target.uid : session.uid();
    if (uid !== undefined) return { context, target: { ...target, uid } };
    throw new ClusterError('not-found', `${target.name} is not there, or not read yet.`, { hint: 'Nothing was done.' });
  };

  const open = (source: Source, view: number, client: number, start: Starter): Promise<Opened> =>
    texts.openText(client, view, async (textView) => {
      const found = await findTarget(source, client, options, foundOf);
      const session = await holding(found.context, () => start(found, textView));
      const key = `${client}:${view}`;
      const entry = { ...found, session };
      about.set(key, entry);
      return {
        opened: { ...session.opened, context: found.context.name },
        dispose: () => {
          if (about.get(key) === entry) about.delete(key);
          session.dispose();
        },
      };
    });

  return {
    ...texts,
    open,
    foundOf,
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
      'logs.open': ({ view, source, options: logOptions }, client) =>
        open(source, view, client, async ({ context, target }, textView) => {
          const { openLogs } = await import('../sessions/logs.ts');
          return openLogs({
            target,
            options: ofContainer(logOptions, target),
            view: textView,
            transport: await context.transport(),
            clock,
          });
        }),
      'describe.link': async ({ view, before, line, word }, client) => {
        const { context, target } = foundOf(client, view) ?? notOpen();
        const { describeLinks } = await import('../sessions/describe-links.ts');
        const links = describeLinks(line, before, target.namespace, await discover(await context.transport()));
        const link = links.find(({ name }) => word.includes(name)) ?? links[0];
        return link === undefined ? {} : { source: { ...link, context: context.name } };
      },
      'session.close': ({ view }, client) => {
        texts.close(client, view);
        return null;
      },
    },
  };
};

/** What belongs to a row, or to the object a text is about. */
export const relatedHandler =
  (sessions: Sessions, views: Views): Handlers['view.related'] =>
  async (params, client) => {
    const own = sessions.foundOf(client, params.view);
    if (own === undefined) return await views.handlers['view.related'](params, client);
    const { view, what } = params;
    return await own.context.engine.call('related', { view, what, target: own.target }, client);
  };
