/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const coreEvent = message({
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
  2: { name: 'involvedObject', type: 'message', plan: message({
    1: { name: 'kind', type: 'string', omit: true },
    2: { name: 'namespace', type: 'string', omit: true },
    3: { name: 'name', type: 'string', omit: true },
    5: { name: 'apiVersion', type: 'string', omit: true },
    7: { name: 'fieldPath', type: 'string', omit: true },
  }) },
  3: { name: 'reason', type: 'string', omit: true },
  4: { name: 'message', type: 'string', omit: true },
  5: { name: 'source', type: 'message', plan: message({
    1: { name: 'component', type: 'string', omit: true },
    2: { name: 'host', type: 'string', omit: true },
  }) },
  6: { name: 'firstTimestamp', type: 'time' },
  7: { name: 'lastTimestamp', type: 'time' },
  8: { name: 'count', type: 'int', omit: true },
  9: { name: 'type', type: 'string', omit: true },
  10: { name: 'eventTime', type: 'microTime' },
  11: { name: 'series', type: 'message', plan: message({
    1: { name: 'count', type: 'int', omit: true },
    2: { name: 'lastObservedTime', type: 'microTime' },
  }) },
  14: { name: 'reportingComponent', type: 'string' },
  15: { name: 'reportingInstance', type: 'string' },
});
