import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError } from '../util/error.ts';
import type { Clients } from './clients.ts';
import type { Contexts } from './contexts.ts';
import { backendSection, type HealthSection, kubeconfigSection, nativeSection, serverSection } from './health.ts';
import type { Natives } from './natives.ts';

export type HealthOptions = {
  readonly contexts: Contexts;
  readonly clients: Clients;
  readonly natives: Natives;
  readonly clock: Clock;
  readonly path: string;
  readonly program: () => string;
  readonly version: string;
};

/** `:checkhealth kubectl`, as far as the backend knows. */
export const healthHandlers = (options: HealthOptions): Pick<Handlers, 'health'> => ({
  health: async ({ context: wanted }, client) => {
    const { contexts, clients, natives, clock, path, program, version } = options;
    const config = await contexts.kubeconfig();
    const native = await natives.loaded();
    const server = async (): Promise<HealthSection> => {
      try {
        const { context } = await clients.standing(client, wanted);
        return await serverSection(
          context.name,
          await context.transport(),
          clock,
          native.kind === 'none' ? '' : native.version,
        );
      } catch (thrown) {
        const { message, hint } = asClusterError(thrown);
        return {
          title: 'Context',
          items: [{ level: 'error', text: message, advice: hint === undefined ? [] : [hint] }],
        };
      }
    };
    return {
      sections: [
        backendSection(version),
        nativeSection(native),
        await kubeconfigSection(config, path, program()),
        ...(config.contexts.size === 0 ? [] : [await server()]),
      ],
    };
  },
});
