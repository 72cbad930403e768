import type { NativeClient, NativeLoaded } from '../native/types.ts';
import type { ClientSpec } from '../protocol/client-spec.ts';
import { ClusterError } from '../util/error.ts';
import type { OpenContext } from './open-context.ts';

/** kubectl's own code, loaded when it is first needed, with one client for each context. */
export interface Natives {
  loaded(): Promise<NativeLoaded>;
  client(context: OpenContext): Promise<NativeClient>;
  /** The context is of no use any more: what is held for it is given back. */
  forget(context: OpenContext): void;
}

type Held = { readonly spec: ClientSpec; readonly client: NativeClient };

/** Everything but the token, which a client can change. */
const identityOf = ({ token: _token, expiresAt: _expiresAt, ...rest }: ClientSpec): string => JSON.stringify(rest);

export const createNatives = ({
  root,
  program,
  say,
}: {
  readonly root: string;
  /** The kubectl program's file; undefined where there is none. */
  readonly program: () => Promise<string | undefined>;
  readonly say: (text: string) => void;
}): Natives => {
  let loading: Promise<NativeLoaded> | undefined;
  let said = false;
  const clients = new WeakMap<OpenContext, Held>();

  const loaded = (): Promise<NativeLoaded> => {
    loading ??= import('../native/load.ts').then(async ({ loadNative }) =>
      loadNative({ root, kubectl: await program() }),
    );
    return loading;
  };

  /** Once, when something is done that way. */
  const sayHow = ({ kind }: NativeLoaded): void => {
    if (kind !== 'kubectl' || said) return;
    said = true;
    say('Descriptions, drains and rollouts go through the kubectl program. `:checkhealth kubectl` says why.');
  };

  return {
    loaded,
    client: async (context) => {
      const native = await loaded();
      if (native.kind === 'none') throw new ClusterError('unsupported', native.why.join(' '), { hint: native.advice });
      sayHow(native);
      const spec = await context.spec();
      const held = clients.get(context);
      if (held !== undefined && identityOf(held.spec) === identityOf(spec)) {
        if (spec.token !== undefined && spec.token !== held.spec.token) held.client.setToken(spec.token);
        clients.set(context, { spec, client: held.client });
        return held.client;
      }
      held?.client.dispose();
      const client = native.client(spec);
      clients.set(context, { spec, client });
      return client;
    },
    forget: (context) => {
      clients.get(context)?.client.dispose();
      clients.delete(context);
    },
  };
};
