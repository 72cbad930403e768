import type { KubeObject } from '../journal/kept-object.ts';
import { resourcePath, type Target } from '../protocol/resource.ts';
import { asClusterError } from '../util/error.ts';
import type { Ability } from './ability.ts';

/** As often as the drain itself looks at what is left. */
const EVERY_MS = 1_000;

const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

export type SameNode = {
  /** Aborted once the node is gone or another one. */
  readonly signal: AbortSignal;
  /** Looks now; at most one look is under way. */
  readonly look: () => Promise<void>;
  readonly end: () => void;
};

/**
 * Looks every second, and whenever asked to, whether a node still is the one of `uid`: draining takes long, and nodes are
 * known to kubectl's code by name. That the server does not answer proves nothing.
 */
export const followNode = (target: Target, uid: string | undefined, ability: Ability): SameNode => {
  const over = new AbortController();
  const lost = new AbortController();
  let looking: Promise<void> | undefined;
  const once = async (): Promise<void> => {
    const path = resourcePath(target.resource, target.namespace, target.name);
    const request = { path, headers: { accept: metadataOnly }, signal: over.signal };
    try {
      const { metadata } = await ability.transport.json<KubeObject>(request);
      if (metadata?.uid !== uid) lost.abort();
    } catch (thrown) {
      if (asClusterError(thrown).code === 'not-found') lost.abort();
    }
  };
  const look = (): Promise<void> => {
    looking ??= once().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const done = AbortSignal.any([over.signal, lost.signal]);
  const follow = async (): Promise<void> => {
    while (!done.aborted) {
      await ability.sleep(EVERY_MS, done);
      if (!done.aborted) await look();
    }
  };
  void follow();
  return { signal: lost.signal, look, end: () => over.abort() };
};
