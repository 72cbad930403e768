import { age, flag, nameOrDefault, text } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type StorageClass = KubeObject &
  Loose<{ provisioner: string; reclaimPolicy: string; volumeBindingMode: string; allowVolumeExpansion: boolean }>;

/** printers.go, printStorageClass. */
export default defineKind<StorageClass>({
  groups: ['storage.k8s.io'],
  kind: 'StorageClass',
  columns: [
    nameOrDefault('storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'),
    text('PROVISIONER', (of: StorageClass) => of.provisioner),
    text('RECLAIMPOLICY', (of: StorageClass) => of.reclaimPolicy ?? 'Delete'),
    text('VOLUMEBINDINGMODE', (of: StorageClass) => of.volumeBindingMode ?? 'Immediate'),
    flag('ALLOWVOLUMEEXPANSION', (of: StorageClass) => of.allowVolumeExpansion),
    age,
  ],
  fields: ['metadata.annotations', 'provisioner', 'reclaimPolicy', 'volumeBindingMode', 'allowVolumeExpansion'],
  children: (row) => ({
    table: { resource: 'persistentvolumes', namespaces: [], filter: `STORAGECLASS=${row.name}` },
  }),
});
