/** Any object of any API, as JSON. */
export type KubeObject = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly OwnerReference[];
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
};

export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
};

/** Stands for a value that is not written down. */
export const hidden = '***';

/** kubectl apply keeps the whole object here, values of secrets included. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The server writes these itself. */
const serverFields = new Set([
  ...['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink', 'managedFields'],
  ...['deletionTimestamp', 'deletionGracePeriodSeconds'],
]);

const valueFields = ['data', 'stringData'] as const;

export const isSecret = ({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean =>
  apiVersion === 'v1' && kind === 'Secret';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const masked = (values: unknown): unknown =>
  isRecord(values) ? Object.fromEntries(Object.keys(values).map((key) => [key, hidden])) : values;

const without = (values: Readonly<Record<string, unknown>>, unwanted: (key: string) => boolean) =>
  Object.fromEntries(Object.entries(values).filter(([key]) => !unwanted(key)));

/** What a user can change of an object: no status, nothing of the server's own. Values of secrets are still in it. */
export const changeable = (object: KubeObject): KubeObject => {
  const { status: _status, metadata = {}, ...rest } = object;
  const { annotations } = metadata;
  const kept = without(metadata, (field) => serverFields.has(field));
  return {
    ...rest,
    metadata: isRecord(annotations)
      ? { ...kept, annotations: without(annotations, (key) => key === lastApplied) as Record<string, string> }
      : kept,
  };
};

/** What the journal may write down of an object: what a user can change, without values of secrets. */
export const kept = (object: KubeObject): KubeObject => {
  const plain = changeable(object);
  if (!isSecret(object)) return plain;
  const values = valueFields.filter((field) => plain[field] !== undefined);
  return { ...plain, ...Object.fromEntries(values.map((field) => [field, masked(plain[field])])) };
};

/** Paths of an object whose values are never written down, as the first step of a JSON pointer. */
export const secretFields = (object: KubeObject): readonly string[] => (isSecret(object) ? valueFields : []);
