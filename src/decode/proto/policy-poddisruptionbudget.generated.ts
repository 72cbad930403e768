/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const policyPodDisruptionBudget = message({
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
    1: { name: 'minAvailable', type: 'intOrString' },
    2: { name: 'selector', type: 'message', plan: message({
      1: { name: 'matchLabels', type: 'string', many: 'map' },
      2: { name: 'matchExpressions', type: 'message', many: 'list', plan: message({
        1: { name: 'key', type: 'string' },
        2: { name: 'operator', type: 'string' },
        3: { name: 'values', type: 'string', many: 'list' },
      }) },
    }) },
    3: { name: 'maxUnavailable', type: 'intOrString' },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    1: { name: 'observedGeneration', type: 'int', omit: true },
    3: { name: 'disruptionsAllowed', type: 'int' },
    4: { name: 'currentHealthy', type: 'int' },
    5: { name: 'desiredHealthy', type: 'int' },
    7: { name: 'conditions', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'status', type: 'string' },
      5: { name: 'reason', type: 'string' },
    }) },
  }) },
});
