/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const corePersistentVolume = message({
  1: { name: 'metadata', type: 'message', plan: message({
    1: { name: 'name', type: 'string', omit: true },
    3: { name: 'namespace', type: 'string', omit: true },
    5: { name: 'uid', type: 'string', omit: true },
    6: { name: 'resourceVersion', type: 'string', omit: true },
    8: { name: 'creationTimestamp', type: 'time', omit: true },
    9: { name: 'deletionTimestamp', type: 'time' },
    11: { name: 'labels', type: 'string', many: 'map' },
    12: { name: 'annotations', type: 'string', many: 'map' },
    13: { name: 'ownerReferences', type: 'message', many: 'list', plan: message({
      4: { name: 'uid', type: 'string' },
    }) },
  }) },
  2: { name: 'spec', type: 'message', plan: message({
    1: { name: 'capacity', type: 'quantity', many: 'map' },
    3: { name: 'accessModes', type: 'string', many: 'list' },
    4: { name: 'claimRef', type: 'message', plan: message({
      2: { name: 'namespace', type: 'string', omit: true },
      3: { name: 'name', type: 'string', omit: true },
    }) },
    5: { name: 'persistentVolumeReclaimPolicy', type: 'string', omit: true },
    6: { name: 'storageClassName', type: 'string', omit: true },
    8: { name: 'volumeMode', type: 'string' },
    10: { name: 'volumeAttributesClassName', type: 'string' },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    1: { name: 'phase', type: 'string', omit: true },
    3: { name: 'reason', type: 'string', omit: true },
  }) },
});
