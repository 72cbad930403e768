import { type Environment, findContext, type Kubeconfig } from '../cluster/kubeconfig.ts';
import type { Workers } from '../engine/workers.ts';
import type { ToEditor } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError } from '../util/error.ts';
import { createKubeconfigs } from './kubeconfigs.ts';
import { entriesOf, namespaceOf, type OpenContext, type Opened, openContext } from './open-context.ts';

export type { OpenContext } from './open-context.ts';

export type ContextsOptions = {
  readonly env: Environment;
  readonly clock: Clock;
  readonly workers: Workers;
  readonly toEditor: (client: number, message: ToEditor) => void;
  /** The user's `namespace_fallback`; empty: the context's own namespace is tried. */
  readonly fallback: () => readonly string[];
  readonly ambiwidth: () => 'single' | 'double';
  readonly onEngineEnd: (context: OpenContext, reason: string) => void;
  /** The context is no more what the kubeconfig says; `problem`: nothing can take its place. */
  readonly onRetired: (context: OpenContext, problem: string | undefined) => void;
  /** Nobody has needed it for a while. */
  readonly onClosed: (context: OpenContext) => void;
  /** The kubeconfig says something else; `problems` are new ones. */
  readonly onKubeconfig: (config: Kubeconfig, problems: readonly string[]) => void;
  /** A login takes long; what its plugin says meanwhile. */
  readonly onWait: (words: string) => void;
  readonly onLog: (text: string) => void;
};

/** Every context that anybody looks at, opened once, until nobody has for five minutes or the kubeconfig changes. */
export interface Contexts {
  kubeconfig(): Promise<Kubeconfig>;
  /** '' is the kubeconfig's current context. */
  open(name: string): Promise<OpenContext>;
  dispose(): void;
}

/** Names of the contexts that can be opened as they are written down. */
export const usable = (config: Kubeconfig): ReadonlySet<string> =>
  new Set([...config.contexts.keys()].filter((name) => problemOf(config, name) === undefined));

/** Why a context cannot be opened as it is written down now. */
const problemOf = (config: Kubeconfig, name: string): string | undefined => {
  try {
    findContext(config, name);
    return undefined;
  } catch (thrown) {
    return asClusterError(thrown).message;
  }
};

export const createContexts = (options: ContextsOptions): Contexts => {
  const { env, clock, onLog } = options;
  const opened = new Map<string, Opened>();
  const opening = new Map<string, Promise<Opened>>();
  /** How often the kubeconfig has changed. */
  let changes = 0;

  const retire = (name: string, problem: string | undefined): void => {
    const one = opened.get(name);
    if (one === undefined) return;
    opened.delete(name);
    one.retire();
    options.onRetired(one.context, problem);
  };

  /** Views of a context that changed come back as what it is now; texts keep what they were opened with. */
  const compare = (config: Kubeconfig): void => {
    for (const [name, { entries, rename }] of [...opened]) {
      const problem = problemOf(config, name);
      if (problem !== undefined) retire(name, problem);
      else if (entriesOf(config, name) !== entries) retire(name, undefined);
      else rename(namespaceOf(config, name));
    }
  };

  const kubeconfigs = createKubeconfigs({
    env,
    clock,
    onLog,
    onChange: (config, problems) => {
      changes++;
      compare(config);
      options.onKubeconfig(config, problems);
    },
  });

  const openNew = async (config: Kubeconfig, name: string): Promise<Opened> => {
    const seen = changes;
    const one = await openContext(config, name, {
      ...options,
      kubeconfig: kubeconfigs.read,
      onIdle: () => {
        opened.delete(name);
        one.dispose();
        options.onClosed(one.context);
      },
    });
    if (changes !== seen) {
      // A login may take long enough for the kubeconfig to change meanwhile.
      const now = await kubeconfigs.read();
      if (problemOf(now, name) !== undefined || entriesOf(now, name) !== one.entries) {
        one.dispose();
        return await openNew(now, name);
      }
    }
    opened.set(name, one);
    return one;
  };

  const find = async (typed: string): Promise<Opened> => {
    const known = typed === '' ? undefined : (opened.get(typed) ?? opening.get(typed));
    if (known !== undefined) return await known;
    const config = await kubeconfigs.read();
    const { name } = findContext(config, typed);
    const other = opened.get(name) ?? opening.get(name);
    if (other !== undefined) return await other;
    const work = openNew(config, name).finally(() => opening.delete(name));
    opening.set(name, work);
    return await work;
  };

  return {
    kubeconfig: kubeconfigs.read,
    open: async (typed) => {
      const { context, touch } = await find(typed);
      touch();
      return context;
    },
    dispose: () => {
      kubeconfigs.dispose();
      for (const { dispose } of opened.values()) dispose();
      opened.clear();
    },
  };
};
