/** Vitest's own waits, made as patient as ours. */
import { expect, vi } from 'vitest';
import { patience } from '../patience.ts';

/** Vitest's default, in ms. */
const shortest = 1_000;

type Patient = { readonly timeout?: number };

const stretched = <T extends Patient>(options: T | number | undefined): T => {
  const given = typeof options === 'number' ? ({ timeout: options } as T) : (options ?? ({} as T));
  return { ...given, timeout: (given.timeout ?? shortest) * patience };
};

const { poll } = expect;
const { waitFor, waitUntil } = vi;
if (patience !== 1) {
  expect.poll = (ask, options) => poll(ask, stretched(options));
  vi.waitFor = (ask, options) => waitFor(ask, stretched(options));
  vi.waitUntil = (ask, options) => waitUntil(ask, stretched(options));
}
