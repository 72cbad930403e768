import type { Resource } from '../protocol/resource.ts';
import type { Decoder } from './decoded.ts';
import { jsonDecoder } from './json.ts';
import { plans } from './proto/index.generated.ts';
import { protobufDecoder } from './protobuf.ts';
import { tableDecoder, wholeTableDecoder } from './table.ts';

/**
 * How a resource is read: where the caller has columns of its own for the kind (`known`) as protobuf if there is a
 * plan, else as JSON; all other kinds as the server's Table, which every server makes for every kind. `whole`: columns
 * of the user read anything of the objects.
 */
export const decoderFor = (
  resource: Pick<Resource, 'group' | 'version' | 'kind'>,
  known: boolean,
  whole = false,
): Decoder => {
  if (!known) return whole ? wholeTableDecoder : tableDecoder;
  if (whole) return jsonDecoder;
  const plan = plans.get(`${resource.group}/${resource.version}/${resource.kind}`);
  return plan === undefined ? jsonDecoder : protobufDecoder(plan);
};
