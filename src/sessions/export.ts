import type { Transport } from '../cluster/transport.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { type KubeObject, withoutManagedFields, withoutValues, yamlLines } from './yaml.ts';

export type ExportFormat = 'yaml' | 'json';

/** At once; more only queue in the server. */
const parallel = 8;

/** A request each: more is a dump, for which one list is the better way. */
const most = 500;

type List = KubeObject & { readonly apiVersion: string; readonly kind: string; readonly items: readonly KubeObject[] };

const isSecret = ({ resource }: Target): boolean => resource.group === '' && resource.resource === 'secrets';

/** The object as it is now; undefined when it is gone or another one has its name. */
const read = async (target: Target, transport: Transport): Promise<KubeObject | undefined> => {
  const { resource, namespace, name, uid } = target;
  try {
    const object = await transport.json<KubeObject>({ path: resourcePath(resource, namespace, name) });
    if (uid !== undefined && object.metadata?.uid !== uid) return undefined;
    return withoutManagedFields(withoutValues(object, isSecret(target)));
  } catch (thrown) {
    if (asClusterError(thrown).code === 'not-found') return undefined;
    throw thrown;
  }
};

/** Whole objects as kubectl prints them, several as its List, without managedFields and without values of secrets. */
export const exportObjects = async (
  targets: readonly Target[],
  format: ExportFormat,
  transport: Transport,
): Promise<{ readonly lines: readonly string[]; readonly missing: number }> => {
  if (targets.length > most) {
    throw new ClusterError('invalid', `${targets.length} objects are too many to be read one by one (most: ${most}).`, {
      hint: 'Filter the table, or take the rows as CSV or JSON.',
    });
  }
  const objects = (await mapLimited(targets, parallel, async (target) => await read(target, transport))).flatMap(
    (object) => object ?? [],
  );
  const [first] = objects;
  const whole: KubeObject | List =
    objects.length === 1 && first !== undefined ? first : { apiVersion: 'v1', kind: 'List', items: objects };
  const lines = format === 'json' ? JSON.stringify(whole, undefined, 4).split('\n') : yamlLines(whole, false);
  return { lines, missing: targets.length - objects.length };
};
