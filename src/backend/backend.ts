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
  readonly toEditor: (client: number, message: ToEditor) => void;
  readonly log: (text: string) => void;
};

export type ServicesOptions = BackendOptions & { readonly workers: Workers };

/** What leads to a table or a text of a cluster: its engine is started while it is found out which one. */
const needsEngine = new Set<string>(['view.open', 'describe.open', 'yaml.open', 'logs.open', 'context.use']);

/** What the first answer tells, for the services to know how the user wants things. */
export type Greeting = Params<'hello'>;

/** `hello` is answered from here at once; everything else waits for the services, which are loaded meanwhile. */
export const createBackend = (options: BackendOptions): { readonly find: Find } => {
  const { root, log } = options;
  const workers = createWorkers({ url: new URL('dist/engine.js', root), clock: systemClock, onLog: log });
  let greeting: Greeting | undefined;
  const load = async () => {
    const { createServices } = await import('./services.ts');
    return createServices({ ...options, workers }, () => greeting);
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
    find: async (method) => {
      if (method === 'hello') return (params) => hello(params as Greeting);
      // The first one only: later ones find an engine, or wait for it no longer than it takes.
      if (services === undefined && needsEngine.has(method)) workers.warm();
      services ??= load();
      const { handlers } = await services;
      return Object.hasOwn(handlers, method) ? (handlers[method as keyof typeof handlers] as never) : undefined;
    },
  };
};
