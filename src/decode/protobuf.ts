import type { Decoder } from './decoded.ts';
import { createJsonList } from './json-list.ts';
import { createJsonWatch } from './json-watch.ts';
import type { Plan } from './proto/plan.ts';
import { createProtobufList } from './protobuf-list.ts';
import { createProtobufWatch } from './protobuf-watch.ts';

const isJson = (contentType: string | undefined): boolean => contentType?.startsWith('application/json') === true;

/**
 * Built-in kinds in protobuf: lengths let the reader skip what no column reads, which is most of an object. Servers
 * that have no protobuf answer the JSON that is also accepted.
 */
export const protobufDecoder = (plan: Plan): Decoder => ({
  accept: 'application/vnd.kubernetes.protobuf,application/json',
  acceptWatch: 'application/vnd.kubernetes.protobuf;stream=watch,application/json',
  query: {},
  list: (contentType) => (isJson(contentType) ? createJsonList() : createProtobufList(plan)),
  watch: (contentType) => (isJson(contentType) ? createJsonWatch() : createProtobufWatch(plan)),
});
