import { fileURLToPath } from 'node:url';
import { createDashboardHost } from '../dashboards/host.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import { systemClock } from '../util/clock.ts';
import { actionHandlers } from './action-handlers.ts';
import type { Greeting, ServicesOptions } from './backend.ts';
import { createClients } from './clients.ts';
import { commandHandlers } from './command-handlers.ts';
import { contextHandlers } from './context-handlers.ts';
import { createContexts } from './contexts.ts';
import { dashboardHandlers } from './dashboard-handlers.ts';
import { healthHandlers } from './health-handlers.ts';
import { createNatives } from './natives.ts';
import { createSessions } from './session-handlers.ts';
import { Views } from './view-handlers.ts';

export type Services = { readonly handlers: Omit<Handlers, 'hello'> };

/** Everything behind the wire, wired. */
export const createServices = (options: ServicesOptions, greeting: () => Greeting | undefined): Services => {
  const { root, env, toEditor, log, workers } = options;
  const clock = systemClock;
  const program = (): string => greeting()?.kubectl || 'kubectl';
  const path = env.PATH ?? '';
  const bootstrap = [process.execPath, fileURLToPath(new URL('src/tools/bootstrap.cjs', root))];
  const contexts = createContexts({
    env,
    clock,
    workers,
    toEditor,
    fallback: () => greeting()?.namespaceFallback ?? [],
    onEngineEnd: (context, reason) => {
      log(`engine ${context} ended: ${reason}`);
      views.engineEnded(context, reason);
    },
  });
  const clients = createClients(contexts);
  const views = new Views(clients, toEditor);
  const natives = createNatives({ root: fileURLToPath(root), program });
  const sessions = createSessions({ clients, views, natives, clock, toEditor });
  const dashboards = createDashboardHost({
    workerUrl: new URL('dist/dashboards.js', root),
    clock,
    emit: (message) => toEditor(1, message),
    clientFor: async (name, stale) => {
      const context = await contexts.open(name);
      return await (stale === undefined ? context.spec() : context.renew(stale));
    },
    currentContext: () => '',
  });
  return {
    handlers: {
      ...contextHandlers(contexts, clients, toEditor),
      ...views.handlers,
      ...commandHandlers({ contexts, clients, env, path, program, bootstrap }),
      ...healthHandlers({ contexts, clients, natives, clock, path, program, version: options.version }),
      ...sessions.handlers,
      'view.ack': (params, client) =>
        sessions.ack(client, params.view, params.seq, params.gen) ? null : views.handlers['view.ack'](params, client),
      'view.resend': (params, client) =>
        sessions.resend(client, params.view) ? null : views.handlers['view.resend'](params, client),
      ...actionHandlers({ clients, views, clock }),
      ...dashboardHandlers(dashboards, clients),
    },
  };
};
