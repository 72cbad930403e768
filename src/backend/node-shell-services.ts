import { join } from 'node:path';
import { stateFolder } from '../journal/state-file.ts';
import type { ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import type { Clients } from './clients.ts';
import type { Contexts } from './contexts.ts';
import { createShellNotes, ownerOf } from './node-shell-notes.ts';
import { createNodeShells, type NodeShellOptions, type ShellKeeper } from './node-shells.ts';

export type NodeShellServicesOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly contexts: Contexts;
  readonly clients: Clients;
  readonly toEditor: (client: number, message: ToEditor) => void;
  readonly log: (text: string) => void;
  readonly wishes: NodeShellOptions['wishes'];
  readonly kubectl: () => Promise<string | undefined>;
};

export type NodeShellServices = Pick<ShellKeeper, 'shells' | 'dispose'> & {
  readonly handlers: Pick<Handlers, 'process.ended'>;
  /** A context serves a client: what was left in it goes, once. */
  readonly used: (context: string) => void;
};

export const nodeShellServices = (options: NodeShellServicesOptions): NodeShellServices => {
  const { env, clock, contexts, clients, toEditor, log, wishes } = options;
  const keeper = createNodeShells({
    notes: createShellNotes(join(stateFolder(env), 'node-shells')),
    owner: ownerOf(process.ppid),
    clock,
    wishes,
    open: contexts.open,
    kubectl: async () => ({
      program: await options.kubectl(),
      kubeconfig: (await contexts.kubeconfig()).variable,
    }),
    toEditor,
    warn: (text) => {
      log(text);
      for (const client of clients.all()) toEditor(client, { type: 'notify', level: 'warn', text });
    },
  });
  const swept = new Set<string>();
  return {
    ...keeper,
    used: (context) => {
      if (swept.has(context)) return;
      swept.add(context);
      void keeper.sweep(context);
    },
    handlers: {
      'process.ended': async ({ process: name }) => {
        await keeper.ended(name);
        return null;
      },
    },
  };
};
