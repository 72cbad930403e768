import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Environment, type KeptFiles, type Kubeconfig, loadKubeconfig } from '../cluster/kubeconfig.ts';
import type { Clock } from '../util/clock.ts';

export type KubeconfigsOptions = {
  readonly env: Environment;
  readonly clock: Clock;
  /** The files say something else than before; `problems` are those that are new. */
  readonly onChange: (config: Kubeconfig, problems: readonly string[]) => void;
  /** The files were written, whatever they say now; after `onChange`. */
  readonly onWritten: (config: Kubeconfig) => void;
  readonly onLog: (text: string) => void;
};

/** The user's kubeconfig files, read whenever they are asked for, watched from then on, never written. */
export interface Kubeconfigs {
  read(): Promise<Kubeconfig>;
  dispose(): void;
}

/** Where the lab named `demo` writes its kubeconfig (tests/cluster/state). */
const demoKubeconfig = (env: Environment): string => {
  const cache =
    env.KUBECTL_LIVE_CACHE || join(env.XDG_CACHE_HOME || join(env.HOME ?? homedir(), '.cache'), 'kubectl-live');
  return join(cache, 'labs', 'demo', 'kubeconfig');
};

const contentOf = ({ current, clusters, users, contexts, problems }: Kubeconfig): string =>
  JSON.stringify([current, [...clusters], [...users], [...contexts], problems]);

export const createKubeconfigs = ({ env, clock, onChange, onWritten, onLog }: KubeconfigsOptions): Kubeconfigs => {
  const kept: KeptFiles = new Map();
  const demo = demoKubeconfig(env);
  let endWatch: (() => void) | undefined;
  let disposed = false;
  /** What was last acted on. */
  let known: Kubeconfig | undefined;
  /** KUBECONFIG's value, or the standard path, also while a demo cluster stands in. */
  let own = '';
  /** One at a time, so that an older reading never comes after a newer one. */
  let acting = Promise.resolve();

  /** The user's; where there is none, that of a demo cluster that `:Kubectl demo` has started. */
  const load = async (): Promise<Kubeconfig> => {
    const users = await loadKubeconfig({ env, kept });
    own = users.variable;
    if (users.contexts.size > 0) return users;
    const started = await loadKubeconfig({ env: { ...env, KUBECONFIG: demo } });
    return started.contexts.size > 0 ? started : users;
  };

  const changed = async (): Promise<void> => {
    const config = await load();
    if (disposed) return;
    if (known === undefined || contentOf(config) !== contentOf(known)) {
      const problems = config.problems.filter((problem) => known?.problems.includes(problem) !== true);
      known = config;
      onChange(config, problems);
    }
    onWritten(config);
  };

  /** Begun after the first reading, so that nobody waits for it. */
  const watchFiles = async (): Promise<void> => {
    endWatch = () => undefined;
    const { watchKubeconfig } = await import('../cluster/kubeconfig-watch.ts');
    if (disposed) return;
    const paths = [...new Set([...own.split(delimiter).filter((path) => path !== ''), demo])];
    const act = (): void => {
      acting = acting.then(changed);
    };
    endWatch = watchKubeconfig({ paths, clock, onChange: act, onLog });
  };

  return {
    read: async () => {
      const config = await load();
      known ??= config;
      if (endWatch === undefined) void watchFiles();
      return config;
    },
    dispose: () => {
      disposed = true;
      endWatch?.();
    },
  };
};
