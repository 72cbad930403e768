import type { Health } from '../../protocol/row.ts';
import { named } from '../children.ts';
import { age, name, quantity, status, text, uniqueText, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';
import { healthStyle } from '../row-parts.ts';
import { accessModes, classOf, phaseOf } from '../storage.ts';

type Volume = KubeObject &
  Loose<{
    spec: {
      capacity: Record<string, string>;
      accessModes: string[];
      persistentVolumeReclaimPolicy: string;
      claimRef: { namespace: string; name: string };
      storageClassName: string;
      volumeMode: string;
      volumeAttributesClassName: string;
    };
    status: { phase: string; reason: string };
  }>;

const phase = (volume: Volume): string => phaseOf(volume, volume.status?.phase);

/** A released volume holds data that nobody claims any more: somebody has to decide about it. */
const phaseHealth = (word: string): Health => {
  if (word === 'Bound' || word === 'Available') return 'ok';
  if (word === 'Pending' || word === 'Terminating') return 'pending';
  if (word === 'Released') return 'warning';
  return word === 'Failed' ? 'error' : 'unknown';
};

const claim = ({ spec }: Volume): string => {
  const reference = spec?.claimRef;
  return reference == null ? '' : `${reference.namespace ?? ''}/${reference.name ?? ''}`;
};

/** printers.go, printPersistentVolume. */
export default defineKind<Volume>({
  groups: [''],
  kind: 'PersistentVolume',
  columns: [
    name,
    quantity('CAPACITY', (volume: Volume) => volume.spec?.capacity?.storage ?? '0'),
    text('ACCESS MODES', (volume: Volume) => accessModes(volume.spec?.accessModes)),
    text('RECLAIM POLICY', (volume: Volume) => volume.spec?.persistentVolumeReclaimPolicy),
    status('STATUS', phase, (word) => healthStyle(phaseHealth(word))),
    uniqueText('CLAIM', claim),
    text('STORAGECLASS', (volume: Volume) => classOf(volume, volume.spec?.storageClassName)),
    text('VOLUMEATTRIBUTESCLASS', (volume: Volume) => volume.spec?.volumeAttributesClassName ?? '<unset>'),
    text('REASON', (volume: Volume) => volume.status?.reason),
    age,
    wide(text('VOLUMEMODE', (volume: Volume) => volume.spec?.volumeMode ?? '<unset>')),
  ],
  fields: [
    'metadata.annotations',
    'spec.capacity',
    'spec.accessModes',
    'spec.persistentVolumeReclaimPolicy',
    'spec.claimRef.namespace',
    'spec.claimRef.name',
    'spec.storageClassName',
    'spec.volumeMode',
    'spec.volumeAttributesClassName',
    'status.phase',
    'status.reason',
  ],
  health: (volume) => phaseHealth(phase(volume)),
  facts: ({ spec }) => {
    const { namespace, name: of } = spec?.claimRef ?? {};
    return namespace && of ? { namespace, claim: of } : undefined;
  },
  children: ({ facts }) => named('persistentvolumeclaims', facts?.namespace ?? '', facts?.claim),
});
