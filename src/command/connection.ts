import { type Parsed, parseArguments } from './arguments.ts';

/** What an argument list of kubectl says about where it goes and as whom. */
export type Connection = {
  /** '' is the current context of the kubeconfig. */
  readonly context: string;
  readonly kubeconfig?: string;
  readonly cluster?: string;
  readonly server?: string;
  /** It is another cluster's address, or another user, than its context says. */
  readonly overrides: boolean;
  /** False where a flag that nobody here knows may take one of these flags for its value, or have `-s` in it. */
  readonly sure: boolean;
};

/** Flags that change what a context stands for. */
const overriding = [
  ...['kubeconfig', 'server', 'cluster', 'user', 'as', 'as-group', 'as-uid', 'as-user-extra', 'token', 'username'],
  ...['password', 'client-certificate', 'client-key', 'certificate-authority', 'insecure-skip-tls-verify'],
  'tls-server-name',
];

/** For these `--user` is whom a right is given to. */
const subjects = new Set(['create rolebinding', 'create clusterrolebinding', 'set subject']);

/** Whether a flag of a line says how to connect. */
export const connects = ({ verb, words, flags }: Parsed, flag: string): boolean =>
  flags.has(flag) && !(flag === 'user' && subjects.has(`${verb} ${words[0] ?? ''}`));

/** Of kubectl's flags those that never take the next word for their value; of any other nobody here is sure. */
const switches = new Set(
  (
    'all all-containers allow-missing-template-keys attach cascade command delete-emptydir-data disable-eviction dry-run ' +
    'edit force force-conflicts ignore-daemonsets ignore-not-found local no-headers now overwrite prune quiet record rm ' +
    'save-config share-processes show-managed-fields validate wait warnings-as-errors'
  )
    .split(' ')
    .map((name) => `--${name}`),
);

/** Switches of one letter each, and `-s` among them: `-Rs https://prod`. */
const mayHide = /^-[A-Za-z]+s/;

const isConnecting = (word: string): boolean =>
  word.startsWith('-s') ||
  ['context', ...overriding].some((flag) => word === `--${flag}` || word.startsWith(`--${flag}=`));

/** `args` as kubectl gets them; of a flag that is given twice the last counts, as there. */
export const connectionOf = (args: readonly string[]): Connection => {
  const parsed = parseArguments(args);
  const { flags, unknown } = parsed;
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const mayTake = (word: string): boolean => unknown.includes(word) && !word.includes('=') && !switches.has(word);
  const sure = !own.some(
    (word, at) => (isConnecting(own[at + 1] ?? '') && mayTake(word)) || (unknown.includes(word) && mayHide.test(word)),
  );
  const said = (flag: string): Readonly<Record<string, string>> => {
    const value = flags.get(flag);
    // kubectl takes an empty value for none.
    return value === undefined || value === '' ? {} : { [flag]: value };
  };
  return {
    context: flags.get('context') ?? '',
    ...said('kubeconfig'),
    ...said('cluster'),
    ...said('server'),
    overrides: overriding.some((flag) => connects(parsed, flag)),
    sure,
  };
};
