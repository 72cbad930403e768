import { age, flag, name, text } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type Driver = KubeObject &
  Loose<{
    spec: {
      attachRequired: boolean;
      podInfoOnMount: boolean;
      storageCapacity: boolean;
      tokenRequests: { audience: string }[];
      requiresRepublish: boolean;
      volumeLifecycleModes: string[];
    };
  }>;

const audiences = ({ spec }: Driver): string =>
  spec?.tokenRequests == null ? '<unset>' : spec.tokenRequests.map(({ audience }) => audience ?? '').join(',');

/** printers.go, printCSIDriver. */
export default defineKind<Driver>({
  groups: ['storage.k8s.io'],
  kind: 'CSIDriver',
  columns: [
    name,
    flag('ATTACHREQUIRED', (driver: Driver) => driver.spec?.attachRequired ?? true),
    flag('PODINFOONMOUNT', (driver: Driver) => driver.spec?.podInfoOnMount),
    flag('STORAGECAPACITY', (driver: Driver) => driver.spec?.storageCapacity),
    text('TOKENREQUESTS', audiences),
    flag('REQUIRESREPUBLISH', (driver: Driver) => driver.spec?.requiresRepublish),
    text('MODES', (driver: Driver) => driver.spec?.volumeLifecycleModes?.join(','), '<none>'),
    age,
  ],
  fields: [
    'spec.attachRequired',
    'spec.podInfoOnMount',
    'spec.storageCapacity',
    'spec.tokenRequests.audience',
    'spec.requiresRepublish',
    'spec.volumeLifecycleModes',
  ],
  children: (row) => ({
    table: { resource: 'storageclasses.storage.k8s.io', namespaces: [], filter: `PROVISIONER=${row.name}` },
  }),
});
