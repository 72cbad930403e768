import { type Environment, findContext, type Kubeconfig, type ResolvedContext } from '../cluster/kubeconfig.ts';
import { runsProgram } from '../cluster/login.ts';
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
  /** Its files were written, whatever they say now. */
  readonly onWritten: (config: Kubeconfig) => void;
  /** There was no credential for it before, and now there is. */
  readonly onOpened: (context: OpenContext) => void;
  /** A login takes long; what its plugin says meanwhile. */
  readonly onWait: (words: string) => void;
  readonly onLog: (text: string) => void;
};

/** Every context that anybody looks at, opened once, until nobody has for five minutes or the kubeconfig changes. */
export interface Contexts {
  kubeconfig(): Promise<Kubeconfig>;
  /** '' is the kubeconfig's current context. */
  open(name: string): Promise<OpenContext>;
  /** What the kubeconfig says of a context: nobody logs in for that. */
  entry(name: string): Promise<ResolvedContext>;
  /** It is needed in a moment: its engine can learn meanwhile what it is of. No program is run for that. */
  warm(name: string): void;
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

/** Views of a context that changed come back as what it is now; texts keep what they were opened with. */
const retireChanged = (
  opened: Map<string, Opened>,
  config: Kubeconfig,
  onRetired: ContextsOptions['onRetired'],
): void => {
  for (const [name, one] of [...opened]) {
    const problem = problemOf(config, name);
    if (problem === undefined && entriesOf(config, name) === one.entries) one.rename(namespaceOf(config, name));
    else {
      opened.delete(name);
      one.retire();
      onRetired(one.context, problem);
    }
  }
};

export const createContexts = (options: ContextsOptions): Contexts => {
  const { env, clock, onLog } = options;
  const opened = new Map<string, Opened>();
  const opening = new Map<string, Promise<Opened>>();
  /** How often the kubeconfig has changed. */
  let changes = 0;

  const kubeconfigs = createKubeconfigs({
    env,
    clock,
    onLog,
    onChange: (config, problems) => {
      changes++;
      retireChanged(opened, config, options.onRetired);
      options.onKubeconfig(config, problems);
    },
    onWritten: options.onWritten,
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
    options.onOpened(one.context);
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

  const warm = async (name: string): Promise<void> => {
    if (!opened.has(name) && runsProgram(findContext(await kubeconfigs.read(), name))) return;
    const { context } = await find(name);
    void context.engine;
  };

  const open = async (typed: string): Promise<OpenContext> => {
    const { context, touch } = await find(typed);
    touch();
    return context;
  };

  return {
    kubeconfig: kubeconfigs.read,
    open,
    entry: async (name) => findContext(await kubeconfigs.read(), name),
    // Who needs it is told what is wrong.
    warm: (name) => void warm(name).catch(() => undefined),
    dispose: () => {
      kubeconfigs.dispose();
      for (const { dispose } of opened.values()) dispose();
      opened.clear();
    },
  };
};
