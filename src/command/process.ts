import type { CommandPlan } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import type { Parsed } from './arguments.ts';

export type KubectlSetting = {
  readonly args: readonly string[];
  readonly context: string;
  readonly namespaces: readonly string[];
  /** KUBECONFIG for the process; the client's namespace is the default of its context there (`readsManifests`). */
  readonly kubeconfig: string | undefined;
  /** Runs a command of the plugin's own set-up, for example `lab`. */
  readonly bootstrap: readonly string[];
  /** The kubectl binary; undefined when none was found. */
  readonly kubectl: string | undefined;
};

/** Verbs that talk to the user's terminal. */
const interactive = new Set(['edit', 'attach', 'debug', 'port-forward', 'proxy']);

/** Verbs that speak about the client or the kubeconfig: a context or namespace of ours would be wrong there. */
const contextFree = new Set(['config', 'completion', 'kustomize', 'plugin', 'help', 'options', '']);

const fileTypes: Readonly<Record<string, string>> = { yaml: 'yaml', json: 'json', name: '' };

/** Verbs that read manifests: without -f and -k they take the buffer's text. */
const manifestVerbs = new Set(['apply', 'diff', 'create', 'replace']);

const readsBuffer = (parsed: Parsed): boolean =>
  manifestVerbs.has(parsed.verb) &&
  parsed.words.length === 0 &&
  !parsed.flags.has('filename') &&
  !parsed.flags.has('kustomize');

/** Manifests may name namespaces of their own, which `--namespace` would refuse: they need a default instead. */
export const readsManifests = (parsed: Parsed): boolean =>
  readsBuffer(parsed) || parsed.flags.has('filename') || parsed.flags.has('kustomize');

const needsTerminal = (parsed: Parsed): boolean => {
  if (interactive.has(parsed.verb)) return true;
  const asked = (letter: string): boolean =>
    parsed.unknown.some((flag) => /^-[a-z]+$/.test(flag) && flag.includes(letter));
  return ['exec', 'run'].includes(parsed.verb) && (asked('i') || asked('t') || parsed.unknown.includes('--tty'));
};

const setting = (parsed: Parsed, { context, namespaces }: KubectlSetting): string[] => {
  if (contextFree.has(parsed.verb)) return [];
  const added: string[] = [];
  if (!parsed.flags.has('context') && context !== '') added.push(`--context=${context}`);
  const [only, second] = namespaces;
  const told = parsed.flags.has('namespace') || parsed.flags.has('all-namespaces');
  if (!told && !readsManifests(parsed) && only !== undefined && second === undefined) added.push(`--namespace=${only}`);
  return added;
};

/** kubectl itself, with the plugin's context and namespace, as an argument list: nothing passes through a shell. */
export const processPlan = (parsed: Parsed, kubectl: KubectlSetting): CommandPlan => {
  if (kubectl.kubectl === undefined) {
    throw new ClusterError(
      'unsupported',
      `':Kubectl ${kubectl.args.join(' ')}' needs the kubectl program and none is on PATH`,
      {
        hint: 'Install kubectl, or set `kubectl_cmd` in setup().',
      },
    );
  }
  const fromBuffer = readsBuffer(parsed);
  const added = [...(fromBuffer ? ['-f', '-'] : []), ...setting(parsed, kubectl)];
  const end = kubectl.args.indexOf('--');
  const args =
    end < 0 ? [...kubectl.args, ...added] : [...kubectl.args.slice(0, end), ...added, ...kubectl.args.slice(end)];
  return {
    do: 'process',
    argv: [kubectl.kubectl, ...args],
    env: kubectl.kubeconfig === undefined ? {} : { KUBECONFIG: kubectl.kubeconfig },
    title: `kubectl ${kubectl.args.join(' ')}`,
    filetype: parsed.verb === 'diff' ? 'diff' : (fileTypes[parsed.flags.get('output') ?? ''] ?? ''),
    // `kubectl diff` exits 1 when there is a difference: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_diff/
    okCodes: parsed.verb === 'diff' ? [0, 1] : [0],
    stdin: fromBuffer ? 'buffer' : 'none',
    show: needsTerminal(parsed) ? 'terminal' : 'split',
  };
};
