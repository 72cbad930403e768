import type { Resource } from '../protocol/resource.ts';
import type { Decoder } from './decoded.ts';
import { jsonDecoder } from './json.ts';
import { tableDecoder } from './table.ts';

/**
 * How a resource is read: whole objects where the caller has columns of its own for the kind (`known`), else the
 * server's Table, which every server makes for every kind.
 */
export const decoderFor = (_resource: Pick<Resource, 'group' | 'version' | 'resource'>, known: boolean): Decoder =>
  known ? jsonDecoder : tableDecoder;
