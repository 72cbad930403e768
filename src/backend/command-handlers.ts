import { delimiter, resolve } from 'node:path';
import { type Environment, type Kubeconfig, loadKubeconfig } from '../cluster/kubeconfig.ts';
import { parseArguments } from '../command/arguments.ts';
import { connectionOf } from '../command/connection.ts';
import { guardedPlan } from '../command/guarded.ts';
import { planCommand } from '../command/plan.ts';
import { readsManifests } from '../command/process.ts';
import type { CommandPlan, Params } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clients } from './clients.ts';
import type { Contexts } from './contexts.ts';
import type { Guards } from './guards.ts';
import { findProgram } from './program.ts';
import { verdictOn } from './reach.ts';

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

/** Another kubeconfig than the user's own, where kubectl is led to one; its paths are as the editor sees them. */
const otherKubeconfig = async (
  flag: string | undefined,
  { cwd = '/', kubectl }: Params<'command.plan'>,
  config: Kubeconfig,
): Promise<Kubeconfig | undefined> => {
  const named = flag ?? kubectl?.kubeconfig ?? '';
  const paths = (flag === undefined ? named.split(delimiter) : [flag]).filter((path) => path !== '');
  const variable = paths.map((path) => resolve(cwd, path)).join(delimiter);
  return variable === '' || variable === config.variable
    ? undefined
    : await loadKubeconfig({ env: { KUBECONFIG: variable } });
};

/** What kubectl is run with: the user's own arguments come first, so that those of the line count. */
const judged = async (
  plan: CommandPlan,
  params: Params<'command.plan'>,
  config: Kubeconfig,
  guards: Guards,
): Promise<CommandPlan> => {
  if (plan.do !== 'process') return plan;
  const connection = connectionOf([...(params.kubectl?.args ?? []), ...plan.argv.slice(1)]);
  const other = await otherKubeconfig(connection.kubeconfig, params, config);
  return guardedPlan(plan, parseArguments(params.args), params.args, verdictOn(connection, { config, guards, other }));
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
  'command.plan': async (params, client) => {
    const { args } = params;
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
    return await judged(plan, params, config, guards);
  },
});
