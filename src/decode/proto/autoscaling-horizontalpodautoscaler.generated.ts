/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const autoscalingHorizontalPodAutoscaler = message({
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
    1: { name: 'scaleTargetRef', type: 'message', plan: message({
      1: { name: 'kind', type: 'string' },
      2: { name: 'name', type: 'string' },
      3: { name: 'apiVersion', type: 'string', omit: true },
    }) },
    2: { name: 'minReplicas', type: 'int' },
    3: { name: 'maxReplicas', type: 'int' },
    4: { name: 'metrics', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'object', type: 'message', plan: message({
        2: { name: 'target', type: 'message', plan: message({
          2: { name: 'value', type: 'quantity' },
          3: { name: 'averageValue', type: 'quantity' },
        }) },
      }) },
      3: { name: 'pods', type: 'message', plan: message({
        2: { name: 'target', type: 'message', plan: message({
          3: { name: 'averageValue', type: 'quantity' },
        }) },
      }) },
      4: { name: 'resource', type: 'message', plan: message({
        1: { name: 'name', type: 'string' },
        2: { name: 'target', type: 'message', plan: message({
          3: { name: 'averageValue', type: 'quantity' },
          4: { name: 'averageUtilization', type: 'int' },
        }) },
      }) },
      7: { name: 'containerResource', type: 'message', plan: message({
        1: { name: 'name', type: 'string' },
        2: { name: 'target', type: 'message', plan: message({
          3: { name: 'averageValue', type: 'quantity' },
          4: { name: 'averageUtilization', type: 'int' },
        }) },
      }) },
      5: { name: 'external', type: 'message', plan: message({
        2: { name: 'target', type: 'message', plan: message({
          2: { name: 'value', type: 'quantity' },
          3: { name: 'averageValue', type: 'quantity' },
        }) },
      }) },
    }) },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    3: { name: 'currentReplicas', type: 'int', omit: true },
    5: { name: 'currentMetrics', type: 'message', many: 'list', nil: true, plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'object', type: 'message', plan: message({
        2: { name: 'current', type: 'message', plan: message({
          1: { name: 'value', type: 'quantity' },
          2: { name: 'averageValue', type: 'quantity' },
        }) },
      }) },
      3: { name: 'pods', type: 'message', plan: message({
        2: { name: 'current', type: 'message', plan: message({
          2: { name: 'averageValue', type: 'quantity' },
        }) },
      }) },
      4: { name: 'resource', type: 'message', plan: message({
        1: { name: 'name', type: 'string' },
        2: { name: 'current', type: 'message', plan: message({
          2: { name: 'averageValue', type: 'quantity' },
          3: { name: 'averageUtilization', type: 'int' },
        }) },
      }) },
      7: { name: 'containerResource', type: 'message', plan: message({
        1: { name: 'name', type: 'string' },
        2: { name: 'current', type: 'message', plan: message({
          2: { name: 'averageValue', type: 'quantity' },
          3: { name: 'averageUtilization', type: 'int' },
        }) },
      }) },
      5: { name: 'external', type: 'message', plan: message({
        2: { name: 'current', type: 'message', plan: message({
          1: { name: 'value', type: 'quantity' },
          2: { name: 'averageValue', type: 'quantity' },
        }) },
      }) },
    }) },
    6: { name: 'conditions', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'status', type: 'string' },
      4: { name: 'reason', type: 'string', omit: true },
    }) },
  }) },
});
