import { actionSummaries } from '../actions/summaries.generated.ts';
import type { Environment } from '../cluster/kubeconfig.ts';
import { createWorkers, type Workers } from '../engine/workers.ts';
import { styles } from '../protocol/styles.ts';
import type { Params, Result, ToEditor } from '../protocol/wire.ts';
import type { Find } from '../rpc/dispatch.ts';
import { systemClock } from '../util/clock.ts';

export type BackendOptions = {
  /** The plugin's folder, with a slash at its end. */
  readonly root: URL;
  readonly version: string;
  readonly env: Environment;
  /** Folder where Node keeps the compiled code of the workers; absent: it keeps none. */
  readonly codeCache?: string | undefined;
  readonly toEditor: (client: number, message: ToEditor) => void;
  readonly log: (text: string) => void;
};

export type ServicesOptions = BackendOptions & { readonly workers: Workers };

const needsEngine = new Set<string>(['view.open', 'describe.open', 'object.open', 'logs.open', 'context.use']);
const tableVerbs = new Set(['get', 'view', 'describe', 'logs', 'api-resources']);

/** What leads to a table or a text of a cluster: an engine is started while it is found out of which one. */
const leadsToEngine = (method: string, params: unknown): boolean => {
  if (method !== 'command.plan') return needsEngine.has(method);
  const { args } = (params ?? {}) as { readonly args?: readonly unknown[] };
  return Array.isArray(args) && tableVerbs.has(String(args[0]));
};

/** What the first answer tells, for the services to know how the user wants things. */
export type Greeting = Params<'hello'>;

/** `hello` is answered from here at once; everything else waits for the services, which are loaded meanwhile. */
export const createBackend = (options: BackendOptions): { readonly find: Find; readonly end: () => Promise<void> } => {
  const { root, log, codeCache } = options;
  const workers = createWorkers({ url: new URL('dist/engine.js', root), codeCache, clock: systemClock, onLog: log });
  let greeting: Greeting | undefined;
  let end = async (): Promise<void> => undefined;
  const load = async () => {
    const { createServices } = await import('./services.ts');
    const made = createServices({ ...options, workers }, () => greeting);
    end = made.end;
    return made;
  };
  let services: ReturnType<typeof load> | undefined;
  const hello = (params: Greeting): Result<'hello'> => {
    greeting = params;
    const { version } = options;
    // What comes next is loaded when this answer is out.
    setImmediate(() => {
      services ??= load();
    });
    return { version, node: process.versions.node, pid: process.pid, styles, actions: actionSummaries };
  };
  return {
    end: () => end(),
    find: async (method, asked) => {
      if (method === 'hello') return (params) => hello(params as Greeting);
      if (leadsToEngine(method, asked)) workers.warm();
      services ??= load();
      const { handlers } = await services;
      return Object.hasOwn(handlers, method) ? (handlers[method as keyof typeof handlers] as never) : undefined;
    },
  };
};
