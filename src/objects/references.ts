/** Which objects an object names, by the fields of the built-in kinds and owner references, which all kinds have. */
import type { Json, JsonMap } from './json.ts';

/** `group` undefined: it was written without one, or is the one the field always means. */
export type Reference = {
  /** In words: what the object does with it. */
  readonly as: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Absent: that of the object, or none. */
  readonly namespace?: string;
  readonly uid?: string;
};

const mapOf = (value: Json | undefined): JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => mapOf(inner)[key], value);
const listAt = (value: Json | undefined, ...path: readonly string[]): readonly JsonMap[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map((each) => mapOf(each as Json)) : [];
};
const textAt = (value: Json | undefined, ...path: readonly string[]): string => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
};

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

type Named = readonly [as: string, group: string, kind: string, name: string];

const containersIn = (spec: Json | undefined): readonly JsonMap[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => listAt(spec, list));

const volumes = (spec: Json | undefined): readonly Named[] =>
  listAt(spec, 'volumes').flatMap((volume): readonly Named[] => {
    const name = `volume ${textAt(volume, 'name')}`;
    const sources = [volume, ...listAt(volume, 'projected', 'sources')];
    return [
      ...sources.flatMap((source): readonly Named[] => [
        [name, '', 'ConfigMap', textAt(source, 'configMap', 'name')],
        [name, '', 'Secret', textAt(source, 'secret', 'secretName') || textAt(source, 'secret', 'name')],
      ]),
      [name, '', 'PersistentVolumeClaim', textAt(volume, 'persistentVolumeClaim', 'claimName')],
    ];
  });

const environment = (spec: Json | undefined): readonly Named[] =>
  containersIn(spec).flatMap((container): readonly Named[] => {
    const as = `environment of ${textAt(container, 'name')}`;
    return [
      ...listAt(container, 'env').flatMap((each): readonly Named[] => [
        [as, '', 'ConfigMap', textAt(each, 'valueFrom', 'configMapKeyRef', 'name')],
        [as, '', 'Secret', textAt(each, 'valueFrom', 'secretKeyRef', 'name')],
      ]),
      ...listAt(container, 'envFrom').flatMap((each): readonly Named[] => [
        [as, '', 'ConfigMap', textAt(each, 'configMapRef', 'name')],
        [as, '', 'Secret', textAt(each, 'secretRef', 'name')],
      ]),
    ];
  });

/** The pod's own spec, or the one a workload makes its pods from. */
export const podSpecOf = (object: JsonMap): JsonMap | undefined => {
  const places = [['spec'], ['spec', 'template', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']];
  const found = places.map((path) => at(object, ...path)).find((spec) => at(spec, 'containers') !== undefined);
  return found === undefined ? undefined : mapOf(found);
};

const ofPods = (spec: JsonMap | undefined): readonly Named[] => [
  ...volumes(spec),
  ...environment(spec),
  ['service account', '', 'ServiceAccount', textAt(spec, 'serviceAccountName')],
  ...listAt(spec, 'imagePullSecrets').map((each): Named => ['pulls images with', '', 'Secret', textAt(each, 'name')]),
  ['runs on', '', 'Node', textAt(spec, 'nodeName')],
  ['priority', 'scheduling.k8s.io', 'PriorityClass', textAt(spec, 'priorityClassName')],
  ['runtime', 'node.k8s.io', 'RuntimeClass', textAt(spec, 'runtimeClassName')],
];

const ingress = (object: JsonMap): readonly Named[] => [
  ['sends to', '', 'Service', textAt(object, 'spec', 'defaultBackend', 'service', 'name')],
  ...listAt(object, 'spec', 'rules').flatMap((rule) =>
    listAt(rule, 'http', 'paths').map(
      (path): Named => [
        `sends ${textAt(rule, 'host')}${textAt(path, 'path')} to`,
        '',
        'Service',
        textAt(path, 'backend', 'service', 'name'),
      ],
    ),
  ),
  ...listAt(object, 'spec', 'tls').map((each): Named => ['certificate', '', 'Secret', textAt(each, 'secretName')]),
  ['class', 'networking.k8s.io', 'IngressClass', textAt(object, 'spec', 'ingressClassName')],
];

const storage = 'storage.k8s.io';

const byKind: Readonly<Record<string, (object: JsonMap) => readonly Named[]>> = {
  Ingress: ingress,
  PersistentVolumeClaim: (object) => [
    ['bound to', '', 'PersistentVolume', textAt(object, 'spec', 'volumeName')],
    ['class', storage, 'StorageClass', textAt(object, 'spec', 'storageClassName')],
  ],
  PersistentVolume: (object) => [['class', storage, 'StorageClass', textAt(object, 'spec', 'storageClassName')]],
  ServiceAccount: (object) => [
    ...listAt(object, 'secrets').map((each): Named => ['token', '', 'Secret', textAt(each, 'name')]),
    ...listAt(object, 'imagePullSecrets').map((each): Named => ['pulls with', '', 'Secret', textAt(each, 'name')]),
  ],
  StatefulSet: (object) => [['names its pods by', '', 'Service', textAt(object, 'spec', 'serviceName')]],
};

/** References that say themselves what they mean. */
const spoken = (object: JsonMap): readonly Reference[] => {
  const target = at(object, 'spec', 'scaleTargetRef');
  const claim = at(object, 'spec', 'claimRef');
  const role = at(object, 'roleRef');
  const say = (as: string, value: Json | undefined, group: string): Reference => ({
    ...{ as, group, kind: textAt(value, 'kind'), name: textAt(value, 'name') },
    ...(textAt(value, 'namespace') !== '' && { namespace: textAt(value, 'namespace') }),
  });
  return [
    ...listAt(object, 'metadata', 'ownerReferences').map((owner) => ({
      ...say(owner.controller === true ? 'is made by' : 'belongs to', owner, groupOf(textAt(owner, 'apiVersion'))),
      uid: textAt(owner, 'uid'),
    })),
    say('scales', target, groupOf(textAt(target, 'apiVersion'))),
    { ...say('claimed by', claim, ''), kind: 'PersistentVolumeClaim' },
    say('grants', role, textAt(role, 'apiGroup')),
    ...listAt(object, 'subjects')
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map((each) => say('to', each, '')),
    ...listAt(object, 'endpoints').map((each) => say('leads to', at(each, 'targetRef'), '')),
  ];
};

/** Each once, in the order of the fields. */
export const referencesOf = (object: JsonMap): readonly Reference[] => {
  const named = [...ofPods(podSpecOf(object)), ...(byKind[textAt(object, 'kind')]?.(object) ?? [])];
  const all = [...spoken(object), ...named.map(([as, group, kind, name]) => ({ as, group, kind, name }))];
  const found = all.filter(({ kind, name }) => kind !== '' && name !== '');
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
};

type Labels = Readonly<Record<string, Json | undefined>>;

/** A label selector, or the plain map of a service. An empty one selects nothing here: of pods it would be all. */
export const selects = (selector: Json | undefined, labels: Labels): boolean => {
  const { matchLabels, matchExpressions, ...plain } = mapOf(selector);
  const equal = Object.entries({
    ...(matchLabels === undefined && matchExpressions === undefined ? plain : {}),
    ...mapOf(matchLabels),
  });
  const rules = Array.isArray(matchExpressions) ? matchExpressions.map((each) => mapOf(each as Json)) : [];
  if (equal.length + rules.length === 0) return false;
  return (
    equal.every(([key, value]) => labels[key] === value) &&
    rules.every((rule) => {
      const label = labels[textAt(rule, 'key')];
      const values = Array.isArray(rule.values) ? rule.values : [];
      switch (rule.operator) {
        case 'In':
          return label !== undefined && values.includes(label);
        case 'NotIn':
          return label === undefined || !values.includes(label);
        case 'Exists':
          return label !== undefined;
        case 'DoesNotExist':
          return label === undefined;
        default:
          return false;
      }
    })
  );
};

/** Labels of the pods an object is or makes. */
export const podLabelsOf = (object: JsonMap): Labels => {
  if (podSpecOf(object) === undefined) return {};
  const template = at(object, 'spec', 'template') ?? at(object, 'spec', 'jobTemplate', 'spec', 'template');
  return mapOf(at(template ?? object, 'metadata', 'labels'));
};
