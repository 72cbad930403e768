import type { NativeClient, NativeLoaded } from '../native/types.ts';
import { ClusterError } from '../util/error.ts';
import type { OpenContext } from './contexts.ts';

/** kubectl's own code, loaded when it is first needed, with one client for each context. */
export interface Natives {
  loaded(): Promise<NativeLoaded>;
  client(context: OpenContext): Promise<NativeClient>;
}

export const createNatives = ({
  root,
  program,
}: {
  readonly root: string;
  readonly program: () => string;
}): Natives => {
  let loading: Promise<NativeLoaded> | undefined;
  const clients = new WeakMap<OpenContext, Promise<NativeClient>>();

  const loaded = (): Promise<NativeLoaded> => {
    loading ??= import('../native/load.ts').then(({ loadNative }) => loadNative({ root, kubectl: program() }));
    return loading;
  };

  const create = async (context: OpenContext): Promise<NativeClient> => {
    const native = await loaded();
    if (native.kind === 'none') throw new ClusterError('unsupported', native.why.join(' '), { hint: native.advice });
    return native.client(await context.spec());
  };

  return {
    loaded,
    client: (context) => {
      const known = clients.get(context);
      if (known !== undefined) return known;
      const created = create(context);
      clients.set(context, created);
      created.catch(() => clients.delete(context));
      return created;
    },
  };
};
