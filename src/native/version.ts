import { protocol } from './channel.ts';
import type { GoHost } from './host.ts';

/** A first answer, long after which something is broken. */
const patience = 5_000;

/** The version of kubectl inside, which also proves that the Go side answers. */
export const readVersion = async (host: GoHost): Promise<string> => {
  try {
    const data = await host.call({
      method: 'version',
      client: 0,
      params: null,
      what: () => 'start kubectl’s code',
      signal: AbortSignal.timeout(patience),
    });
    const answer: { readonly protocol: number; readonly kubectl: string } = JSON.parse(data);
    if (answer.protocol !== protocol) {
      throw new Error(
        `it speaks protocol ${answer.protocol} and the plugin ${protocol}: it was built from another version`,
      );
    }
    return humanVersion(answer.kubectl);
  } catch (error) {
    host.dispose();
    throw error;
  }
};

/** The Go module k8s.io/kubectl v0.36.3 is kubectl 1.36.3. */
const humanVersion = (module: string): string => module.replace(/^v0\./, '1.').replace(/^v/, '');
