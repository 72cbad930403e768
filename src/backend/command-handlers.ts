import { planCommand } from '../command/plan.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clients } from './clients.ts';
import type { Contexts } from './contexts.ts';
import { findProgram } from './program.ts';

export type CommandOptions = {
  readonly contexts: Contexts;
  readonly clients: Clients;
  /** PATH and, where the user set it, the program to use instead of `kubectl`. */
  readonly path: string;
  readonly program: () => string;
  /** Runs a command of the plugin's own set-up. */
  readonly bootstrap: readonly string[];
};

export const commandHandlers = ({
  contexts,
  clients,
  path,
  program,
  bootstrap,
}: CommandOptions): Pick<Handlers, 'command.plan'> => ({
  'command.plan': async ({ args }, client) => {
    const config = await contexts.kubeconfig();
    // Without any context kubectl still does `version --client`, `config` and the like.
    const standing = config.contexts.size === 0 ? undefined : await clients.standing(client);
    return planCommand({
      args,
      context: standing?.context.name ?? '',
      namespaces: standing?.namespaces ?? [],
      bootstrap,
      kubeconfig: config.variable === '' ? undefined : config.variable,
      kubectl: await findProgram(program(), path),
    });
  },
});
