/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const networkingIngress = message({
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
    4: { name: 'ingressClassName', type: 'string' },
    1: { name: 'defaultBackend', type: 'message', plan: message({
      4: { name: 'service', type: 'message', plan: message({
        1: { name: 'name', type: 'string' },
      }) },
    }) },
    2: { name: 'tls', type: 'message', many: 'list', plan: message({
      1: { name: 'hosts', type: 'string', many: 'list' },
    }) },
    3: { name: 'rules', type: 'message', many: 'list', plan: message({
      1: { name: 'host', type: 'string', omit: true },
      2: { name: '', type: 'message', inline: true, plan: message({
        1: { name: 'http', type: 'message', plan: message({
          1: { name: 'paths', type: 'message', many: 'list', nil: true, plan: message({
            2: { name: 'backend', type: 'message', plan: message({
              4: { name: 'service', type: 'message', plan: message({
                1: { name: 'name', type: 'string' },
              }) },
            }) },
          }) },
        }) },
      }) },
    }) },
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
