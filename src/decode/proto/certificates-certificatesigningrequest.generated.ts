/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const certificatesCertificateSigningRequest = message({
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
    7: { name: 'signerName', type: 'string' },
    8: { name: 'expirationSeconds', type: 'int' },
    2: { name: 'username', type: 'string', omit: true },
  }) },
  3: { name: 'status', type: 'message', plan: message({
    1: { name: 'conditions', type: 'message', many: 'list', plan: message({
      1: { name: 'type', type: 'string' },
    }) },
    2: { name: 'certificate', type: 'bytes', omit: true },
  }) },
});
