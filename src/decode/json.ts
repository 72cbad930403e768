import type { Decoder } from './decoded.ts';
import { createJsonList } from './json-list.ts';
import { createJsonWatch } from './json-watch.ts';

/** Whole objects as JSON: every kind with a file of its own that has no protobuf plan. */
export const jsonDecoder: Decoder = {
  accept: 'application/json',
  acceptWatch: 'application/json',
  query: {},
  list: () => createJsonList(),
  watch: () => createJsonWatch(),
};
