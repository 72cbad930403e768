/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const eventsEvent = message({
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
  2: { name: 'eventTime', type: 'microTime' },
  3: { name: 'series', type: 'message', plan: message({
    1: { name: 'count', type: 'int' },
    2: { name: 'lastObservedTime', type: 'microTime' },
  }) },
  4: { name: 'reportingController', type: 'string', omit: true },
  5: { name: 'reportingInstance', type: 'string', omit: true },
  7: { name: 'reason', type: 'string', omit: true },
  8: { name: 'regarding', type: 'message', plan: message({
    1: { name: 'kind', type: 'string', omit: true },
    2: { name: 'namespace', type: 'string', omit: true },
    3: { name: 'name', type: 'string', omit: true },
    5: { name: 'apiVersion', type: 'string', omit: true },
    7: { name: 'fieldPath', type: 'string', omit: true },
  }) },
  10: { name: 'note', type: 'string', omit: true },
  11: { name: 'type', type: 'string', omit: true },
  12: { name: 'deprecatedSource', type: 'message', plan: message({
    1: { name: 'component', type: 'string', omit: true },
    2: { name: 'host', type: 'string', omit: true },
  }) },
  13: { name: 'deprecatedFirstTimestamp', type: 'time' },
  14: { name: 'deprecatedLastTimestamp', type: 'time' },
  15: { name: 'deprecatedCount', type: 'int', omit: true },
});
