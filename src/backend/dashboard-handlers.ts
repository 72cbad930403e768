import type { DashboardHost } from '../dashboards/host.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clients } from './clients.ts';

export type DashboardHandlers = Pick<
  Handlers,
  'dashboard.open' | 'dashboard.key' | 'dashboard.resize' | 'dashboard.ack' | 'dashboard.close'
>;

const quietly = <P>(act: (params: P) => void) => {
  return (params: P): null => {
    act(params);
    return null;
  };
};

export const dashboardHandlers = (host: DashboardHost, clients: Clients): DashboardHandlers => ({
  'dashboard.open': async (params, client) => {
    const { context, namespaces } = await clients.standing(client, params.args.context);
    const args = { namespaces: namespaces.join(','), ...params.args, context: context.name };
    return await host.open({ ...params, args });
  },
  'dashboard.key': quietly(host.key),
  'dashboard.resize': quietly(host.resize),
  'dashboard.ack': quietly(host.ack),
  'dashboard.close': quietly(host.close),
});
