import type { Transport } from '../cluster/transport.ts';
import { type Resource, resourcePath, type Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type Difference, differences } from './differences.ts';
import { isMap, type JsonMap, pathText } from './json.ts';
import { managersOf } from './managed-fields.ts';
import type { Manifest } from './manifest.ts';
import { manager } from './prepare.ts';
import { causesOf, conflictsOf, type FieldConflict } from './refusal.ts';
import { type Answer, ask } from './requests.ts';
import { essence } from './shown.ts';
import { isByHand, uidIn } from './write.ts';

/** What applying one manifest would do. */
export type PlannedObject = Manifest & {
  readonly target: Target;
  readonly state: 'create' | 'update' | 'unchanged' | 'refused';
  readonly changes: readonly Difference[];
  /** Fields of others that the manifest sets to something else, and that are not taken over by themselves. */
  readonly conflicts: readonly FieldConflict[];
  readonly warnings: readonly string[];
  /** Why it is refused, or what it waits for. */
  readonly note?: string;
  readonly live?: JsonMap;
};

export type ApplySetting = {
  readonly context: string;
  readonly transport: Transport;
  readonly now: () => number;
  /** Of objects that name none. */
  readonly namespace: string;
  readonly findKind: (group: string, kind: string, version: string) => Resource | undefined;
  /** Kinds may have come since they were read. */
  readonly refresh: () => Promise<void>;
};

const textOf = (object: JsonMap, key: string): string => (typeof object[key] === 'string' ? object[key] : '');
const metadataOf = (object: JsonMap): JsonMap => (isMap(object.metadata) ? object.metadata : {});

const groupVersion = (object: JsonMap): readonly [group: string, version: string] => {
  const [version = '', group = ''] = textOf(object, 'apiVersion').split('/').toReversed();
  return [group, version];
};

/** Kinds that a set itself brings: its custom resources can be planned only when those are there. */
const definedBy = (manifests: readonly Manifest[]): ReadonlySet<string> =>
  new Set(
    manifests.flatMap(({ object }) => {
      const spec = isMap(object.spec) ? object.spec : {};
      const names = isMap(spec.names) ? spec.names : {};
      return object.kind === 'CustomResourceDefinition' ? [`${textOf(spec, 'group')}/${textOf(names, 'kind')}`] : [];
    }),
  );

/** What others need comes first; everything else in the order it was given. */
const rank = ({ object }: Manifest): number =>
  object.kind === 'Namespace' ? 0 : object.kind === 'CustomResourceDefinition' ? 1 : 2;

const bodyOf = ({ object }: Manifest, namespace: string, uid: string): JsonMap => ({
  ...object,
  metadata: { ...metadataOf(object), ...(namespace !== '' && { namespace }), ...(uid !== '' && { uid }) },
});

const requestOf = (
  planned: Pick<PlannedObject, 'object' | 'origin' | 'target'>,
  { dryRun, force, uid }: { readonly dryRun: boolean; readonly force: boolean; readonly uid: string },
) => {
  const { resource, namespace, name } = planned.target;
  return {
    method: 'PATCH' as const,
    path: resourcePath(resource, namespace, name),
    query: {
      fieldManager: manager,
      fieldValidation: 'Strict',
      ...(dryRun && { dryRun: 'All' }),
      ...(force && { force: 'true' }),
    },
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(bodyOf(planned, namespace, uid)),
  };
};

const refusalText = ({ status }: Extract<Answer, { ok: false }>): string =>
  causesOf(status)
    .map(({ field, message }) => (field === '' ? message : `${field.replace(/^\./, '')}: ${message}`))
    .join('; ');

type Set = { readonly defined: ReadonlySet<string>; readonly namespaces: ReadonlySet<string> };

const unplanned = (manifest: Manifest, target: Target, note: string, state: PlannedObject['state']): PlannedObject => ({
  ...manifest,
  target,
  state,
  note,
  changes: [],
  conflicts: [],
  warnings: [],
});

const placeOf = (
  manifest: Manifest,
  setting: ApplySetting,
): { readonly resource?: Resource; readonly target: Target } => {
  const { object } = manifest;
  const [group, version] = groupVersion(object);
  const kind = textOf(object, 'kind');
  const resource = setting.findKind(group, kind, version);
  const named = metadataOf(object);
  const stand: Resource = resource ?? {
    group,
    version,
    resource: kind.toLowerCase(),
    kind,
    singular: kind.toLowerCase(),
    namespaced: typeof named.namespace === 'string',
    shortNames: [],
    categories: [],
    verbs: [],
    subresources: [],
  };
  const namespace = stand.namespaced ? textOf(named, 'namespace') || setting.namespace : '';
  const target = { context: setting.context, resource: stand, namespace, name: textOf(named, 'name') };
  return { ...(resource !== undefined && { resource }), target };
};

const planOne = async (manifest: Manifest, set: Set, setting: ApplySetting): Promise<PlannedObject> => {
  const { resource, target } = placeOf(manifest, setting);
  const { transport, now } = setting;
  if (resource === undefined) {
    const key = `${target.resource.group}/${target.resource.kind}`;
    if (set.defined.has(key)) return unplanned(manifest, target, 'its definition comes first', 'create');
    return unplanned(
      manifest,
      target,
      `the server has no kind ${target.resource.kind} in ${textOf(manifest.object, 'apiVersion')}`,
      'refused',
    );
  }
  const path = resourcePath(resource, target.namespace, target.name);
  const found = await ask(transport, { path }, now);
  if (!found.ok && found.error.code !== 'not-found') return unplanned(manifest, target, found.error.message, 'refused');
  const live = found.ok ? found.object : undefined;
  if (live === undefined && set.namespaces.has(target.namespace)) {
    return unplanned(manifest, target, 'its namespace comes first', 'create');
  }
  const planned = { ...manifest, target };
  const uid = live === undefined ? '' : uidIn(live);
  const first = await ask(transport, requestOf(planned, { dryRun: true, force: false, uid }), now);
  const all = first.ok ? [] : conflictsOf(first.status);
  const answer =
    all.length === 0 ? first : await ask(transport, requestOf(planned, { dryRun: true, force: true, uid }), now);
  if (!answer.ok) return unplanned(manifest, target, refusalText(answer), 'refused');
  const changes = differences(live === undefined ? {} : essence(live), essence(answer.object)).filter(
    ({ path: [top] }) => top !== 'status',
  );
  const conflicts = live === undefined ? [] : all.filter((each) => !isByHand(each, live));
  const state = live === undefined ? 'create' : changes.length === 0 ? 'unchanged' : 'update';
  return { ...planned, state, changes, conflicts, warnings: answer.warnings, ...(live !== undefined && { live }) };
};

/** What applying a set would do, in the order it would be done. Asked of the server by dry run, a few at a time. */
export const planSet = async (manifests: readonly Manifest[], setting: ApplySetting): Promise<PlannedObject[]> => {
  const ordered = manifests.toSorted((a, b) => rank(a) - rank(b));
  const namespaces = ordered.flatMap(({ object }) =>
    object.kind === 'Namespace' ? [textOf(metadataOf(object), 'name')] : [],
  );
  const existing = await mapLimited(namespaces, 8, async (name) => {
    const found = await ask(setting.transport, { path: `/api/v1/namespaces/${encodeURIComponent(name)}` }, setting.now);
    return found.ok ? undefined : name;
  });
  const set = { defined: definedBy(ordered), namespaces: new Set(existing.filter((name) => name !== undefined)) };
  return await mapLimited(ordered, 8, (manifest) => planOne(manifest, set, setting));
};

/** Tried again this often while a definition or a namespace that was just made is not served yet, in ms apart. */
const served = { tries: 50, apart: 200 };

/**
 * Applies one object of a plan. `force` takes over what others have set. Resolves with the object as it is now; rejects
 * with the server's refusal.
 */
export const applyPlanned = async (
  planned: PlannedObject,
  { force, pause }: { readonly force: boolean; readonly pause: (ms: number) => Promise<void> },
  setting: ApplySetting,
): Promise<JsonMap> => {
  const { transport, now } = setting;
  const waits = planned.note !== undefined;
  for (let tries = 1; ; tries++) {
    const { resource, target } = placeOf(planned, setting);
    const uid = planned.live === undefined ? '' : uidIn(planned.live);
    const byHand = planned.live === undefined || planned.conflicts.length === 0;
    const request = requestOf({ ...planned, target }, { dryRun: false, force: force || byHand, uid });
    const answer = resource === undefined ? undefined : await ask(transport, request, now);
    if (answer?.ok === true) return answer.object;
    const missing = answer === undefined || answer.error.code === 'not-found';
    if (!waits || !missing || tries === served.tries) {
      throw answer?.error ?? new ClusterError('not-found', `the server does not serve ${target.resource.kind} yet`);
    }
    await pause(served.apart);
    if (resource === undefined) await setting.refresh();
  }
};

/** Objects that an earlier set had and this one has not: applied by us, with the labels of the set. */
export const pruneCandidates = async (
  planned: readonly PlannedObject[],
  selector: string,
  setting: ApplySetting,
): Promise<{ readonly target: Target; readonly live: JsonMap }[]> => {
  const kept = new Set(
    planned.map(
      ({ target: { resource, namespace, name } }) => `${resource.group}/${resource.kind} ${namespace} ${name}`,
    ),
  );
  const places = new Map(
    planned
      .filter(({ target }) => target.resource.verbs.includes('list'))
      .map(({ target }) => [`${target.resource.group}/${target.resource.resource} ${target.namespace}`, target]),
  );
  const lists = await mapLimited([...places.values()], 4, async ({ resource, namespace }) => {
    const list = await setting.transport.json<{ readonly items?: readonly JsonMap[] }>({
      path: resourcePath(resource, namespace),
      query: { labelSelector: selector },
    });
    return (list.items ?? []).map((live) => {
      const name = textOf(metadataOf(live), 'name');
      const full = { ...live, apiVersion: live.apiVersion ?? groupVersionText(resource), kind: resource.kind };
      return { target: { context: setting.context, resource, namespace, name, uid: uidIn(live) }, live: full };
    });
  });
  return lists
    .flat()
    .filter(({ live }) => managersOf(live).some(({ name, operation }) => name === manager && operation === 'Apply'))
    .filter(
      ({ target: { resource, namespace, name } }) =>
        !kept.has(`${resource.group}/${resource.kind} ${namespace} ${name}`),
    );
};

const groupVersionText = ({ group, version }: Resource): string => (group === '' ? version : `${group}/${version}`);

const most = 6;

/** A plan as lines: what is made, changed, left and refused, and how. */
export const setLines = (planned: readonly PlannedObject[]): readonly string[] => {
  const signs = { create: '+', update: '~', unchanged: '=', refused: '✗' } as const;
  return planned.flatMap(({ state, target, origin, changes, conflicts, warnings, note }) => {
    const place = target.namespace === '' ? '' : ` in ${target.namespace}`;
    const head = `${signs[state]} ${target.resource.resource}/${target.name}${place}${note === undefined ? '' : `: ${note}`}   ${origin}`;
    if (state !== 'update') return [head, ...warnings.map((warning) => `  ! ${warning}`)];
    const more = changes.length - most;
    return [
      head,
      ...changes.slice(0, most).map(({ path }) => `    ${pathText(path)}`),
      ...(more > 0 ? [`    … and ${more} more`] : []),
      ...conflicts.map(({ field, manager: owner }) => `  ! ${field.replace(/^\./, '')} belongs to ${owner}`),
      ...warnings.map((warning) => `  ! ${warning}`),
    ];
  });
};
