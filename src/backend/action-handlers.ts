import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import type { Clients } from './clients.ts';
import type { Views } from './view-handlers.ts';

export type ActionHandlers = Pick<Handlers, 'action.menu' | 'action.plan' | 'action.run'>;
export const actionSummaries = (): readonly { id: string; title: string; key: string }[] => [];
const none = () => {
  throw new ClusterError('unsupported', 'no actions yet');
};
export const actionHandlers = (_o: { clients: Clients; views: Views; clock: Clock }): ActionHandlers => ({
  'action.menu': () => ({ actions: [] }),
  'action.plan': none,
  'action.run': none,
});
