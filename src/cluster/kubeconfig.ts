import { readFile as readFileFromDisk } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { ContextInfo } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import { didYouMean } from '../util/nearest.ts';
import {
  type ClusterEntry,
  type ContextEntry,
  type KubeconfigFile,
  readKubeconfig,
  type UserEntry,
} from './kubeconfig-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What was read last time, by path: a text that is the same is not parsed again. */
export type KeptFiles = Map<string, { readonly text: string; readonly file: KubeconfigFile }>;

export type KubeconfigSources = {
  readonly env: Environment;
  readonly home?: string;
  readonly readFile?: (path: string) => Promise<string>;
  /** Where a pod finds its service account. */
  readonly serviceAccount?: string;
  /** The files that could be read last time, by path: one that breaks or goes away counts as it was. */
  readonly kept?: KeptFiles;
};

/** Every kubeconfig file merged by kubectl's rules: of two entries with one name, and for the current context, the first counts. */
export type Kubeconfig = {
  /** The files that were read. */
  readonly files: readonly string[];
  /** KUBECONFIG's value that leads a child process to the same files. */
  readonly variable: string;
  /** '' when no file names one. */
  readonly current: string;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  /** Sentences for the user. */
  readonly problems: readonly string[];
};

const NEXT_STEP =
  'Start Neovim with KUBECONFIG=/path/to/kubeconfig, or type `:Kubectl demo` to try a throw-away cluster.';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

const errorCode = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : 'unknown error';

/** Never quotes the text: a kubeconfig holds keys. */
const parse = async (file: string, text: string): Promise<{ parsed: unknown; problem?: string }> => {
  // Loaded here so that a backend that never reads a kubeconfig (an engine worker) does not pay for the parser.
  const { LineCounter, parseDocument } = await import('./yaml.ts');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error === undefined) return { parsed: document.toJS() };
  const { line, col } = lines.linePos(error.pos[0]);
  const what = error.code.toLowerCase().replaceAll('_', ' ');
  return {
    parsed: undefined,
    problem: `${file}:${line}:${col}: not valid YAML (${what}).`,
  };
};

type Loaded =
  | { readonly path: string; readonly file: KubeconfigFile }
  | { readonly path: string; readonly missing: true };

/** A file that is cut short is mostly valid YAML; kubectl leaves an empty section where it removes the last entry. */
const lostSection = (before: KubeconfigFile, parsed: unknown): string | undefined => {
  const present = typeof parsed === 'object' && parsed !== null ? parsed : {};
  return (['clusters', 'contexts', 'users'] as const).find((name) => before[name].size > 0 && !(name in present));
};

const loadFile = async (
  path: string,
  readFile: (path: string) => Promise<string>,
  kept: KeptFiles,
): Promise<Loaded> => {
  const before = kept.get(path);
  const broken = (problem: string): Loaded => {
    if (before !== undefined)
      return { path, file: { ...before.file, problems: [`${problem} What it held before is still used.`] } };
    const empty = readKubeconfig(undefined, path, dirname(path));
    return { path, file: { ...empty, problems: [problem] } };
  };
  let text: string;
  try {
    text = await readFile(path);
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return before === undefined ? { path, missing: true } : broken(`${path} is gone.`);
    return broken(`${path} cannot be read: ${code === 'EACCES' ? 'permission denied' : code}.`);
  }
  if (text === before?.text) return { path, file: before.file };
  if (text.trim() === '' && before !== undefined) return broken(`${path} is empty.`);
  const { parsed, problem } = await parse(path, text);
  if (problem !== undefined) return broken(before === undefined ? `${problem} Nothing of this file is used.` : problem);
  const lost = before === undefined ? undefined : lostSection(before.file, parsed);
  if (lost !== undefined) return broken(`${path} has no ${lost} any more: it may be half written.`);
  const file = readKubeconfig(parsed, path, dirname(path));
  kept.set(path, { text, file });
  return { path, file };
};

const merge = (maps: readonly KubeconfigFile[]): Omit<Kubeconfig, 'files' | 'variable' | 'problems'> => {
  const firstOf = <T>(pick: (file: KubeconfigFile) => ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map(maps.toReversed().flatMap((file) => [...pick(file)]));
  const inFileOrder = <T>(pick: (file: KubeconfigFile) => ReadonlyMap<string, T>): ReadonlyMap<string, T> => {
    const winners = firstOf(pick);
    return new Map(maps.flatMap((file) => [...pick(file).keys()]).map((name) => [name, winners.get(name) as T]));
  };
  return {
    current: maps.find((file) => file.current !== '')?.current ?? '',
    clusters: inFileOrder((file) => file.clusters),
    users: inFileOrder((file) => file.users),
    contexts: inFileOrder((file) => file.contexts),
  };
};

/** The context of a pod, from its service account: used only when there is no kubeconfig at all. */
const inCluster = async (sources: KubeconfigSources, readFile: (path: string) => Promise<string>) => {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = sources.env;
  const directory = sources.serviceAccount ?? SERVICE_ACCOUNT;
  if (!host) return undefined;
  try {
    await readFile(join(directory, 'token'));
  } catch {
    return undefined;
  }
  const namespace = await readFile(join(directory, 'namespace')).catch(() => 'default');
  const name = 'in-cluster';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const cluster: ClusterEntry = {
    server,
    caFile: join(directory, 'ca.crt'),
    insecure: false,
    disableCompression: false,
  };
  return {
    current: name,
    clusters: new Map([[name, cluster]]),
    users: new Map<string, UserEntry>([[name, { tokenFile: join(directory, 'token') }]]),
    contexts: new Map([[name, { cluster: name, user: name, namespace: namespace.trim() }]]),
  };
};

const crossProblems = (config: Omit<Kubeconfig, 'files' | 'variable' | 'problems'>): string[] => {
  const problems: string[] = [];
  if (config.current !== '' && !config.contexts.has(config.current)) {
    const hint = didYouMean(config.current, config.contexts.keys());
    problems.push(`The current context "${config.current}" is not defined.${hint === undefined ? '' : ` ${hint}`}`);
  }
  for (const [name, context] of config.contexts) {
    if (!config.clusters.has(context.cluster)) {
      problems.push(`Context "${name}" names the cluster "${context.cluster}", which is not defined.`);
    }
    if (context.user !== '' && !config.users.has(context.user)) {
      problems.push(`Context "${name}" names the user "${context.user}", which is not defined.`);
    }
  }
  return problems;
};

/** Reads KUBECONFIG's files, or ~/.kube/config, or the service account of the pod. Never throws, never writes. */
export const loadKubeconfig = async (sources: KubeconfigSources): Promise<Kubeconfig> => {
  const readFile = sources.readFile ?? ((path: string) => readFileFromDisk(path, 'utf8'));
  const named = (sources.env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  const standard = join(sources.home ?? sources.env.HOME ?? homedir(), '.kube', 'config');
  const paths = [...new Set((named.length > 0 ? named : [standard]).map((path) => resolve(path)))];
  const kept: KeptFiles = sources.kept ?? new Map();
  const loaded = await Promise.all(paths.map((path) => loadFile(path, readFile, kept)));
  const files = loaded.filter((entry) => 'file' in entry);
  const variable = paths.join(delimiter);
  if (files.length === 0) {
    const pod = await inCluster(sources, readFile);
    if (pod !== undefined) return { files: [], variable: '', problems: [], ...pod };
    const missing = paths.length === 1 ? 'which does not exist' : 'none of which exists';
    const tried =
      named.length > 0
        ? `KUBECONFIG names ${paths.join(' and ')}, ${missing}`
        : `KUBECONFIG is not set and there is no ${standard}`;
    const problem = `No kubeconfig was found: ${tried}. ${NEXT_STEP}`;
    return { files: [], variable, problems: [problem], ...merge([]) };
  }
  const merged = merge(files.map(({ file }) => file));
  const problems = [...files.flatMap(({ file }) => file.problems), ...crossProblems(merged)];
  if (merged.contexts.size === 0) {
    problems.push(`No context is defined in ${files.map(({ path }) => path).join(', ')}. ${NEXT_STEP}`);
  }
  return { files: files.map(({ path }) => path), variable, problems, ...merged };
};

/** Every context as the editor lists them; no credentials. */
export const contextInfos = (config: Kubeconfig): readonly ContextInfo[] =>
  [...config.contexts].map(([name, context]) => ({
    name,
    cluster: context.cluster,
    server: config.clusters.get(context.cluster)?.server ?? '',
    user: context.user,
    namespace: context.namespace,
  }));

export type ResolvedContext = {
  readonly name: string;
  readonly context: ContextEntry;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
};

/** The entries of a context; '' means the current one. An unknown name offers the nearest. */
export const findContext = (config: Kubeconfig, typed: string): ResolvedContext => {
  const name = typed === '' ? config.current : typed;
  if (name === '') {
    throw new ClusterError('not-found', config.problems[0] ?? 'No current context is set.', {
      hint: 'Choose one with :Kubectx.',
    });
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    const from = config.files.length === 0 ? 'no kubeconfig was found' : `looked in ${config.files.join(', ')}`;
    throw new ClusterError('not-found', `There is no context "${name}" (${from}).`, {
      hint: didYouMean(name, config.contexts.keys()) ?? 'List the contexts with :Kubectx.',
    });
  }
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined || cluster.server === '') {
    const what = cluster === undefined ? 'is not defined' : 'has no server';
    throw new ClusterError('invalid', `Context "${name}" names the cluster "${context.cluster}", which ${what}.`, {
      hint: `Correct it in ${config.files.join(', ')}.`,
    });
  }
  const user = context.user === '' ? {} : config.users.get(context.user);
  if (user === undefined) {
    throw new ClusterError('invalid', `Context "${name}" names the user "${context.user}", which is not defined.`, {
      hint: `Correct it in ${config.files.join(', ')}.`,
    });
  }
  return { name, context, cluster, user };
};
