import { fileURLToPath } from 'node:url';
import { watchKubeconfig } from '../cluster/kubeconfig-watch.ts';
import type { ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import { systemClock } from '../util/clock.ts';
import type { Greeting, ServicesOptions } from './backend.ts';
import { type Clients, createClients } from './clients.ts';
import { commandHandlers } from './command-handlers.ts';
import { contextHandlers } from './context-handlers.ts';
import { type Contexts, createContexts, usable } from './contexts.ts';
import { dashboardHandlers } from './dashboard-handlers.ts';
import { exportHandlers } from './export-handlers.ts';
import { guardNews } from './guards.ts';
import { healthHandlers } from './health-handlers.ts';
import { createLoginWaits } from './login-waits.ts';
import { createNatives } from './natives.ts';
import { nodeShellServices } from './node-shell-services.ts';
import { findProgram } from './program.ts';
import { createSessions, relatedHandler, type Sessions } from './session-handlers.ts';
import { Views } from './view-handlers.ts';
import { guardsOf, writeServices } from './write-services.ts';

export type Services = {
  readonly handlers: Omit<Handlers, 'hello'>;
  /** The editor is gone: what must not outlive it goes. */
  readonly end: () => Promise<void>;
};

const dashboardsOf = ({ root, toEditor }: ServicesOptions, contexts: Contexts, clients: Clients) =>
  dashboardHandlers({
    workerUrl: new URL('dist/dashboards.js', root),
    clock: systemClock,
    clients,
    toEditor,
    clientFor: async (name, stale) => {
      const context = await contexts.open(name);
      return await (stale === undefined ? context.spec() : context.renew(stale));
    },
  });

/** Frames are of texts, which main sends, or of tables, which their engine does. */
const frameHandlers = (sessions: Sessions, views: Views): Pick<Handlers, 'view.ack' | 'view.resend'> => ({
  'view.ack': (params, client) =>
    sessions.ack(client, params.view, params.seq, params.gen) ? null : views.handlers['view.ack'](params, client),
  'view.resend': (params, client) =>
    sessions.resend(client, params.view) ? null : views.handlers['view.resend'](params, client),
});

const loginWaits = ({ toEditor, log }: ServicesOptions, contexts: Contexts) =>
  createLoginWaits({
    clock: systemClock,
    entry: contexts.entry,
    reopen: (client, view) => toEditor(client, { type: 'reopen', view }),
    watch: (paths, since, onChange) => watchKubeconfig({ paths, since, clock: systemClock, onChange, onLog: log }),
  });

/** Everything behind the wire, wired. */
export const createServices = (options: ServicesOptions, greeting: () => Greeting | undefined): Services => {
  const { root, env, toEditor, log, workers } = options;
  const clock = systemClock;
  const program = (): string => greeting()?.kubectl || 'kubectl';
  const path = env.PATH ?? '';
  const kubectl = () => findProgram(program(), path);
  const bootstrap = [process.execPath, fileURLToPath(new URL('src/tools/bootstrap.cjs', root))];
  const guards = guardsOf(() => greeting()?.guards);
  const tellAll = (message: ToEditor): void => {
    for (const client of clients.all()) toEditor(client, message);
  };
  const inform = (text: string): void => tellAll({ type: 'notify', level: 'info', text });
  const contexts = createContexts({
    env,
    clock,
    workers,
    toEditor,
    ambiwidth: () => greeting()?.ambiwidth ?? 'single',
    fallback: () => greeting()?.namespaceFallback ?? [],
    onEngineEnd: (context, reason) => {
      log(`engine ${context.name} ended: ${reason}`);
      views.engineEnded(context, reason);
    },
    onRetired: (context, problem) => {
      views.retired(context, problem);
      natives.forget(context);
    },
    onClosed: (context) => natives.forget(context),
    onOpened: ({ name }) => logins.opened(name),
    onWritten: (config) => logins.written(usable(config)),
    onKubeconfig: (config, problems) => {
      views.contextsChanged(usable(config));
      tellAll({ type: 'completion', data: { contexts: [...config.contexts.keys()] } });
      for (const text of problems) tellAll({ type: 'notify', level: 'warn', text });
    },
    onWait: inform,
    onLog: log,
  });
  const news = guardNews(guards, toEditor);
  const clients = createClients(contexts, (client, name) => {
    news.tell(client, name);
    nodeShells.used(name);
  });
  const nodeShells = nodeShellServices({
    ...{ env, clock, contexts, clients, toEditor, log, kubectl },
    wishes: () => greeting()?.nodeShell,
  });
  const logins = loginWaits(options, contexts);
  const views = new Views({ clients, clock, toEditor, logins });
  const natives = createNatives({ root: fileURLToPath(root), program: kubectl, say: inform });
  const sessions = createSessions({ clients, views, natives, clock, toEditor });
  return {
    handlers: {
      ...contextHandlers(contexts, clients, toEditor),
      ...views.handlers,
      ...commandHandlers({ contexts, clients, env, path, program, bootstrap, guards }),
      ...healthHandlers({ contexts, clients, natives, clock, path, program, version: options.version }),
      ...exportHandlers(views),
      ...sessions.handlers,
      ...frameHandlers(sessions, views),
      'view.related': relatedHandler(sessions, views),
      ...writeServices({
        ...{ env, clock, contexts, clients, views, sessions, natives, guards, tellGuards: news.tellAll, toEditor },
        kubectl,
        shells: nodeShells.shells,
      }),
      ...dashboardsOf(options, contexts, clients),
      ...nodeShells.handlers,
    },
    end: nodeShells.dispose,
  };
};
