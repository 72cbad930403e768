import type { CommandPlan } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import { withoutSecrets } from '../util/plain-text.ts';
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

const needsTerminal = (parsed: Parsed): boolean =>
  interactive.has(parsed.verb) ||
  (['exec', 'run'].includes(parsed.verb) &&
    ['tty', 'stdin'].some((flag) => parsed.flags.has(flag) && parsed.flags.get(flag) !== 'false'));

/** With one of these the user says where to go; a context or namespace of ours would send the line elsewhere. */
const ownConnection = ['kubeconfig', 'server', 'cluster'];

/** Verbs that act on named objects of one namespace: where is never guessed. */
const acting = new Set(
  'annotate attach autoscale cp create debug delete edit exec expose label patch port-forward replace rollout run scale set'.split(
    ' ',
  ),
);

const namespaceFlags = (parsed: Parsed, { namespaces, args }: KubectlSetting): readonly string[] => {
  const [only, second] = namespaces;
  const told = parsed.flags.has('namespace') || parsed.flags.has('all-namespaces');
  // The namespaces were chosen for the current context; another one has its own default.
  if (told || parsed.flags.has('context') || readsManifests(parsed)) return [];
  if (only !== undefined && second === undefined) return [`--namespace=${only}`];
  if (parsed.verb === 'get') return only === undefined ? ['--all-namespaces'] : [];
  if (!acting.has(parsed.verb)) return [];
  const chosen = only === undefined ? 'all namespaces are' : `the namespaces ${namespaces.join(', ')} are`;
  throw new ClusterError('invalid', `':Kubectl ${args.join(' ')}' does not say where: ${chosen} chosen`, {
    hint: 'Add -n NAMESPACE, or choose one with :Kubens.',
  });
};

const setting = (parsed: Parsed, kubectl: KubectlSetting): readonly string[] => {
  if (contextFree.has(parsed.verb) || ownConnection.some((flag) => parsed.flags.has(flag))) return [];
  const context = parsed.flags.has('context') || kubectl.context === '' ? [] : [`--context=${kubectl.context}`];
  return [...context, ...namespaceFlags(parsed, kubectl)];
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
    title: withoutSecrets(`kubectl ${kubectl.args.join(' ')}`),
    filetype: parsed.verb === 'diff' ? 'diff' : (fileTypes[parsed.flags.get('output') ?? ''] ?? ''),
    // `kubectl diff` exits 1 when there is a difference: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_diff/
    okCodes: parsed.verb === 'diff' ? [0, 1] : [0],
    stdin: fromBuffer ? 'buffer' : 'none',
    show: needsTerminal(parsed) ? 'terminal' : 'split',
  };
};
