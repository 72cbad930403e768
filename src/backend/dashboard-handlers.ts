import { createDashboardHost, type DashboardHostOptions } from '../dashboards/host.ts';
import type { ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clients } from './clients.ts';
import { createSeats } from './seats.ts';

export type DashboardHandlers = Pick<
  Handlers,
  'dashboard.open' | 'dashboard.key' | 'dashboard.resize' | 'dashboard.ack' | 'dashboard.close'
>;

export type DashboardOptions = Omit<DashboardHostOptions, 'emit'> & {
  readonly clients: Clients;
  readonly toEditor: (client: number, message: ToEditor) => void;
};

/** Dashboards are numbered by each client; the one worker knows them by numbers of our own. */
export const dashboardHandlers = ({ clients, toEditor, ...options }: DashboardOptions): DashboardHandlers => {
  const seats = createSeats();
  const emit = (seat: number, message: ToEditor): void => {
    const owner = seats.owner(seat);
    if (owner === undefined) return;
    if (message.type === 'dashboard-ended') seats.leave(seat);
    toEditor(owner.client, 'dashboard' in message ? { ...message, dashboard: owner.number } : message);
  };
  const host = createDashboardHost({ ...options, emit });
  const quietly = <P extends { readonly dashboard: number }>(act: (params: P) => void) => {
    return (params: P, client: number): null => {
      const seat = seats.find(client, params.dashboard);
      if (seat !== undefined) act({ ...params, dashboard: seat });
      return null;
    };
  };
  const close = quietly((params: { readonly dashboard: number }) => {
    seats.leave(params.dashboard);
    host.close(params);
  });
  return {
    'dashboard.open': async (params, client) => {
      const { context, namespaces } = await clients.standing(client, params.args.context);
      const args = { namespaces: namespaces.join(','), ...params.args, context: context.name };
      close(params, client);
      const seat = seats.take(client, params.dashboard);
      try {
        return await host.open({ ...params, dashboard: seat, args });
      } catch (thrown) {
        seats.leave(seat);
        throw thrown;
      }
    },
    'dashboard.key': quietly(host.key),
    'dashboard.resize': quietly(host.resize),
    'dashboard.ack': quietly(host.ack),
    'dashboard.close': close,
  };
};
