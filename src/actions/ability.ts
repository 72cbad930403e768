import { type Discovery, discover } from '../cluster/discovery.ts';
import { type Access, canI } from '../cluster/server.ts';
import type { Transport } from '../cluster/transport.ts';
import { whoAmI } from '../cluster/who-am-i.ts';
import type { KubeObject } from '../journal/kept-object.ts';
import type { NativeClient } from '../native/types.ts';
import { type Resource, resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { sleep } from '../util/sleep.ts';

/** kubectl's own code, and which: `kubectl's code as an addon`, `the kubectl program (the addon: not found at …)`. */
export type NativeWay = { readonly client: NativeClient; readonly how: string };

export type ShellPod = { readonly namespace: string; readonly name: string };

/** Who keeps pods with shells on nodes, shows them to the one who asked, and deletes each of them in the end. */
export type NodeShells = {
  /** How the user wants them. */
  readonly wishes: () => { readonly image: string; readonly namespace: string; readonly command: readonly string[] };
  /** Who this user is on this machine, as a label. */
  readonly creator: string;
  /** Deletes what others left; rejects when no terminal could be opened. */
  readonly ready: () => Promise<void>;
  readonly keep: (pod: ShellPod) => void;
  readonly made: (pod: ShellPod, uid: string) => void;
  /** A terminal with the shell; when that closes, the pod is deleted. */
  readonly open: (pod: ShellPod, title: string) => Promise<void>;
  /** Never rejects: what cannot be deleted now is at the next start. */
  readonly end: (name: string) => Promise<void>;
};

/** What actions may ask of one context: its server, what that serves, and what this user may do there. */
export type Ability = {
  readonly context: string;
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly canI: (
    verb: string,
    resource: Pick<Resource, 'group' | 'version' | 'resource'>,
    namespace: string,
    subresource?: string,
  ) => Promise<Access>;
  /** Who asks, as the server knows them. Never rejects. */
  readonly user: () => Promise<string>;
  /** The object as it is, read once however many ask. For plans and menus; what is written is read afresh. */
  readonly live: (target: Target) => Promise<KubeObject>;
  readonly native: () => Promise<NativeWay>;
  readonly now: () => number;
  /** Resolves after so many ms, or as soon as the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Absent where nobody has a terminal. */
  readonly nodeShells?: NodeShells;
};

export type AbilityOptions = {
  readonly context: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly native?: () => Promise<NativeWay>;
};

const noNative = (): Promise<never> =>
  Promise.reject(new ClusterError('unsupported', "kubectl's own code is not at hand here"));

export const objectPath = ({ resource, namespace, name }: Target, subresource = ''): string =>
  resourcePath(resource, namespace, name, subresource);

/** For the actions of one request: what it has read it does not read again. */
export const createAbility = async (options: AbilityOptions): Promise<Ability> => {
  const { context, transport, clock, native = noNative } = options;
  const read = new Map<string, Promise<KubeObject>>();
  return {
    context,
    transport,
    discovery: await discover(transport),
    canI: (verb, resource, namespace, subresource) => canI(transport, clock, verb, resource, namespace, subresource),
    user: () => whoAmI(transport),
    live: (target) => {
      const path = objectPath(target);
      const known = read.get(path) ?? transport.json<KubeObject>({ path });
      read.set(path, known);
      return known;
    },
    native,
    now: () => clock.now(),
    sleep: (ms, signal) => sleep(clock, ms, signal),
  };
};

/** `pods/cart-1 in shop`: an object as results and messages name it. */
export const objectText = ({ resource, namespace, name }: Target): string =>
  `${resourceKey(resource)}/${name}${namespace === '' ? '' : ` in ${namespace}`}`;

/** One target for each pair of resource and namespace: rights are the same for all of a pair. */
export const places = (targets: readonly Target[]): readonly Target[] => [
  ...new Map(targets.map((target) => [`${resourceKey(target.resource)} ${target.namespace}`, target])).values(),
];

/** One target for each resource: what an object of it can do the others can too. */
export const examples = (targets: readonly Target[]): readonly Target[] => [
  ...new Map([...targets].reverse().map((target) => [resourceKey(target.resource), target])).values(),
];

/** Rights are asked for in this many places; the server refuses in the others by itself. */
const MOST_ASKED = 20;

/** Why the user may not do it to all of the targets; undefined when they may. Any one of the verbs is enough. */
export const denied = async (
  targets: readonly Target[],
  verbs: readonly string[],
  ability: Ability,
  subresource = '',
): Promise<string | undefined> => {
  const refused = await mapLimited(places(targets).slice(0, MOST_ASKED), 8, async ({ resource, namespace }) => {
    const answers = await Promise.all(verbs.map((verb) => ability.canI(verb, resource, namespace, subresource)));
    if (answers.some(({ allowed }) => allowed)) return undefined;
    const what = `${resourceKey(resource)}${subresource === '' ? '' : `/${subresource}`}`;
    return `not allowed: ${verbs.join(' or ')} ${what}${namespace === '' ? '' : ` in ${namespace}`}`;
  });
  return refused.find((reason) => reason !== undefined);
};

/** Why objects of another kind cannot be made beside the targets; undefined when they can. */
export const deniedBeside = (
  targets: readonly Target[],
  resource: Resource,
  ability: Ability,
): Promise<string | undefined> =>
  denied(
    targets.map((target) => ({ ...target, resource })),
    ['create'],
    ability,
  );
