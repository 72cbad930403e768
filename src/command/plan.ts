import type { CommandPlan, LogOptions, Query, Source } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import { type Parsed, parseArguments } from './arguments.ts';
import { columnsOf } from './columns.ts';
import { planGuard } from './guarded.ts';
import { type KubectlSetting, processPlan } from './process.ts';
import { planTyped } from './typed-action.ts';
import { slashed } from './typed-words.ts';

export type CommandSetting = KubectlSetting & {
  /** The client's namespaces; empty means all. */
  readonly namespaces: readonly string[];
  readonly args: readonly string[];
};

const isOn = (parsed: Parsed, flag: string): boolean => parsed.flags.get(flag) === 'true';

const onlyKnows = (parsed: Parsed, flags: readonly string[]): boolean =>
  parsed.unknown.length === 0 &&
  parsed.rest === undefined &&
  [...parsed.flags.keys()].every((flag) => flags.includes(flag));

/** undefined leaves it to the client's current namespaces. */
const namespacesOf = (parsed: Parsed): readonly string[] | undefined => {
  if (isOn(parsed, 'all-namespaces')) return [];
  const named = parsed.flags.get('namespace')?.split(',').filter(Boolean);
  // kubectl takes an empty name for no name.
  return named?.length === 0 ? undefined : named;
};

const contextOf = (parsed: Parsed): { context?: string } => {
  const context = parsed.flags.get('context');
  return context === undefined ? {} : { context };
};

const getFlags = [
  'namespace',
  'all-namespaces',
  'selector',
  'field-selector',
  'output',
  'context',
  'watch',
  'label-columns',
  'show-labels',
];

const planGet = (parsed: Parsed): CommandPlan | undefined => {
  const output = parsed.flags.get('output') ?? '';
  const columns = columnsOf(parsed, output);
  const isTable = ['', 'wide'].includes(output) || columns.only === true;
  if (!onlyKnows(parsed, getFlags) || !isTable || parsed.words.length === 0) return undefined;
  const namespaces = namespacesOf(parsed);
  const selector = parsed.flags.get('selector');
  const fieldSelector = parsed.flags.get('field-selector');
  const common = {
    ...contextOf(parsed),
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(selector === undefined ? {} : { selector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    ...(output === 'wide' ? { wide: true } : {}),
    ...columns,
  };
  const pairs = slashed(parsed.words);
  if (pairs !== undefined) {
    const byResource = new Map<string, string[]>();
    for (const { resource, name } of pairs) byResource.set(resource, [...(byResource.get(resource) ?? []), name]);
    return { do: 'table', queries: [...byResource].map(([resource, names]) => ({ ...common, resource, names })) };
  }
  const [kinds = '', ...names] = parsed.words;
  if (kinds === 'all' || kinds.includes('/')) return undefined;
  const queries = kinds
    .split(',')
    .filter(Boolean)
    .map((resource): Query => ({ ...common, resource, ...(names.length > 0 ? { names } : {}) }));
  return { do: 'table', queries };
};

/** Objects that are named one by one, of one kind or as RESOURCE/NAME. */
const namedObjects = (parsed: Parsed): readonly Source[] | undefined => {
  if (!onlyKnows(parsed, ['namespace', 'context'])) return undefined;
  const [resource = '', ...names] = parsed.words;
  const pairs = slashed(parsed.words) ?? names.map((name) => ({ resource, name }));
  if (pairs.length === 0 || resource.includes(',')) return undefined;
  const namespace = parsed.flags.get('namespace');
  return pairs.map(
    (pair): Source => ({ ...pair, ...contextOf(parsed), ...(namespace === undefined ? {} : { namespace }) }),
  );
};

const planDescribe = (parsed: Parsed): CommandPlan | undefined => {
  const sources = namedObjects(parsed);
  return sources === undefined ? undefined : { do: 'describe', sources };
};

/** What kubectl would edit in a file, `:w` writes from the object's own buffer. */
const planEdit = (parsed: Parsed): CommandPlan | undefined => {
  const sources = namedObjects(parsed);
  return sources === undefined ? undefined : { do: 'edit', sources };
};

const logFlags = ['namespace', 'context', 'container', 'follow', 'previous', 'tail', 'timestamps'];

const planLogs = (parsed: Parsed): CommandPlan | undefined => {
  const [word = '', container] = parsed.words;
  const [pair] = slashed([word]) ?? [{ resource: 'pods', name: word }];
  if (!onlyKnows(parsed, logFlags) || pair === undefined || pair.name === '' || parsed.words.length > 2)
    return undefined;
  const namespace = parsed.flags.get('namespace');
  const tail = Number(parsed.flags.get('tail') ?? Number.NaN);
  const chosen = parsed.flags.get('container') ?? container;
  const options: LogOptions = {
    follow: !isOn(parsed, 'previous') && parsed.flags.get('follow') !== 'false',
    ...(chosen === undefined ? {} : { container: chosen }),
    ...(isOn(parsed, 'previous') ? { previous: true } : {}),
    ...(isOn(parsed, 'timestamps') ? { timestamps: true } : {}),
    ...(Number.isInteger(tail) ? { tail } : {}),
  };
  const source = {
    ...pair,
    ...contextOf(parsed),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return { do: 'logs', source, options };
};

const planTop = (parsed: Parsed): CommandPlan | undefined => {
  const [word = 'pods', name] = parsed.words;
  const kind = { node: 'nodes', nodes: 'nodes', no: 'nodes', pod: 'pods', pods: 'pods', po: 'pods' }[word];
  if (!onlyKnows(parsed, ['namespace', 'all-namespaces', 'context']) || kind === undefined || name !== undefined)
    return undefined;
  const namespaces = namespacesOf(parsed);
  return {
    do: 'dashboard',
    name: 'top',
    args: { kind, ...contextOf(parsed), ...(namespaces === undefined ? {} : { namespaces: namespaces.join(',') }) },
  };
};

const planApiResources = (parsed: Parsed): CommandPlan | undefined => {
  if (!onlyKnows(parsed, ['context']) || parsed.words.length > 0) return undefined;
  return { do: 'table', queries: [{ resource: 'api-resources', ...contextOf(parsed) }] };
};

const applyFlags = ['filename', 'kustomize', 'recursive', 'prune', 'selector', 'server-side', 'namespace', 'context'];

/** Files, folders and overlays of this machine; what kubectl would fetch from elsewhere is left to it. */
const planApply = (parsed: Parsed): CommandPlan | undefined => {
  const files = parsed.flags.get('filename')?.split(',') ?? [];
  const kustomize = parsed.flags.get('kustomize');
  const prune = isOn(parsed, 'prune') ? parsed.flags.get('selector') : undefined;
  const isLocal = [...files, kustomize ?? ''].every(
    (file) => file !== '-' && !/^https?:|^git@|^github\.com/.test(file),
  );
  // A selector without --prune, and --prune without a selector, mean something else to kubectl.
  const prunes = isOn(parsed, 'prune') === parsed.flags.has('selector');
  if (!onlyKnows(parsed, applyFlags) || parsed.words.length > 0 || !isLocal || !prunes) return undefined;
  const namespace = parsed.flags.get('namespace');
  return {
    do: 'apply',
    buffer: files.length === 0 && kustomize === undefined,
    files,
    ...(kustomize === undefined ? {} : { kustomize }),
    recursive: isOn(parsed, 'recursive'),
    ...(prune === undefined ? {} : { prune }),
    ...contextOf(parsed),
    ...(namespace === undefined ? {} : { namespace }),
  };
};

/** `new RESOURCE [NAME]`, `clone RESOURCE NAME [NAME OF THE COPY]`; RESOURCE/NAME as everywhere. */
const planNew =
  (anew: 'bare' | 'copy') =>
  (parsed: Parsed): CommandPlan => {
    const [first = '', ...others] = parsed.words;
    const [pair] = slashed([first]) ?? [];
    const [name = '', copy, ...more] = pair === undefined ? others : [pair.name, ...others];
    const resource = pair?.resource ?? first;
    const fits = anew === 'bare' ? copy === undefined : name !== '' && more.length === 0;
    if (!onlyKnows(parsed, ['namespace', 'context']) || resource === '' || resource.includes(',') || !fits) {
      throw new ClusterError('invalid', `:Kubectl ${parsed.verb} does not understand this.`, {
        hint:
          anew === 'bare'
            ? 'For example :Kubectl new deployment cart -n shop. kubectl itself makes objects with :Kubectl create …'
            : 'For example :Kubectl clone deployment cart cart-two -n shop',
      });
    }
    const namespace = parsed.flags.get('namespace');
    const source = { resource, name, ...contextOf(parsed), ...(namespace === undefined ? {} : { namespace }) };
    const given = anew === 'bare' ? name : copy;
    return { do: 'new', source, anew, ...(given === undefined || given === '' ? {} : { name: given }) };
  };

const own: Readonly<Record<string, (parsed: Parsed) => CommandPlan | undefined>> = {
  apply: planApply,
  clone: planNew('copy'),
  new: planNew('bare'),
  get: planGet,
  view: planGet,
  describe: planDescribe,
  edit: planEdit,
  logs: planLogs,
  log: planLogs,
  top: planTop,
  'api-resources': planApiResources,
};

/** `:Kubectl demo` starts the throw-away cluster, `:Kubectl demo down` ends it. */
const planDemo = (parsed: Parsed, { bootstrap }: CommandSetting): CommandPlan => {
  const [word = 'up', ...more] = parsed.words;
  if (!['up', 'down', 'status'].includes(word) || more.length > 0 || parsed.unknown.length > 0) {
    const typed = [word, ...more, ...parsed.unknown].join(' ');
    throw new ClusterError('invalid', `:Kubectl demo does not know '${typed}'`, {
      hint: 'Type :Kubectl demo, :Kubectl demo status or :Kubectl demo down.',
    });
  }
  return {
    do: 'process',
    argv: [...bootstrap, 'lab', word, '--name', 'demo', ...(word === 'up' ? ['--demo'] : [])],
    env: {},
    title: `kubectl demo ${word}`,
    filetype: '',
    okCodes: [0],
    stdin: 'none',
    show: 'split',
  };
};

/** The context is said in every plan: what is opened now must not follow a later `:Kubectx`. */
const pinned = (plan: CommandPlan, { context }: CommandSetting): CommandPlan => {
  if (context === '') return plan;
  const at = <T extends { readonly context?: string }>(each: T): T => ({ context, ...each });
  switch (plan.do) {
    case 'apply':
      return at(plan);
    case 'table':
      return { ...plan, queries: plan.queries.map(at) };
    case 'describe':
    case 'edit':
      return { ...plan, sources: plan.sources.map((source) => ('name' in source ? at(source) : source)) };
    case 'action':
      return { ...plan, objects: plan.objects.map(at) };
    case 'new':
    case 'logs':
    case 'text':
      return 'name' in plan.source ? { ...plan, source: at(plan.source) } : plan;
    case 'dashboard':
      return { ...plan, args: { context, ...plan.args } };
    default:
      return plan;
  }
};

/** What a `:Kubectl …` line means: a view of ours where it is one, kubectl's own process otherwise. */
export const planCommand = (setting: CommandSetting): CommandPlan => {
  const parsed = parseArguments(setting.args);
  if (parsed.verb === '' && parsed.unknown.length === 0) {
    throw new ClusterError('invalid', 'no verb in the command', { hint: 'For example :Kubectl get pods -A' });
  }
  if (parsed.verb === 'demo') return planDemo(parsed, setting);
  if (parsed.verb === 'guard') return planGuard(parsed, setting.context);
  if (parsed.verb === 'journal' && parsed.words.length === 0) return { do: 'journal' };
  const plan = Object.hasOwn(own, parsed.verb) ? own[parsed.verb]?.(parsed) : planTyped(setting.args);
  return plan === undefined ? processPlan(parsed, setting) : pinned(plan, setting);
};
