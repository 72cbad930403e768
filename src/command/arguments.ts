/**
 * kubectl's command line as far as the plugin acts on it itself. What a flag takes is kubectl's: a flag that is not
 * listed here makes the whole line kubectl's business, so nothing is ever half understood.
 */
export type Parsed = {
  readonly verb: string;
  readonly words: readonly string[];
  /** Long names; a switch has the value 'true'. */
  readonly flags: ReadonlyMap<string, string>;
  /** Flags this table does not know. */
  readonly unknown: readonly string[];
  /** After `--`. */
  readonly rest: readonly string[] | undefined;
};

/** Flags by how they are written, with their long names. */
export type Flags = {
  /** They take a value, also as the next word. */
  readonly valued: Readonly<Record<string, string>>;
  /** They take none, or one behind `=`. */
  readonly switches: Readonly<Record<string, string>>;
};

const valued: Flags['valued'] = {
  '-n': 'namespace',
  '--namespace': 'namespace',
  '-l': 'selector',
  '--selector': 'selector',
  '--field-selector': 'field-selector',
  '-L': 'label-columns',
  '--label-columns': 'label-columns',
  '-o': 'output',
  '--output': 'output',
  '--context': 'context',
  '-c': 'container',
  '--container': 'container',
  '--tail': 'tail',
  '-f': 'filename',
  '--filename': 'filename',
  '-k': 'kustomize',
  '--kustomize': 'kustomize',
  '--kubeconfig': 'kubeconfig',
  '-s': 'server',
  '--server': 'server',
  '--cluster': 'cluster',
  '--user': 'user',
  '--as': 'as',
  '--as-group': 'as-group',
  '--as-uid': 'as-uid',
  '--as-user-extra': 'as-user-extra',
  '--token': 'token',
  '--username': 'username',
  '--password': 'password',
  '--client-certificate': 'client-certificate',
  '--client-key': 'client-key',
  '--certificate-authority': 'certificate-authority',
  '--tls-server-name': 'tls-server-name',
  '--request-timeout': 'request-timeout',
};

const switches: Flags['switches'] = {
  '--insecure-skip-tls-verify': 'insecure-skip-tls-verify',
  '-A': 'all-namespaces',
  '--all-namespaces': 'all-namespaces',
  '--show-labels': 'show-labels',
  '-R': 'recursive',
  '--recursive': 'recursive',
  '--prune': 'prune',
  '--server-side': 'server-side',
  '-w': 'watch',
  '--watch': 'watch',
  '-p': 'previous',
  '--previous': 'previous',
  '--follow': 'follow',
  '--timestamps': 'timestamps',
  '-i': 'stdin',
  '--stdin': 'stdin',
  '-t': 'tty',
  '--tty': 'tty',
};

/** Given several times, these add up. */
const lists = new Set(['filename', 'label-columns']);

/** For these verbs `-f` is --follow, not --filename. */
const followers = new Set(['logs', 'log']);

type Flag = { readonly name: string; readonly value: string | undefined; readonly takesValue: boolean };

/** `-it`, `-ti`: two switches in one word, also with `=true` behind. */
const together = /^-(it|ti)(=(.*))?$/;

const flagOf = (word: string, verb: string, own: Flags): Flag | undefined => {
  const both = together.exec(word);
  if (both !== null) return { name: 'tty', value: both[3], takesValue: false };
  const [typed = '', attached] = word.startsWith('--') ? word.split(/=(.*)/s, 2) : [word];
  // kubectl takes `--as_group` for `--as-group` (WordSepNormalizeFunc of k8s.io/component-base/cli/flag).
  const head = typed.replaceAll('_', '-');
  if (head === '-f' && followers.has(verb)) return { name: 'follow', value: attached, takesValue: false };
  const switchName = own.switches[head] ?? (head in own.valued ? undefined : switches[head]);
  if (switchName !== undefined) return { name: switchName, value: attached, takesValue: false };
  const valueName = own.valued[head] ?? valued[head];
  if (valueName !== undefined) return { name: valueName, value: attached, takesValue: true };
  // `-nshop`, `-owide`: a short flag with its value attached.
  const short = own.valued[word.slice(0, 2)] ?? valued[word.slice(0, 2)];
  if (!word.startsWith('--') && short !== undefined && word.length > 2) {
    return { name: short, value: word.slice(2).replace(/^=/, ''), takesValue: true };
  }
  return undefined;
};

const none: Flags = { valued: {}, switches: {} };

/** `own` are flags of the verb itself; they come before those that all have. */
export const parseArguments = (args: readonly string[], own: Flags = none): Parsed => {
  const words: string[] = [];
  const flags = new Map<string, string>();
  const unknown: string[] = [];
  let rest: readonly string[] | undefined;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    if (word === '--') {
      rest = args.slice(at + 1);
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const flag = flagOf(word, words[0] ?? '', own);
    if (flag === undefined) {
      unknown.push(word);
      continue;
    }
    const value = flag.takesValue ? (flag.value ?? args[++at]) : (flag.value ?? 'true');
    if (value === undefined) unknown.push(word);
    else
      flags.set(flag.name, lists.has(flag.name) && flags.has(flag.name) ? `${flags.get(flag.name)},${value}` : value);
  }
  const [verb = '', ...others] = words;
  return { verb, words: others, flags, unknown, rest };
};
