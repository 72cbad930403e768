import { changeable, isSecret, type KubeObject } from '../journal/kept-object.ts';
import { at, type Fields, fieldsAt, listAt } from './fields.ts';

export type Recreated = {
  readonly object: KubeObject;
  /** What is not as it was, in words for the user. */
  readonly notes: readonly string[];
};

const omit = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

type Rule = (object: KubeObject) => Recreated;

const unchanged: Rule = (object) => ({ object, notes: [] });

const withSpec = (object: KubeObject, spec: Fields, ...notes: readonly string[]): Recreated => ({
  object: { ...object, spec },
  notes,
});

/** Labels and selector that the job controller makes from the job's own uid. */
const jobMarks = ['controller-uid', 'batch.kubernetes.io/controller-uid', 'job-name', 'batch.kubernetes.io/job-name'];

const job: Rule = (object) => {
  const spec = fieldsAt(object, 'spec');
  if (spec.manualSelector === true) return withSpec(object, spec, 'it runs again');
  const template = fieldsAt(spec, 'template');
  const labels = omit(fieldsAt(template, 'metadata', 'labels'), jobMarks);
  const fresh = { ...template, metadata: { ...fieldsAt(template, 'metadata'), labels } };
  const metadata = { ...object.metadata, labels: omit(fieldsAt(object, 'metadata', 'labels'), jobMarks) };
  const made = { ...object, metadata: metadata as NonNullable<KubeObject['metadata']> };
  return withSpec(made, { ...omit(spec, ['selector']), template: fresh }, 'it runs again, from the start');
};

const pod: Rule = (object) =>
  withSpec(object, omit(fieldsAt(object, 'spec'), ['nodeName']), 'it starts afresh, perhaps on another node');

/** Marks of a binding that is over: https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/volume/persistentvolume */
const bindingMarks = ['pv.kubernetes.io/bind-completed', 'pv.kubernetes.io/bound-by-controller'];

const claim: Rule = (object) => {
  const annotations = omit(fieldsAt(object, 'metadata', 'annotations'), bindingMarks);
  const metadata = { ...object.metadata, annotations } as NonNullable<KubeObject['metadata']>;
  const spec = omit(fieldsAt(object, 'spec'), ['volumeName']);
  return withSpec({ ...object, metadata }, spec, 'it gets a new, empty volume: its data does not come back');
};

const volume: Rule = (object) => {
  const reference = omit(fieldsAt(object, 'spec', 'claimRef'), ['uid', 'resourceVersion']);
  const spec = fieldsAt(object, 'spec');
  return withSpec(
    object,
    Object.keys(reference).length === 0 ? spec : { ...spec, claimRef: reference },
    'whether its data is still there depends on the storage',
  );
};

/** The addresses of a service are asked for again; somebody else may have them by now. */
const service: Rule = (object) => {
  const spec = fieldsAt(object, 'spec');
  const headless = spec.clusterIP === 'None' || spec.clusterIP === undefined;
  const fresh = headless ? spec : omit(spec, ['clusterIP', 'clusterIPs', 'healthCheckNodePort']);
  const ports = listAt(fresh, 'ports').map((port) => omit(port, ['nodePort']));
  const made = at(fresh, 'ports') === undefined ? fresh : { ...fresh, ports };
  return withSpec(object, made, ...(headless ? [] : ['it gets a new cluster address and new node ports']));
};

const rules: Readonly<Record<string, Rule>> = {
  'batch/Job': job,
  '/Pod': pod,
  '/PersistentVolumeClaim': claim,
  '/PersistentVolume': volume,
  '/Service': service,
  '/Namespace': (object) => ({ object, notes: ['only the namespace itself comes back, empty'] }),
  'apiextensions.k8s.io/CustomResourceDefinition': (object) => ({
    object,
    notes: ['only the definition comes back: the objects of its kind do not'],
  }),
};

/**
 * An object as it can be made again: without what the server wrote into it. Owners that are there again under another
 * uid are given in `owners`; the others are left out, or the cluster would delete the object at once.
 */
export const recreate = (object: KubeObject, owners: ReadonlyMap<string, string>): Recreated => {
  const plain = changeable(object);
  const group = (object.apiVersion ?? '').includes('/') ? (object.apiVersion ?? '').split('/')[0] : '';
  const rule = rules[`${group}/${object.kind}`] ?? unchanged;
  const { ownerReferences = [], ...metadata } = plain.metadata ?? {};
  const found = ownerReferences.flatMap((owner) => {
    const uid = owners.get(owner.uid);
    return uid === undefined ? [] : [{ ...owner, uid }];
  });
  const lost = ownerReferences.filter(({ uid }) => !owners.has(uid));
  const kept = { ...plain, metadata: { ...metadata, ...(found.length > 0 && { ownerReferences: found }) } };
  const { object: made, notes } = rule(kept);
  return {
    object: made,
    notes: [
      ...notes,
      ...lost.map(({ kind, name }) => `it no longer belongs to ${kind} ${name}`),
      ...(isSecret(object) ? ['its values are not in the journal'] : []),
    ],
  };
};
