import type { Health } from '../../protocol/row.ts';
import { named } from '../children.ts';
import { age, flag, name, text, uniqueText } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type VolumeAttachment = KubeObject &
  Loose<{
    spec: { attacher: string; nodeName: string; source: { persistentVolumeName: string } };
    status: { attached: boolean; attachError: { time: string }; detachError: { time: string } };
  }>;

const health = ({ metadata, status }: VolumeAttachment): Health => {
  if (status?.attachError != null || status?.detachError != null) return 'error';
  return status?.attached === true && metadata?.deletionTimestamp == null ? 'ok' : 'pending';
};

const volume = ({ spec }: VolumeAttachment): string => spec?.source?.persistentVolumeName ?? '';

/** printers.go, printVolumeAttachment. */
export default defineKind<VolumeAttachment>({
  groups: ['storage.k8s.io'],
  kind: 'VolumeAttachment',
  columns: [
    name,
    text('ATTACHER', (of: VolumeAttachment) => of.spec?.attacher),
    uniqueText('PV', volume),
    text('NODE', (of: VolumeAttachment) => of.spec?.nodeName),
    flag('ATTACHED', (of: VolumeAttachment) => of.status?.attached),
    age,
  ],
  fields: [
    'spec.attacher',
    'spec.nodeName',
    'spec.source.persistentVolumeName',
    'status.attached',
    'status.attachError.time',
    'status.detachError.time',
  ],
  health,
  facts: (of) => (volume(of) === '' ? undefined : { volume: volume(of) }),
  children: (row) => named('persistentvolumes', '', row.facts?.volume),
});
