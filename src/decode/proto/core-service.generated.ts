/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const coreService = message({
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
    1: { name: 'ports', type: 'message', many: 'list', plan: message({
      2: { name: 'protocol', type: 'string', omit: true },
      3: { name: 'port', type: 'int' },
      5: { name: 'nodePort', type: 'int', omit: true },
    }) },
    2: { name: 'selector', type: 'string', many: 'map' },
    3: { name: 'clusterIP', type: 'string', omit: true },
    18: { name: 'clusterIPs', type: 'string', many: 'list' },
    4: { name: 'type', type: 'string', omit: true },
    5: { name: 'externalIPs', type: 'string', many: 'list' },
    10: { name: 'externalName', type: 'string', omit: true },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    1: { name: 'loadBalancer', type: 'message', plan: message({
      1: { name: 'ingress', type: 'message', many: 'list', plan: message({
        1: { name: 'ip', type: 'string', omit: true },
        2: { name: 'hostname', type: 'string', omit: true },
      }) },
    }) },
  }) },
});
