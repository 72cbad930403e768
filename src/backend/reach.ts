import type { Kubeconfig } from '../cluster/kubeconfig.ts';
import type { Connection } from '../command/connection.ts';
import type { Verdict } from '../command/guarded.ts';
import type { GuardMode } from '../protocol/wire.ts';
import { type Guards, isStricter } from './guards.ts';

export type ReachOptions = {
  /** What the user's own contexts are. */
  readonly config: Kubeconfig;
  readonly guards: Guards;
  /** Another kubeconfig that kubectl is told to read; undefined: the user's own. */
  readonly other: Kubeconfig | undefined;
};

/** host:port and path of an address, so that two ways to write one compare equal. */
const addressOf = (server: string | undefined): { readonly host: string; readonly path: string } | undefined => {
  const url = URL.parse(server?.includes('://') === true ? server : `https://${server ?? ''}`);
  if (server === undefined || server === '' || url === null) return undefined;
  const name = url.hostname.replace(/\.$/, '').toLowerCase();
  const loopback = name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name);
  const port = url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port;
  return {
    host: `${loopback ? 'localhost' : name}:${port}`,
    path: url.pathname.replace(/\/+/g, '/').replace(/\/$/, ''),
  };
};

/** Contexts at an address: the very same, else all of that host, which may be a gateway to several clusters. */
const contextsAt = (server: string | undefined, config: Kubeconfig): { same: boolean; names: readonly string[] } => {
  const wanted = addressOf(server);
  if (wanted === undefined) return { same: false, names: [] };
  const at = [...config.contexts].map(([name, { cluster }]) => ({
    name,
    address: addressOf(config.clusters.get(cluster)?.server),
  }));
  const near = at.filter(({ address }) => address?.host === wanted.host);
  const exact = near.filter(({ address }) => address?.path === wanted.path);
  return { same: exact.length > 0, names: (exact.length > 0 ? exact : near).map(({ name }) => name) };
};

type Guarded = { readonly mode: GuardMode; readonly name: string };

const strictest = (names: readonly string[], guards: Guards): Guarded | undefined => {
  const all = names.map((name): Guarded => ({ mode: guards.of(name).mode, name }));
  return all.reduce<Guarded | undefined>(
    (best, each) => (best === undefined || isStricter(each.mode, best.mode) ? each : best),
    undefined,
  );
};

/** Nobody knows what is there: while anything is guarded, it is too; a rule for every name holds for it. */
const unknown = (guards: Guards): GuardMode => {
  const { mode } = guards.of('');
  return mode === 'open' && guards.any() ? 'typed' : mode;
};

const ofContext = ({ mode, name }: Guarded, before = ''): Verdict => ({
  mode,
  word: name === '' ? 'elsewhere' : name,
  place: `${before}Context "${name}"`,
  hint: `\`:Kubectl guard open --context=${name}\` allows it until Neovim ends`,
});

const cannotTell = (config: Kubeconfig, guards: Guards): Verdict => {
  const worst = strictest([...config.contexts.keys()], guards);
  const least = unknown(guards);
  return {
    mode: worst !== undefined && isStricter(worst.mode, least) ? worst.mode : least,
    word: 'elsewhere',
    place: 'Where this line goes cannot be told for sure, and a context that it may reach',
    hint: 'Write the flag before the one that says where to go with `=` and its value, and `-s` as a word of its own',
  };
};

/**
 * What a line of kubectl would reach, and how careful that is to be handled. A context that is only named is handled as
 * its own guard says. Whatever says otherwise where to go, or as whom, is judged by the strictest guard of the contexts at
 * that address; an address of none of them is unknown. A name in another kubeconfig can only make it stricter.
 */
export const verdictOn = (
  { context, cluster, server: typed, overrides, sure }: Connection,
  { config, guards, other }: ReachOptions,
): Verdict => {
  if (!sure) return cannotTell(config, guards);
  const read = other ?? config;
  const name = context === '' ? read.current : context;
  if (!overrides && other === undefined) return ofContext({ mode: guards.of(name).mode, name });
  const server = typed ?? read.clusters.get(cluster ?? read.contexts.get(name)?.cluster ?? '')?.server;
  const { same, names } = contextsAt(server, config);
  const named = typed === undefined && cluster === undefined && name !== '' ? [name] : [];
  const worst = strictest([...names, ...named], guards);
  const least = same ? 'open' : unknown(guards);
  const host = addressOf(server)?.host;
  if (worst !== undefined && !isStricter(least, worst.mode))
    return ofContext(worst, `This line goes to ${host ?? 'an unknown address'}. `);
  return {
    mode: least,
    word: host ?? 'elsewhere',
    place: `This line goes to ${host ?? 'an address'} that no context here has; it`,
    hint: 'A context for it, with a guard of its own, says how careful to be',
  };
};
