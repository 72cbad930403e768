import { stringify } from 'yaml';
import type { JsonMap } from './json.ts';

/** As kubectl prints an object: keys in order of the alphabet; `yes`, `on` and the like quoted, for readers of YAML 1.1. */
export const objectText = (object: JsonMap): string =>
  stringify(object, { lineWidth: 0, compat: 'yaml-1.1', indentSeq: false, sortMapEntries: true });
