import { serverClock } from '../cluster/server-clock.ts';
import type { Transport } from '../cluster/transport.ts';
import { decoderFor } from '../decode/decoder-for.ts';
import { jsonDecoder } from '../decode/json.ts';
import { containersOf, containersProcessor } from '../processors/containers.ts';
import { readsObjects, withCustom } from '../processors/custom-columns.ts';
import { processorFor } from '../processors/for-resource.ts';
import { isCustom } from '../protocol/built-in-groups.ts';
import type { Resource } from '../protocol/resource.ts';
import { openFeed } from '../store/open-feed.ts';
import type { Feed, Scope } from '../store/registry.ts';
import type { Clock } from '../util/clock.ts';

type Options = { readonly transport: Transport; readonly clock: Clock };

/** The containers of a pod: rows of parts of what is read. */
const openContainers = (scope: Scope, pods: Resource, { transport, clock }: Options): Feed => {
  const processor = containersProcessor(pods);
  return openFeed(scope, {
    transport,
    decoder: jsonDecoder,
    expand: containersOf,
    processorFor: () => processor,
    clock,
    random: Math.random,
  });
};

/** The store of one scope, with the reader that fits its resource. */
export const openScope = (scope: Scope, options: Options): Feed => {
  const { resource, via, custom } = scope;
  const { transport, clock } = options;
  if (via !== undefined) return openContainers(scope, via, options);
  const found = processorFor(resource, serverClock(transport, clock).now);
  const own = found.kind === 'own';
  // Nobody here knows the kind of a custom resource, but its conditions say how it is (doc/decisions/016).
  const whole = (!own && isCustom(resource)) || (custom !== undefined && readsObjects(custom));
  return openFeed(scope, {
    transport,
    decoder: decoderFor(resource, own, whole),
    processorFor: (columns) => {
      const processor = found.kind === 'own' ? found.processor : found.create(columns ?? []);
      return custom === undefined ? processor : withCustom(processor, custom, resource);
    },
    clock,
    random: Math.random,
  });
};
