/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const admissionregistrationValidatingWebhookConfiguration = message({
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
  2: { name: 'webhooks', type: 'message', many: 'list', plan: message({
    1: { name: 'name', type: 'string' },
    2: { name: 'clientConfig', type: 'message', plan: message({
      3: { name: 'url', type: 'string' },
      1: { name: 'service', type: 'message', plan: message({
        1: { name: 'namespace', type: 'string' },
        2: { name: 'name', type: 'string' },
      }) },
    }) },
    4: { name: 'failurePolicy', type: 'string' },
  }) },
});
