import { type Discovery, discover } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import { isMap, type JsonMap } from '../objects/json.ts';
import { podLabelsOf, type Reference, referencesOf, selects } from '../objects/references.ts';
import { type Resource, resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { sameObject } from './live-text.ts';
import { clockTime, errorLines, labelOf, loadingState, sanitizeKeepingTabs, titleOf } from './session-state.ts';
import type { Session, TextView } from './text-view.ts';

export type ReferencesOptions = {
  readonly target: Target;
  readonly view: TextView;
  readonly transport: Transport;
  readonly clock: Clock;
};

/** Of each kind so many are looked through. */
const MOST = 500;

/** Owners are climbed so far. */
const MOST_OWNERS = 6;

type Kind = readonly [group: string, kind: string];

/** What may use an object of a namespace. Secrets are never read for it. */
const inNamespace: readonly Kind[] = [
  ['', 'Pod'],
  ['apps', 'Deployment'],
  ['apps', 'StatefulSet'],
  ['apps', 'DaemonSet'],
  ['apps', 'ReplicaSet'],
  ['batch', 'Job'],
  ['batch', 'CronJob'],
  ['', 'Service'],
  ['discovery.k8s.io', 'EndpointSlice'],
  ['networking.k8s.io', 'Ingress'],
  ['networking.k8s.io', 'NetworkPolicy'],
  ['autoscaling', 'HorizontalPodAutoscaler'],
  ['policy', 'PodDisruptionBudget'],
  ['', 'PersistentVolumeClaim'],
  ['', 'ServiceAccount'],
  ['rbac.authorization.k8s.io', 'RoleBinding'],
];

/** What may use an object without a namespace, in all of them. */
const everywhere: Readonly<Record<string, readonly Kind[]>> = {
  Node: [['', 'Pod']],
  PersistentVolume: [['', 'PersistentVolumeClaim']],
  StorageClass: [
    ['', 'PersistentVolumeClaim'],
    ['', 'PersistentVolume'],
  ],
  IngressClass: [['networking.k8s.io', 'Ingress']],
  PriorityClass: [['', 'Pod']],
  RuntimeClass: [['', 'Pod']],
  ClusterRole: [
    ['rbac.authorization.k8s.io', 'ClusterRoleBinding'],
    ['rbac.authorization.k8s.io', 'RoleBinding'],
  ],
};

/** One line: what it says, and the object it leads to. */
type Line = {
  readonly text: string;
  readonly resource?: Resource;
  readonly namespace?: string;
  readonly name?: string;
};

type Looked = { readonly lines: readonly Line[]; readonly notes: readonly string[] };

const meta = (object: JsonMap): JsonMap => (isMap(object.metadata) ? object.metadata : {});
const part = (object: JsonMap, name: string): JsonMap => {
  const found = object[name];
  return isMap(found) ? found : {};
};

/** Where the selectors of a kind are. */
const selectorOf = (kind: string, object: JsonMap) => {
  const spec = part(object, 'spec');
  if (kind === 'NetworkPolicy') return spec.podSelector;
  return kind === 'Service' || kind === 'PodDisruptionBudget' ? spec.selector : undefined;
};

/** How `other` has to do with `object`, seen from the object. */
const uses = (object: JsonMap, target: Target, other: JsonMap, resource: Resource): readonly string[] => {
  const { group, kind } = target.resource;
  const named = referencesOf({ ...other, kind: resource.kind })
    .filter((each) =>
      each.uid === undefined
        ? each.kind === kind && each.group === group && each.name === target.name
        : each.uid === meta(object).uid,
    )
    // A claim and an account of another namespace may be named.
    .filter(({ namespace }) => namespace === undefined || namespace === target.namespace)
    .map(({ as, uid }) => (uid === undefined ? as : `${as} it`));
  const ways = [...named];
  if (selects(selectorOf(resource.kind, other), podLabelsOf(object))) ways.push('selects its pods');
  if (resource.kind === 'Pod' && selects(selectorOf(kind, object), part(meta(other), 'labels')))
    ways.push('is selected');
  const of = part(meta(other), 'labels')['kubernetes.io/service-name'];
  if (resource.kind === 'EndpointSlice' && kind === 'Service' && of === target.name) ways.push('has its endpoints');
  return [...new Set(ways)];
};

type List = { readonly items?: readonly JsonMap[]; readonly metadata?: { readonly continue?: string } };

const usersOf = async (
  object: JsonMap,
  { target, transport }: ReferencesOptions,
  discovery: Discovery,
  signal: AbortSignal,
): Promise<Looked> => {
  const kinds = target.resource.namespaced ? inNamespace : (everywhere[target.resource.kind] ?? []);
  const found = await mapLimited(kinds, 4, async ([group, kind]): Promise<Looked> => {
    const resource = discovery.findKind(group, kind);
    if (resource === undefined) return { lines: [], notes: [] };
    const onNode = kind === 'Pod' && target.resource.kind === 'Node';
    try {
      const { items = [], metadata } = await transport.json<List>({
        path: resourcePath(resource, target.namespace),
        query: { limit: String(MOST), ...(onNode && { fieldSelector: `spec.nodeName=${target.name}` }) },
        signal,
      });
      const lines = items.flatMap((item) => {
        const { name, namespace } = meta(item);
        const place = typeof namespace === 'string' ? { namespace } : {};
        return uses(object, target, item, resource).map((text) => ({ text, resource, name: String(name), ...place }));
      });
      const more = metadata?.continue
        ? [`Of ${resourceKey(resource)} only the first ${MOST} were looked through.`]
        : [];
      return { lines, notes: more };
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      return {
        lines: [],
        notes: [`${resourceKey(resource)} were not looked through: ${asClusterError(thrown).message}`],
      };
    }
  });
  const searched =
    kinds.length > 0 ? [] : [`Who uses ${resourceKey(target.resource)} is not known to be found anywhere.`];
  return {
    lines: found.flatMap(({ lines }) => lines),
    notes: [...searched, ...found.flatMap(({ notes }) => notes)],
  };
};

const lineOf = (reference: Reference, target: Target, discovery: Discovery): Line => {
  const { as, group, kind, name, namespace = target.namespace } = reference;
  const resource = discovery.findKind(group, kind);
  if (resource === undefined) return { text: `${as}  ${kind}/${name}` };
  return { text: as, resource, name, ...(resource.namespaced && { namespace }) };
};

/** Owners of owners, the nearest first. */
const ownersAbove = async (
  object: JsonMap,
  { target, transport }: ReferencesOptions,
  discovery: Discovery,
  signal: AbortSignal,
): Promise<readonly Line[]> => {
  const lines: Line[] = [];
  let owner = referencesOf(object).find(({ as }) => as === 'is made by');
  while (owner !== undefined && lines.length < MOST_OWNERS) {
    const { resource, name = '', namespace } = lineOf(owner, target, discovery);
    if (resource === undefined) break;
    const above = await transport
      .json<JsonMap>({ path: resourcePath(resource, namespace, name), signal })
      .catch(() => undefined);
    owner = above && referencesOf(above).find(({ as }) => as === 'is made by');
    if (owner !== undefined) lines.push({ ...lineOf(owner, target, discovery), text: 'which is made by' });
  }
  return lines;
};

const keyOf = ({ resource, namespace = '-', name }: Line): string =>
  resource === undefined ? '' : `${namespace}/${resourceKey(resource)}/${name}`;

const written = (lines: readonly Line[], own: string): readonly string[] => {
  const named = lines.map(({ resource, name, namespace }) => {
    const away = namespace !== undefined && namespace !== own ? ` in ${namespace}` : '';
    return resource === undefined ? '' : `${resourceKey(resource)}/${name}${away}`;
  });
  const width = Math.min(48, Math.max(0, ...named.map(({ length }) => length)));
  return lines.map(({ text }, index) => `  ${(named[index] ?? '').padEnd(width)}  ${text}`.trimEnd());
};

const read = async (options: ReferencesOptions, signal: AbortSignal): Promise<void> => {
  const { target, view, transport, clock } = options;
  const path = resourcePath(target.resource, target.namespace, target.name);
  const [object, discovery] = await Promise.all([transport.json<JsonMap>({ path, signal }), discover(transport)]);
  sameObject(target, target.uid, typeof meta(object).uid === 'string' ? String(meta(object).uid) : undefined);
  const [above, users] = await Promise.all([
    ownersAbove(object, options, discovery, signal),
    usersOf(object, options, discovery, signal),
  ]);
  if (signal.aborted) return;
  const to = [...referencesOf(object).map((each) => lineOf(each, target, discovery)), ...above];
  const groups = [
    { title: `${labelOf(target)} uses`, lines: to },
    { title: 'is used by', lines: users.lines },
  ];
  const text: string[] = [];
  const keys: string[] = [];
  for (const { title, lines } of groups) {
    text.push(
      title,
      ...written(lines, target.namespace),
      ...(lines.length === 0 ? ['  nothing that was found'] : []),
      '',
    );
    keys.push('', ...lines.map(keyOf), ...(lines.length === 0 ? [''] : []), '');
  }
  for (const note of users.notes) {
    text.push(`! ${note}`);
    keys.push('');
  }
  view.set(text.map(sanitizeKeepingTabs), undefined, keys);
  const count = to.length + users.lines.length;
  view.state({ phase: 'ended', right: `as of ${clockTime(clock)}`, style: 'KubectlNote', shown: count, total: count });
};

/** What an object refers to and what refers to it, as it is now: looked up once, by bounded lists in its namespace. */
export const openReferences = (options: ReferencesOptions): Session => {
  const { target, view } = options;
  const abort = new AbortController();
  view.closed.addEventListener('abort', () => abort.abort(), { once: true });
  view.state({ left: titleOf(target, 'references'), middle: '', shown: 0, total: 0, ...loadingState });
  read(options, abort.signal).catch((thrown: unknown) => {
    if (abort.signal.aborted) return;
    view.set(errorLines(asClusterError(thrown)));
    view.state({ phase: 'ended', right: '✕ failed', style: 'KubectlError' });
  });
  return {
    opened: { title: titleOf(target, 'references'), filetype: 'k8s_references' },
    dispose: () => abort.abort(),
  };
};
