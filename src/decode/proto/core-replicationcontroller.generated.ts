/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const coreReplicationController = message({
  1: { name: 'metadata', type: 'message', plan: message({
    1: { name: 'name', type: 'string', omit: true },
    3: { name: 'namespace', type: 'string', omit: true },
    5: { name: 'uid', type: 'string', omit: true },
    6: { name: 'resourceVersion', type: 'string', omit: true },
    8: { name: 'creationTimestamp', type: 'time', omit: true },
    9: { name: 'deletionTimestamp', type: 'time' },
    11: { name: 'labels', type: 'string', many: 'map' },
    13: { name: 'ownerReferences', type: 'message', many: 'list', plan: message({
      4: { name: 'uid', type: 'string' },
    }) },
  }) },
  2: { name: 'spec', type: 'message', plan: message({
    1: { name: 'replicas', type: 'int' },
    2: { name: 'selector', type: 'string', many: 'map' },
    3: { name: 'template', type: 'message', plan: message({
      2: { name: 'spec', type: 'message', plan: message({
        2: { name: 'containers', type: 'message', many: 'list', nil: true, plan: message({
          1: { name: 'name', type: 'string' },
          2: { name: 'image', type: 'string', omit: true },
        }) },
      }) },
    }) },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    1: { name: 'replicas', type: 'int' },
    4: { name: 'readyReplicas', type: 'int', omit: true },
    6: { name: 'conditions', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'status', type: 'string' },
    }) },
  }) },
});
