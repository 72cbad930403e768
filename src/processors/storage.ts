import type { KubeObject, Maybe } from './objects.ts';

/** What claims and volumes have in common. */

/** GetAccessModesAsString: always in this order, each once; other modes have no short form. */
const shortModes = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const;

export const accessModes = (modes: Maybe<readonly string[]>): string =>
  shortModes
    .filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');

/** GetPersistentVolumeClass, GetPersistentVolumeClaimClass: the annotation of old wins, even when it is empty. */
export const classOf = ({ metadata }: KubeObject, name: Maybe<string>): string =>
  metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? name ?? '';

/** The phase, and that the object is going. */
export const phaseOf = ({ metadata }: KubeObject, phase: Maybe<string>): string =>
  metadata?.deletionTimestamp == null ? (phase ?? '') : 'Terminating';
