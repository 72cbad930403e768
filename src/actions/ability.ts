import { type Discovery, discover } from '../cluster/discovery.ts';
import { type Access, canI } from '../cluster/server.ts';
import type { Transport } from '../cluster/transport.ts';
import { type Resource, resourceKey, type Target } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { mapLimited } from '../util/map-limited.ts';

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
};

export const createAbility = async (context: string, transport: Transport, clock: Clock): Promise<Ability> => ({
  context,
  transport,
  discovery: await discover(transport),
  canI: (verb, resource, namespace, subresource) => canI(transport, clock, verb, resource, namespace, subresource),
});

/** `pods/cart-1 in shop`: an object as results and messages name it. */
export const objectText = ({ resource, namespace, name }: Target): string =>
  `${resourceKey(resource)}/${name}${namespace === '' ? '' : ` in ${namespace}`}`;

/** One target for each pair of resource and namespace: rights are the same for all of a pair. */
export const places = (targets: readonly Target[]): readonly Target[] => [
  ...new Map(targets.map((target) => [`${resourceKey(target.resource)} ${target.namespace}`, target])).values(),
];

/** Why the user may not do it to all of the targets; undefined when they may. Any one of the verbs is enough. */
export const denied = async (
  targets: readonly Target[],
  verbs: readonly string[],
  ability: Ability,
  subresource = '',
): Promise<string | undefined> => {
  const refused = await mapLimited(places(targets), 8, async ({ resource, namespace }) => {
    const answers = await Promise.all(verbs.map((verb) => ability.canI(verb, resource, namespace, subresource)));
    if (answers.some(({ allowed }) => allowed)) return undefined;
    const what = `${resourceKey(resource)}${subresource === '' ? '' : `/${subresource}`}`;
    return `not allowed: ${verbs.join(' or ')} ${what}${namespace === '' ? '' : ` in ${namespace}`}`;
  });
  return refused.find((reason) => reason !== undefined);
};
