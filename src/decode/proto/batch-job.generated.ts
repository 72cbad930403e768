/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const batchJob = message({
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
    1: { name: 'parallelism', type: 'int' },
    2: { name: 'completions', type: 'int' },
    4: { name: 'selector', type: 'message', plan: message({
      1: { name: 'matchLabels', type: 'string', many: 'map' },
      2: { name: 'matchExpressions', type: 'message', many: 'list', plan: message({
        1: { name: 'key', type: 'string' },
        2: { name: 'operator', type: 'string' },
        3: { name: 'values', type: 'string', many: 'list' },
      }) },
    }) },
    6: { name: 'template', type: 'message', plan: message({
      2: { name: 'spec', type: 'message', plan: message({
        2: { name: 'containers', type: 'message', many: 'list', nil: true, plan: message({
          1: { name: 'name', type: 'string' },
          2: { name: 'image', type: 'string', omit: true },
        }) },
      }) },
    }) },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    1: { name: 'conditions', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'status', type: 'string' },
    }) },
    2: { name: 'startTime', type: 'time' },
    3: { name: 'completionTime', type: 'time' },
    5: { name: 'succeeded', type: 'int', omit: true },
    6: { name: 'failed', type: 'int', omit: true },
  }) },
});
