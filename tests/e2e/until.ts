import { setTimeout } from 'node:timers/promises';
import { patience } from '../patience.ts';

/** What `look` gives, once it gives something; what it throws until then is taken for nothing. */
export const until = async <T>(what: string, look: () => Promise<T | undefined | false>, ms = 30_000): Promise<T> => {
  const end = Date.now() + ms * patience;
  for (;;) {
    const seen = await look().catch(() => undefined);
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await setTimeout(50);
  }
};
