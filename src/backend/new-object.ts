import { recreate } from '../actions/recreate.ts';
import { framedPlan } from '../actions/run.ts';
import { discover } from '../cluster/discovery.ts';
import type { KubeObject } from '../journal/kept-object.ts';
import { type CreatePlan, type Place, planCreate } from '../objects/create.ts';
import type { JsonMap } from '../objects/json.ts';
import { essence, meantBy, type Showing, shownOf } from '../objects/shown.ts';
import { skeletonOf } from '../objects/skeleton.ts';
import { objectText } from '../objects/text.ts';
import { isSecret, resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import type { NamedSource, ObjectOpened, ObjectPlan } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import type { OpenContext } from './open-context.ts';

/** A text that is to become an object. */
export type NewObject = {
  readonly target: Target;
  readonly fresh: NonNullable<ObjectOpened['fresh']>;
  /** What masked values in the text stand for. */
  readonly origin: JsonMap | undefined;
};

const noOwners = new Map<string, string>();

/** Without what belongs to one object only: status, owners, the node, addresses, the bound volume. */
const asNew = (object: JsonMap): JsonMap => recreate(object as KubeObject, noOwners).object as JsonMap;

const maskedIn = (target: Target): Showing => ({
  all: false,
  secret: isSecret(target) ? { revealed: new Set() } : false,
});

const nameLine = (text: string): number => {
  const lines = text.split('\n');
  const metadata = lines.indexOf('metadata:');
  return Math.max(
    0,
    lines.findIndex((line, index) => index > metadata && line.startsWith('  name:')),
  );
};

const copyOf = async (target: Target, name: string | undefined, context: OpenContext): Promise<NewObject> => {
  const { resource, namespace } = target;
  const transport = await context.transport();
  const origin = await transport.json<JsonMap>({ path: resourcePath(resource, namespace, target.name) });
  const copy = asNew(origin);
  const named = { ...copy, metadata: { ...(copy.metadata as JsonMap), name: name ?? `${target.name}-copy` } };
  const text = objectText(shownOf(named, maskedIn(target)));
  const { uid: _, ...place } = target;
  return {
    target: { ...place, name: name ?? `${target.name}-copy` },
    fresh: { text: text.trimEnd(), line: nameLine(text) },
    origin,
  };
};

/** What the buffer of a new object begins with. */
export const newObject = async (
  target: Target,
  how: 'bare' | 'copy',
  name: string | undefined,
  context: OpenContext,
): Promise<NewObject> => {
  const { resource } = target;
  if (!resource.verbs.includes('create')) {
    throw new ClusterError('unsupported', `Objects of ${resourceKey(resource)} cannot be made by hand.`, {
      hint: 'The server does not serve `create` for them.',
    });
  }
  if (how === 'copy') return await copyOf(target, name, context);
  const { text, line } = await skeletonOf(resource, target, await context.transport());
  return { target, fresh: { text: text.trimEnd(), line }, origin: undefined };
};

export type Creation = {
  /** What masked values stand for. */
  readonly origin: JsonMap | undefined;
  /** The text is of an object that was there: what belonged only to that one goes. */
  readonly again: boolean;
};

/** Plans the creation of what a text says, in the context and, where it names none, the namespace of its buffer. */
export const planNew = async (
  text: string,
  target: Target,
  { origin, again }: Creation,
  { context, clock }: { readonly context: OpenContext; readonly clock: Clock },
): Promise<CreatePlan> => {
  const transport = await context.transport();
  const discovery = await discover(transport);
  return await planCreate(text, {
    transport,
    now: () => clock.now(),
    namespace: target.namespace === '' ? context.namespace : target.namespace,
    findKind: (group, kind, version) => discovery.findKind(group, kind, version),
    settle: (object) => {
      const meant = origin === undefined ? object : meantBy(object, origin, maskedIn(target));
      return again ? asNew(essence(meant)) : meant;
    },
  });
};

export const sourceOf = (context: string, { resource, namespace, name }: Place): NamedSource => ({
  context,
  resource: resourceKey(resource),
  ...(namespace !== '' && { namespace }),
  name,
});

export const targetOf = (context: string, place: Place): Target => ({ context, ...place });

/** What the server said to the dry run, for the confirmation. */
export const creationLines = ({ place, warnings }: Extract<CreatePlan, { kind: 'ready' }>): readonly string[] => [
  `server dry run: accepted${warnings.length === 0 ? '' : `, ${warnings.length} warning${warnings.length > 1 ? 's' : ''}`}`,
  `+ ${resourceKey(place.resource)}/${place.name === '' ? '(a name the server makes up)' : place.name}`,
  ...warnings.map((warning) => `! ${warning}`),
];

type Frame = Parameters<typeof framedPlan>[3];

/** A plan of a creation that cannot be carried out, on the wire. */
export const tellUnready = (
  plan: Exclude<CreatePlan, { kind: 'ready' }>,
  context: string,
): Extract<ObjectPlan, { do: 'mend' | 'exists' }> => {
  if (plan.kind === 'refused') return { do: 'mend', message: plan.message, problems: plan.problems };
  const { place } = plan;
  const where = place.namespace === '' ? '' : ` in ${place.namespace}`;
  const message = `${resourceKey(place.resource)}/${place.name}${where} exists already. Nothing was done.`;
  return { do: 'exists', message, source: sourceOf(context, place) };
};

export const confirmCreation = (
  plan: Extract<CreatePlan, { kind: 'ready' }>,
  ability: Parameters<typeof framedPlan>[2],
  frame: Frame,
) =>
  framedPlan(
    { verb: 'create', lines: creationLines(plan), inputs: [] },
    [targetOf(ability.context, plan.place)],
    ability,
    frame,
  );
