import type { Clock } from '../util/clock.ts';
import { type ListRequest, readPage } from './list.ts';

/** Objects of a first screen, with room for a tall one. */
const screenful = '100';

/**
 * Asks for a screenful while the server is still preparing a long list: it prepares all of it before the first byte,
 * but a page in no time. Short lists come before this begins. Returns how to end it.
 */
export const startPreview = (request: ListRequest, clock: Clock): (() => void) => {
  const ended = new AbortController();
  const cancel = clock.after(request.limits.previewMs, () => {
    const signal = AbortSignal.any([request.signal, ended.signal]);
    // Whatever is wrong, the list itself meets it too and says so.
    readPage({ ...request, signal }, { limit: screenful }).catch(() => {});
  });
  return () => {
    cancel();
    ended.abort();
  };
};
