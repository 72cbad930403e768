import type { Status } from '../cluster/status-error.ts';
import type { Transport, TransportRequest } from '../cluster/transport.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { type Difference, differences } from './differences.ts';
import { firstProblem, type ObjectDocument, type Problem, parseObject } from './document.ts';
import { resolveField } from './field-path.ts';
import { isMap, type Json, type JsonMap, type Path, pointerText } from './json.ts';
import { managersOf } from './managed-fields.ts';
import { mergeObjects } from './merge.ts';
import { ownersOf } from './owners.ts';
import { manager, type Prepared, prepare, withoutFields } from './prepare.ts';
import { causesOf, conflictsOf, type FieldConflict } from './refusal.ts';
import { type Answer, ask } from './requests.ts';
import { essence, meantBy, type Showing } from './shown.ts';

/** A buffer that is to be written. */
export type Draft = {
  readonly target: Target;
  /** The object the text was made from, as the server had it. */
  readonly base: JsonMap;
  readonly text: string;
  readonly showing: Showing;
  /** A status that stood in an earlier text: `u` brings it back, nobody wrote it. */
  readonly isShown?: (status: Json) => boolean;
};

export type Writer = { readonly transport: Transport; readonly now: () => number; readonly signal?: AbortSignal };

/** One change that the server's dry run made. */
export type PlannedChange = Difference & { readonly owners: readonly string[] };

/** Set once by hand, with kubectl; nobody sets it again by itself, unlike what a controller or an applied file says. */
export const isByHand = ({ manager: name }: FieldConflict, live: JsonMap): boolean =>
  name.startsWith('kubectl') && managersOf(live).every((each) => each.name !== name || each.operation !== 'Apply');

export type WritePlan =
  | { readonly kind: 'unchanged'; readonly message: string }
  /** The server, or the text itself, says no; nothing was changed. */
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly problems: readonly Problem[];
      /** Only because another version is there by now: asked again it may pass. */
      readonly outdated?: boolean;
      /** It was the change of the status that was refused. */
      readonly status?: boolean;
    }
  /** Someone else changed the same fields since `base`. */
  | { readonly kind: 'clash'; readonly paths: readonly Path[]; readonly live: JsonMap }
  | { readonly kind: 'gone'; readonly message: string }
  | {
      readonly kind: 'ready';
      readonly prepared: readonly Prepared[];
      readonly live: JsonMap;
      readonly changes: readonly PlannedChange[];
      /** Fields of other managers, which stay as they are unless forced. */
      readonly conflicts: readonly FieldConflict[];
      readonly warnings: readonly string[];
      /** Changes of others since `base` are in the result. */
      readonly merged: boolean;
    };

const versionOf = (object: JsonMap): string =>
  isMap(object.metadata) && typeof object.metadata.resourceVersion === 'string' ? object.metadata.resourceVersion : '';

export const uidIn = (object: JsonMap): string =>
  isMap(object.metadata) && typeof object.metadata.uid === 'string' ? object.metadata.uid : '';

const named = ({ resource, namespace, name }: Target): string =>
  `${resource.singular || resource.resource}/${name}${namespace === '' ? '' : ` in ${namespace}`}`;

/**
 * Problems at the lines of a text, from what the server said; at `changed` where it names no field, as policies and
 * quotas do. None where the trouble is the server's own, as with a webhook that does not answer.
 */
export const problemsOf = (status: Status, document: ObjectDocument, changed: Path = []): Problem[] => {
  const causes = causesOf(status);
  if ((status.code ?? 0) >= 500 && causes.every(({ field }) => field === '')) return [];
  return causes.map(({ field, message }) => ({
    ...document.place(field === '' ? changed : resolveField(document.object, field)),
    severity: 'error',
    message: field === '' ? message : `${field.replace(/^\./, '')}: ${message}`,
  }));
};

/** The text must still be about the object of its buffer. */
const stranger = (document: ObjectDocument, { resource, namespace, name }: Target): Problem | undefined => {
  const { apiVersion, kind, metadata } = document.object;
  const own = isMap(metadata) ? metadata : {};
  const version = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  const wrong = (path: Path, is: unknown, was: string): Problem | undefined =>
    is === was
      ? undefined
      : {
          ...document.place(path),
          severity: 'error',
          message: `This buffer is about ${path.at(-1)} ${was}, not ${String(is ?? 'none')}. To make another object: \`gN\`, or \`:Kubectl new\`.`,
        };
  return (
    wrong(['apiVersion'], apiVersion, version) ??
    wrong(['kind'], kind, resource.kind) ??
    wrong(['metadata', 'name'], own.name, name) ??
    (namespace === '' ? undefined : wrong(['metadata', 'namespace'], own.namespace, namespace))
  );
};

const pathOf = ({ resource, namespace, name }: Target, subresource: string): string =>
  `${resourcePath(resource, namespace, name)}${subresource === '' ? '' : `/${subresource}`}`;

/** The request of a prepared write, bound to the very version that was looked at. */
const requestOf = (
  target: Target,
  prepared: Prepared,
  live: JsonMap,
  {
    dryRun,
    force,
    signal,
  }: { readonly dryRun: boolean; readonly force: boolean; readonly signal?: AbortSignal | undefined },
): TransportRequest => {
  const query = { fieldManager: manager, fieldValidation: 'Strict', ...(dryRun && { dryRun: 'All' }) };
  const request = { method: 'PATCH', path: pathOf(target, prepared.subresource), ...(signal && { signal }) } as const;
  const [uid, resourceVersion] = [uidIn(live), versionOf(live)];
  if (prepared.how === 'patch') {
    const guards = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ];
    const headers = { 'content-type': 'application/json-patch+json' };
    return { ...request, query, headers, body: JSON.stringify([...guards, ...prepared.operations]) };
  }
  const { name, namespace } = target;
  const metadata = isMap(prepared.value.metadata) ? prepared.value.metadata : {};
  const body = {
    ...prepared.value,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: { ...metadata, name, ...(namespace !== '' && { namespace }), uid, resourceVersion },
  };
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  return { ...request, query: { ...query, ...(force && { force: 'true' }) }, headers, body: JSON.stringify(body) };
};

/** Tried on the server: first as it is, and where other managers are in the way also with force, to see the result. */
const dryRun = async (
  target: Target,
  prepared: Prepared,
  live: JsonMap,
  { transport, now, signal }: Writer,
): Promise<{ readonly answer: Answer; readonly conflicts: readonly FieldConflict[] }> => {
  const first = await ask(transport, requestOf(target, prepared, live, { dryRun: true, force: false, signal }), now);
  const conflicts = first.ok ? [] : conflictsOf(first.status);
  if (conflicts.length === 0) return { answer: first, conflicts };
  const forced = requestOf(target, prepared, live, { dryRun: true, force: true, signal });
  return { answer: await ask(transport, forced, now), conflicts };
};

const outdated = ({ status, error }: Extract<Answer, { ok: false }>): boolean =>
  error.code === 'conflict' && conflictsOf(status).length === 0;

const readLive = async (target: Target, { transport, now, signal }: Writer): Promise<JsonMap | undefined> => {
  const found = await ask(transport, { path: pathOf(target, ''), ...(signal && { signal }) }, now);
  if (found.ok) return found.object;
  if (found.error.code === 'not-found') return undefined;
  throw found.error;
};

type Refused = Extract<WritePlan, { readonly kind: 'refused' }>;

const refused = (
  answer: Extract<Answer, { ok: false }>,
  document: ObjectDocument,
  meant: readonly Difference[],
): Refused => {
  // Of several changes nobody knows which one it is about.
  const [only] = meant.length === 1 ? meant : [];
  return {
    kind: 'refused',
    message: answer.status.message ?? answer.error.message,
    problems: problemsOf(answer.status, document, only?.path),
    outdated: outdated(answer),
  };
};

/** A status that was only shown is not an edit. */
const withoutOldStatus = (edited: JsonMap, { base, showing, isShown }: Draft): JsonMap => {
  const { status, ...rest } = edited;
  if (showing.all || status === undefined || isShown?.(status) !== true) return edited;
  return base.status === undefined ? rest : { ...rest, status: base.status };
};

const planned = async (draft: Draft, document: ObjectDocument, live: JsonMap, writer: Writer): Promise<WritePlan> => {
  const { target, base, showing } = draft;
  const before = essence(live);
  const edited = withoutOldStatus(meantBy(document.object, base, showing), draft);
  const { value: after, conflicts: paths } = mergeObjects(essence(base), edited, before);
  if (paths.length > 0) return { kind: 'clash', paths, live };
  const managers = managersOf(live);
  const prepared = prepare(before, after, managers);
  if (prepared.length === 0)
    return { kind: 'unchanged', message: `Nothing to apply: ${named(target)} is as this text says.` };
  let result = before;
  const conflicts: FieldConflict[] = [];
  const warnings: string[] = [];
  for (const each of prepared) {
    const tried = await dryRun(target, each, live, writer);
    if (!tried.answer.ok) {
      return { ...refused(tried.answer, document, differences(before, after)), status: each.subresource === 'status' };
    }
    const seen = essence(tried.answer.object);
    result =
      each.subresource === 'status' ? { ...result, ...(seen.status !== undefined && { status: seen.status }) } : seen;
    conflicts.push(...tried.conflicts);
    warnings.push(...tried.answer.warnings);
  }
  const others = managers.filter(({ name }) => name !== manager);
  const changes = differences(before, result).map((change) => ({
    ...change,
    owners: ownersOf(others, managers, live, change.path),
  }));
  if (changes.length === 0) {
    return { kind: 'unchanged', message: `Nothing to apply: the server would leave ${named(target)} as it is.` };
  }
  const merged = differences(essence(base), before).some(({ path }) => path[0] !== 'status');
  return { kind: 'ready', prepared, live, changes, conflicts, warnings: [...new Set(warnings)], merged };
};

/** A busy object changes between reading it and trying a write; after so many times that is told. */
const mostTries = 5;

/** The server refused only because the object is no longer the version that was read. */
const isOutdated = (plan: WritePlan): boolean => plan.kind === 'refused' && plan.outdated === true;

/**
 * What writing a buffer would do, asked of the server by dry run. Changes of others since the text was made are merged
 * where they are about other fields. Throws a ClusterError when the server cannot be asked.
 */
export const planWrite = async (draft: Draft, writer: Writer): Promise<WritePlan> => {
  const parsed = parseObject(draft.text);
  if (!parsed.ok) return { kind: 'refused', message: firstProblem(parsed.problems), problems: parsed.problems };
  const { document } = parsed;
  const wrong = stranger(document, draft.target);
  if (wrong !== undefined) return { kind: 'refused', message: wrong.message, problems: [wrong] };
  const gone = `${named(draft.target)} was deleted meanwhile. The text is still here; \`:w!\` makes it again.`;
  for (let tries = 1; ; tries++) {
    const live = await readLive(draft.target, writer);
    if (live === undefined) return { kind: 'gone', message: gone };
    if (uidIn(live) !== uidIn(draft.base)) return { kind: 'gone', message: `${gone} Another object has its name now.` };
    const plan = await planned(draft, document, live, writer);
    if (!isOutdated(plan) || tries === mostTries) return plan;
  }
};

const overlap = (a: string, b: string): boolean => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);

/** What came between two versions has nothing to do with these places (RFC 6901). */
const isElsewhere = (before: JsonMap, after: JsonMap, places: readonly string[]): boolean =>
  differences(essence(before), essence(after)).every(
    ({ path }) => !places.some((place) => overlap(place, pointerText(path))),
  );

/** The same write, of a newer version where that differs elsewhere only. */
const sendTo = async (
  target: Target,
  prepared: Prepared,
  first: JsonMap,
  { places, force }: { readonly places: readonly string[]; readonly force: boolean },
  writer: Writer,
): Promise<JsonMap> => {
  const { transport, now, signal } = writer;
  let live = first;
  for (let tries = 1; ; tries++) {
    const request = requestOf(target, prepared, live, { dryRun: false, signal, force });
    const answer = await ask(transport, request, now);
    if (answer.ok) return answer.object;
    if (!outdated(answer) || tries === mostTries) throw answer.error;
    const newer = await readLive(target, writer);
    if (newer === undefined || uidIn(newer) !== uidIn(live) || !isElsewhere(live, newer, places)) throw answer.error;
    live = newer;
  }
};

/**
 * Does what a plan said. `force` names the fields to take from their managers; those of the plan's conflicts that are
 * not in it stay as they are. Resolves with the object as it is now; rejects with the server's refusal.
 */
export const carryOut = async (
  target: Target,
  plan: Extract<WritePlan, { kind: 'ready' }>,
  force: readonly string[],
  writer: Writer,
): Promise<JsonMap> => {
  const left = plan.conflicts.map(({ field }) => field).filter((field) => !force.includes(field));
  const places = plan.changes.map(({ path }) => pointerText(path));
  let live = plan.live;
  for (const prepared of plan.prepared) {
    const value = prepared.how === 'apply' ? withoutFields(prepared.value, left) : undefined;
    if (prepared.how === 'apply' && value === undefined && left.length > 0) {
      throw new ClusterError(
        'conflict',
        `Nothing of ${named(target)} was applied: every change is of a field another manager has.`,
        {
          hint: 'Choose fields to take over, or leave them to their managers.',
        },
      );
    }
    const body = prepared.how === 'apply' && value !== undefined ? { ...prepared, value } : prepared;
    const operations = body.how === 'patch' ? body.operations.map(({ path }) => path) : [];
    live = await sendTo(target, body, live, { places: [...places, ...operations], force: force.length > 0 }, writer);
  }
  return live;
};
