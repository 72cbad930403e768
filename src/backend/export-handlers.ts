import type { Handlers } from '../rpc/dispatch.ts';
import { exportObjects } from '../sessions/export.ts';
import type { Views } from './view-handlers.ts';

/** Whole objects behind rows: tables do not keep them, so they are read when somebody takes them. */
export const exportHandlers = (views: Views): Pick<Handlers, 'view.objects'> => ({
  'view.objects': async ({ view, keys, format }, client) => {
    const context = views.contextOf(client, view);
    const { targets } = await views.engineOf(client, view).call('view.targets', { view, keys }, client);
    const { lines, missing } = await exportObjects(targets, format, await context.transport());
    return { lines, missing: missing + keys.length - targets.length };
  },
});
