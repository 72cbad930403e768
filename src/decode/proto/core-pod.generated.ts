/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const corePod = message({
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
    20: { name: 'initContainers', type: 'message', many: 'list', plan: message({
      1: { name: 'name', type: 'string' },
      8: { name: 'resources', type: 'message', plan: message({
        1: { name: 'limits', type: 'quantity', many: 'map' },
        2: { name: 'requests', type: 'quantity', many: 'map' },
      }) },
      24: { name: 'restartPolicy', type: 'string' },
    }) },
    2: { name: 'containers', type: 'message', many: 'list', nil: true, plan: message({
      1: { name: 'name', type: 'string' },
      2: { name: 'image', type: 'string', omit: true },
      8: { name: 'resources', type: 'message', plan: message({
        1: { name: 'limits', type: 'quantity', many: 'map' },
        2: { name: 'requests', type: 'quantity', many: 'map' },
      }) },
    }) },
    10: { name: 'nodeName', type: 'string', omit: true },
    28: { name: 'readinessGates', type: 'message', many: 'list', plan: message({
      1: { name: 'conditionType', type: 'string' },
    }) },
    32: { name: 'overhead', type: 'quantity', many: 'map' },
    40: { name: 'resources', type: 'message', plan: message({
      1: { name: 'limits', type: 'quantity', many: 'map' },
      2: { name: 'requests', type: 'quantity', many: 'map' },
    }) },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    1: { name: 'phase', type: 'string', omit: true },
    2: { name: 'conditions', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'status', type: 'string' },
      5: { name: 'reason', type: 'string', omit: true },
    }) },
    4: { name: 'reason', type: 'string', omit: true },
    11: { name: 'nominatedNodeName', type: 'string', omit: true },
    6: { name: 'podIP', type: 'string', omit: true },
    10: { name: 'initContainerStatuses', type: 'message', many: 'list', plan: message({
      1: { name: 'name', type: 'string' },
      2: { name: 'state', type: 'message', plan: message({
        1: { name: 'waiting', type: 'message', plan: message({
          1: { name: 'reason', type: 'string', omit: true },
        }) },
        2: { name: 'running', type: 'message', plan: message({
          1: { name: 'startedAt', type: 'time' },
        }) },
        3: { name: 'terminated', type: 'message', plan: message({
          1: { name: 'exitCode', type: 'int' },
          2: { name: 'signal', type: 'int', omit: true },
          3: { name: 'reason', type: 'string', omit: true },
        }) },
      }) },
      3: { name: 'lastState', type: 'message', plan: message({
        3: { name: 'terminated', type: 'message', plan: message({
          6: { name: 'finishedAt', type: 'time' },
        }) },
      }) },
      4: { name: 'ready', type: 'bool' },
      5: { name: 'restartCount', type: 'int' },
      9: { name: 'started', type: 'bool' },
    }) },
    8: { name: 'containerStatuses', type: 'message', many: 'list', plan: message({
      1: { name: 'name', type: 'string' },
      2: { name: 'state', type: 'message', plan: message({
        1: { name: 'waiting', type: 'message', plan: message({
          1: { name: 'reason', type: 'string', omit: true },
        }) },
        2: { name: 'running', type: 'message', plan: message({
          1: { name: 'startedAt', type: 'time' },
        }) },
        3: { name: 'terminated', type: 'message', plan: message({
          1: { name: 'exitCode', type: 'int' },
          2: { name: 'signal', type: 'int', omit: true },
          3: { name: 'reason', type: 'string', omit: true },
        }) },
      }) },
      3: { name: 'lastState', type: 'message', plan: message({
        3: { name: 'terminated', type: 'message', plan: message({
          6: { name: 'finishedAt', type: 'time' },
        }) },
      }) },
      4: { name: 'ready', type: 'bool' },
      5: { name: 'restartCount', type: 'int' },
      9: { name: 'started', type: 'bool' },
    }) },
  }) },
});
