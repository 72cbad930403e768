/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const coreNode = message({
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
    4: { name: 'unschedulable', type: 'bool', omit: true },
    5: { name: 'taints', type: 'message', many: 'list', plan: message({
      1: { name: 'key', type: 'string' },
      2: { name: 'value', type: 'string', omit: true },
      3: { name: 'effect', type: 'string' },
    }) },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    2: { name: 'allocatable', type: 'quantity', many: 'map' },
    4: { name: 'conditions', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'status', type: 'string' },
    }) },
    5: { name: 'addresses', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
      2: { name: 'address', type: 'string' },
    }) },
    7: { name: 'nodeInfo', type: 'message', plan: message({
      4: { name: 'kernelVersion', type: 'string' },
      5: { name: 'osImage', type: 'string' },
      6: { name: 'containerRuntimeVersion', type: 'string' },
      7: { name: 'kubeletVersion', type: 'string' },
      10: { name: 'architecture', type: 'string' },
    }) },
  }) },
});
