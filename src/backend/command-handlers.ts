import type { Environment } from '../cluster/kubeconfig.ts';
import { parseArguments } from '../command/arguments.ts';
import { guardedPlan } from '../command/guarded.ts';
import { planCommand } from '../command/plan.ts';
import { readsManifests } from '../command/process.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clients } from './clients.ts';
import type { Contexts } from './contexts.ts';
import type { Guards } from './guards.ts';
import { findProgram } from './program.ts';

export type CommandOptions = {
  readonly contexts: Contexts;
  readonly clients: Clients;
  /** PATH and, where the user set it, the program to use instead of `kubectl`. */
  readonly env: Environment;
  readonly path: string;
  readonly program: () => string;
  /** Runs a command of the plugin's own set-up. */
  readonly bootstrap: readonly string[];
  readonly guards: Guards;
};

export const commandHandlers = ({
  contexts,
  clients,
  env,
  path,
  program,
  bootstrap,
  guards,
}: CommandOptions): Pick<Handlers, 'command.plan'> => ({
  'command.plan': async ({ args }, client) => {
    const config = await contexts.kubeconfig();
    // Without any context kubectl still does `version --client`, `config` and the like.
    // What a line means needs no login, and one that fails belongs on the page of what is opened.
    const standing = config.contexts.size === 0 ? undefined : await clients.named(client);
    const [namespace, second] = standing?.namespaces ?? [];
    const byDefault =
      config.variable !== '' && namespace !== undefined && second === undefined && readsManifests(parseArguments(args));
    const variable = byDefault
      ? await (await import('../cluster/namespace-overlay.ts')).withNamespace(
          config,
          standing?.name ?? '',
          namespace,
          env,
        )
      : config.variable;
    const parsed = parseArguments(args);
    const context = parsed.flags.get('context') ?? standing?.name ?? '';
    const plan = planCommand({
      args,
      context: standing?.name ?? '',
      namespaces: standing?.namespaces ?? [],
      bootstrap,
      kubeconfig: variable === '' ? undefined : variable,
      kubectl: await findProgram(program(), path),
    });
    const leadsThere = plan.do === 'table' || plan.do === 'describe' || plan.do === 'logs';
    if (leadsThere && context === standing?.name) contexts.warm(context);
    return guardedPlan(plan, parsed, args, { context, mode: guards.of(context).mode });
  },
});
