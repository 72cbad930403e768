import type { Health } from '../../protocol/row.ts';
import { named } from '../children.ts';
import { age, name, namespace, quantity, status, text, uniqueText, wide } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { Condition, KubeObject, Loose } from '../objects.ts';
import { healthStyle } from '../row-parts.ts';
import { accessModes, classOf, phaseOf } from '../storage.ts';

type Claim = KubeObject &
  Loose<{
    spec: {
      volumeName: string;
      storageClassName: string;
      volumeMode: string;
      volumeAttributesClassName: string;
    };
    status: { phase: string; accessModes: string[]; capacity: Record<string, string>; conditions: Condition[] };
  }>;

const phase = (claim: Claim): string => phaseOf(claim, claim.status?.phase);

const phaseHealth = (word: string): Health => {
  if (word === 'Bound') return 'ok';
  if (word === 'Pending' || word === 'Terminating') return 'pending';
  return word === 'Lost' ? 'error' : 'unknown';
};

/** A claim that works but cannot become what it should: k8s.io/api/core/v1, PersistentVolumeClaimConditionType. */
const failing = new Set(['ControllerResizeError', 'NodeResizeError', 'ModifyVolumeError']);

const health = (claim: Claim): Health => {
  const byPhase = phaseHealth(phase(claim));
  const conditions = claim.status?.conditions ?? [];
  const fails = conditions.some(({ type, status: state }) => failing.has(type ?? '') && state === 'True');
  return byPhase === 'ok' && fails ? 'warning' : byPhase;
};

/** Only a claim with a volume has a capacity; then one that is not known reads as zero. */
const capacity = ({ spec, status: state }: Claim): string =>
  spec?.volumeName ? (state?.capacity?.storage ?? '0') : '';

/** printers.go, printPersistentVolumeClaim. */
export default defineKind<Claim>({
  groups: [''],
  kind: 'PersistentVolumeClaim',
  columns: [
    namespace,
    name,
    status('STATUS', phase, (word) => healthStyle(phaseHealth(word))),
    uniqueText('VOLUME', (claim: Claim) => claim.spec?.volumeName),
    quantity('CAPACITY', capacity),
    text('ACCESS MODES', (claim: Claim) => (claim.spec?.volumeName ? accessModes(claim.status?.accessModes) : '')),
    text('STORAGECLASS', (claim: Claim) => classOf(claim, claim.spec?.storageClassName)),
    text('VOLUMEATTRIBUTESCLASS', (claim: Claim) => claim.spec?.volumeAttributesClassName ?? '<unset>'),
    age,
    wide(text('VOLUMEMODE', (claim: Claim) => claim.spec?.volumeMode ?? '<unset>')),
  ],
  fields: [
    'metadata.annotations',
    'spec.volumeName',
    'spec.storageClassName',
    'spec.volumeMode',
    'spec.volumeAttributesClassName',
    'status.phase',
    'status.accessModes',
    'status.capacity',
    'status.conditions.type',
    'status.conditions.status',
  ],
  health,
  facts: ({ spec }) => (spec?.volumeName ? { volume: spec.volumeName } : undefined),
  children: (row) => ({ mounts: row.name }),
  parent: (row) => named('persistentvolumes', '', row.facts?.volume),
});
