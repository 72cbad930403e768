import { stringify } from 'yaml';
import type { Transport } from '../cluster/transport.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { LiveText, sameObject } from './live-text.ts';
import { sanitizeKeepingTabs, titleOf } from './session-state.ts';
import type { Session, TextView } from './text-view.ts';

export type KubeObject = {
  readonly metadata?: { readonly uid?: string; readonly annotations?: Readonly<Record<string, string>> | null };
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly stringData?: Readonly<Record<string, unknown>> | null;
};

/** Says that something is there, not how much of it. */
const mask = '***';

/** kubectl apply keeps the whole object here, values included. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

const masked = (values: Readonly<Record<string, unknown>> | null | undefined) =>
  values === null || values === undefined ? values : Object.fromEntries(Object.keys(values).map((key) => [key, mask]));

/** A copy of a secret without its values; anything else as it is. */
export const withoutValues = <T extends KubeObject>(object: T, isSecret: boolean): T => {
  if (!isSecret) return object;
  const annotations = object.metadata?.annotations;
  const cleared =
    annotations?.[lastApplied] === undefined
      ? object.metadata
      : { ...object.metadata, annotations: { ...annotations, [lastApplied]: mask } };
  return {
    ...object,
    ...(cleared === undefined ? {} : { metadata: cleared }),
    ...('data' in object ? { data: masked(object.data) } : {}),
    ...('stringData' in object ? { stringData: masked(object.stringData) } : {}),
  };
};

export const withoutManagedFields = (object: KubeObject): KubeObject => {
  if (object.metadata === undefined) return object;
  const { managedFields: _, ...metadata } = { managedFields: undefined, ...object.metadata };
  return { ...object, metadata };
};

/** As kubectl prints it, without managedFields. `yes`, `on` and the like are quoted, for readers of YAML 1.1. */
export const yamlLines = (object: KubeObject, isSecret: boolean): readonly string[] =>
  stringify(withoutManagedFields(withoutValues(object, isSecret)), {
    lineWidth: 0,
    compat: 'yaml-1.1',
    indentSeq: false,
  })
    .trimEnd()
    .split('\n')
    .map(sanitizeKeepingTabs);

export type YamlOptions = {
  readonly target: Target;
  readonly view: TextView;
  readonly transport: Transport;
  readonly clock: Clock;
};

/** The object's YAML, for reading; read again when it changed. */
export const openYaml = ({ target, view, transport, clock }: YamlOptions): Session => {
  const { resource, namespace, name } = target;
  const isSecret = resource.group === '' && resource.resource === 'secrets';
  const text = new LiveText({
    ...{ what: 'yaml', target, view, transport, clock },
    withEvents: false,
    read: async (signal, uid) => {
      const object = await transport.json<KubeObject>({ path: resourcePath(resource, namespace, name), signal });
      sameObject(target, uid, object.metadata?.uid);
      return { lines: yamlLines(object, isSecret) };
    },
  });
  return { opened: { title: titleOf(target, 'yaml'), filetype: 'yaml' }, dispose: () => text.dispose() };
};
