/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { message } from './plan.ts';

export const status = message({
  3: { name: 'message', type: 'string', omit: true },
  4: { name: 'reason', type: 'string', omit: true },
  5: { name: 'details', type: 'message', plan: message({
    4: { name: 'causes', type: 'message', many: 'list', plan: message({
      1: { name: 'reason', type: 'string', omit: true },
    }) },
    5: { name: 'retryAfterSeconds', type: 'int', omit: true },
  }) },
  6: { name: 'code', type: 'int', omit: true },
});
