import { createRequire } from 'node:module';
import type { Channel, Connect, Receive } from './channel.ts';
import { protocol } from './channel.ts';
import { createGoClient } from './go-client.ts';
import { GoHost } from './host.ts';
import type { Native } from './types.ts';
import { readVersion } from './version.ts';

/** What the .node file exports. */
type Addon = { readonly protocol: number; readonly Channel: new (receive: Receive) => Channel };

const isAddon = (exported: unknown): exported is Addon =>
  typeof exported === 'object' &&
  exported !== null &&
  'protocol' in exported &&
  'Channel' in exported &&
  typeof exported.Channel === 'function';

/** Loads a .node file and waits for its first answer. Throws what the dynamic loader says, or a sentence. */
export const loadAddon = async (file: string): Promise<Omit<Native, 'why'>> => {
  const exported: unknown = createRequire(import.meta.url)(file);
  if (!isAddon(exported)) throw new Error('it is an addon, but not this plugin’s');
  if (exported.protocol !== protocol) {
    throw new Error(
      `it speaks protocol ${exported.protocol} and the plugin ${protocol}: it was built from another version`,
    );
  }
  const connect: Connect = (receive) => new exported.Channel(receive);
  const host = new GoHost(connect);
  const version = await readVersion(host);
  return { kind: 'addon', version, client: (spec) => createGoClient(host, spec), dispose: () => host.dispose() };
};
