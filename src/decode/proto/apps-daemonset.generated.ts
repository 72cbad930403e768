/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const appsDaemonSet = message({
  1: { name: 'metadata', type: 'message', plan: message({
    1: { name: 'name', type: 'string', omit: true },
    3: { name: 'namespace', type: 'string', omit: true },
    5: { name: 'uid', type: 'string', omit: true },
    6: { name: 'resourceVersion', type: 'string', omit: true },
    7: { name: 'generation', type: 'int', omit: true },
    8: { name: 'creationTimestamp', type: 'time', omit: true },
    9: { name: 'deletionTimestamp', type: 'time' },
    11: { name: 'labels', type: 'string', many: 'map' },
    13: { name: 'ownerReferences', type: 'message', many: 'list', plan: message({
      4: { name: 'uid', type: 'string' },
    }) },
  }) },
  2: { name: 'spec', type: 'message', plan: message({
    1: { name: 'selector', type: 'message', plan: message({
      1: { name: 'matchLabels', type: 'string', many: 'map' },
      2: { name: 'matchExpressions', type: 'message', many: 'list', plan: message({
        1: { name: 'key', type: 'string' },
        2: { name: 'operator', type: 'string' },
        3: { name: 'values', type: 'string', many: 'list' },
      }) },
    }) },
    2: { name: 'template', type: 'message', plan: message({
      2: { name: 'spec', type: 'message', plan: message({
        2: { name: 'containers', type: 'message', many: 'list', nil: true, plan: message({
          1: { name: 'name', type: 'string' },
          2: { name: 'image', type: 'string', omit: true },
        }) },
        7: { name: 'nodeSelector', type: 'string', many: 'map' },
      }) },
    }) },
    3: { name: 'updateStrategy', type: 'message', plan: message({
      1: { name: 'type', type: 'string', omit: true },
    }) },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    1: { name: 'currentNumberScheduled', type: 'int' },
    3: { name: 'desiredNumberScheduled', type: 'int' },
    4: { name: 'numberReady', type: 'int' },
    5: { name: 'observedGeneration', type: 'int', omit: true },
    6: { name: 'updatedNumberScheduled', type: 'int', omit: true },
    7: { name: 'numberAvailable', type: 'int', omit: true },
  }) },
});
