import type { Transport } from '../cluster/transport.ts';
import { isMap, type JsonMap } from '../objects/json.ts';
import { exportedOf } from '../objects/shown.ts';
import { objectText } from '../objects/text.ts';
import { isSecret, resourcePath, type Target } from '../protocol/resource.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { sanitizeKeepingTabs } from './session-state.ts';

export type ExportFormat = 'yaml' | 'json';

/** At once; more only queue in the server. */
const parallel = 8;

/** A request each: more is a dump, for which one list is the better way. */
const most = 500;

/** The object as it is now; undefined when it is gone or another one has its name. */
const read = async (target: Target, transport: Transport): Promise<JsonMap | undefined> => {
  const { resource, namespace, name, uid } = target;
  try {
    const object = await transport.json<JsonMap>({ path: resourcePath(resource, namespace, name) });
    if (uid !== undefined && (!isMap(object.metadata) || object.metadata.uid !== uid)) return undefined;
    return exportedOf(object, isSecret(target));
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
  const objects = (await mapLimited(targets, parallel, async (target) => await read(target, transport))).filter(
    (object) => object !== undefined,
  );
  const [first] = objects;
  const whole: JsonMap =
    objects.length === 1 && first !== undefined ? first : { apiVersion: 'v1', kind: 'List', items: objects };
  const lines =
    format === 'json'
      ? JSON.stringify(whole, undefined, 4).split('\n')
      : objectText(whole).trimEnd().split('\n').map(sanitizeKeepingTabs);
  return { lines, missing: targets.length - objects.length };
};
