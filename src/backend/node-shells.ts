import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { NodeShells, ShellPod } from '../actions/ability.ts';
import { shellLabel } from '../actions/node-shell.ts';
import type { Transport } from '../cluster/transport.ts';
import type { KubeObject } from '../journal/kept-object.ts';
import type { CommandPlan, Params, ToEditor } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import type { OpenContext } from './contexts.ts';
import { isGone, type Owner, type ShellNote, type ShellNotes } from './node-shell-notes.ts';

export type NodeShellOptions = {
  readonly notes: ShellNotes;
  /** The Neovim of this backend. */
  readonly owner: Owner;
  readonly clock: Clock;
  readonly wishes: () => Params<'hello'>['nodeShell'];
  readonly open: (context: string) => Promise<Pick<OpenContext, 'transport'>>;
  /** The kubectl program and the KUBECONFIG it needs. */
  readonly kubectl: () => Promise<{ readonly program: string | undefined; readonly kubeconfig: string }>;
  readonly toEditor: (client: number, message: ToEditor) => void;
  readonly warn: (text: string) => void;
};

type Held = { note: ShellNote; readonly transport: () => Promise<Transport>; readonly release: () => void };

/** An editor that quits waits this long for the pods of its shells, in ms: Neovim itself kills us after 2 s. */
const LAST_MS = 1_500;

/** A label's value, which tells nobody a name: who this user is, on this machine. */
const creatorId = (): string =>
  createHash('sha256').update(`${hostname()} ${userInfo().uid}`).digest('hex').slice(0, 16);

const pathOf = ({ namespace, name }: ShellPod): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;

/** The pod that was made, never a namesake. Rejects with `not-found` when it is not there. */
const remove = async (note: ShellNote, creator: string, transport: Transport): Promise<void> => {
  let { uid } = note;
  if (uid === undefined) {
    const pod = await transport.json<KubeObject>({ path: pathOf(note) });
    if (pod.metadata?.labels?.[shellLabel] !== creator) return;
    uid = pod.metadata.uid;
  }
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid } };
  await transport.json({ method: 'DELETE', path: pathOf(note), body });
};

const wishesOf = (options: NodeShellOptions) => {
  const wanted = options.wishes();
  if (wanted !== undefined) return wanted;
  throw new ClusterError('unsupported', 'the editor has not said what a shell on a node is made of');
};

const planOf = async (
  context: string,
  { namespace, name }: ShellPod,
  title: string,
  options: NodeShellOptions,
): Promise<CommandPlan> => {
  const { program, kubeconfig } = await options.kubectl();
  if (program === undefined) {
    throw new ClusterError('unsupported', 'a shell on a node needs the kubectl program and none is on PATH', {
      hint: 'Install kubectl, or set `kubectl_cmd` in setup().',
    });
  }
  const where = [`--context=${context}`, `--namespace=${namespace}`];
  return {
    do: 'process',
    argv: [program, 'exec', '-it', ...where, name, '--container=shell', '--', ...wishesOf(options).command],
    env: kubeconfig === '' ? {} : { KUBECONFIG: kubeconfig },
    title,
    filetype: '',
    okCodes: [0],
    stdin: 'none',
    show: 'terminal',
    ends: name,
  };
};

export type ShellKeeper = {
  /** For actions of one client in one context. */
  readonly shells: (client: number, context: OpenContext) => NodeShells;
  /** The terminal of that pod has closed. */
  readonly ended: (name: string) => Promise<void>;
  /** Deletes what editors that are no more left in a context; asks the server only when there is something. */
  readonly sweep: (context: string) => Promise<void>;
  /** The editor ends. */
  readonly dispose: () => Promise<void>;
};

/** How each pod ends, and what is written down of it until it has. */
const createEnds = ({ notes, warn, open }: NodeShellOptions, creator: string) => {
  const held = new Map<string, Held>();

  const forget = (name: string): void => {
    held.get(name)?.release();
    held.delete(name);
    notes.remove(name);
  };

  /** True when it is gone. `sure`: one that is not there will not come any more. */
  const end = async (note: ShellNote, transport: () => Promise<Transport>, sure: boolean): Promise<boolean> => {
    try {
      await remove(note, creator, await transport());
    } catch (thrown) {
      const { code, message } = asClusterError(thrown);
      // The server has another pod of that name, which is not ours, or none.
      const gone = (code === 'not-found' && (sure || note.uid !== undefined)) || code === 'conflict';
      if (!gone) {
        warn(`pod ${note.namespace}/${note.name} with a shell on a node was not deleted: ${message}`);
        return false;
      }
    }
    forget(note.name);
    return true;
  };

  const ended = async (name: string): Promise<void> => {
    const own = held.get(name);
    if (own !== undefined) {
      if (!(await end(own.note, own.transport, true))) own.release();
      return;
    }
    // Of a backend before this one: the terminal has outlived it.
    const note = (await notes.read()).find((each) => each.name === name);
    if (note !== undefined) await end(note, async () => (await open(note.context)).transport(), true);
  };

  const sweep = async (context: string): Promise<void> => {
    const left = (await notes.read()).filter((note) => note.context === context && isGone(note.owner));
    await Promise.all(left.map((note) => end(note, async () => (await open(context)).transport(), true)));
  };

  return { held, end, ended, sweep };
};

/** Pods with shells on nodes, each deleted when its terminal closes, when the editor ends, or at the next start. */
export const createNodeShells = (options: NodeShellOptions): ShellKeeper => {
  const { notes, owner, clock } = options;
  const creator = creatorId();
  const { held, end, ended, sweep } = createEnds(options, creator);
  return {
    shells: (client, context) => ({
      wishes: () => wishesOf(options),
      creator,
      ready: async () => {
        await planOf(context.name, { namespace: '', name: '' }, '', options);
        await sweep(context.name);
      },
      keep: ({ namespace, name }) => {
        const note = { context: context.name, namespace, name, owner };
        try {
          notes.write(note);
        } catch (thrown) {
          const why = thrown instanceof Error ? thrown.message : String(thrown);
          throw new ClusterError('forbidden', `No pod was made: it could not be written down before. ${why}`, {
            hint: 'It would stay when Neovim is killed. Is the state folder ($XDG_STATE_HOME) writable?',
            cause: thrown,
          });
        }
        held.set(name, { note, transport: context.transport, release: context.hold() });
      },
      made: ({ name }, uid) => {
        const own = held.get(name);
        if (own === undefined) return;
        own.note = { ...own.note, uid };
        notes.write(own.note);
      },
      open: async (pod, title) => {
        options.toEditor(client, { type: 'open', plan: await planOf(context.name, pod, title, options) });
      },
      end: ended,
    }),
    ended,
    sweep,
    dispose: async () => {
      if (held.size === 0) return;
      // One that is being made now may come yet: its note stays.
      const all = Promise.all([...held.values()].map(({ note, transport }) => end(note, transport, false)));
      await Promise.race([all, new Promise<void>((resolve) => clock.after(LAST_MS, resolve))]);
    },
  };
};
