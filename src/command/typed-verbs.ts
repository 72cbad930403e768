/** kubectl's commands that are actions of the plugin, and what their words and flags are there. */
import type { Flags, Parsed } from './arguments.ts';
import {
  type InputValues,
  inputsOf,
  isNodeWord,
  type Named,
  nodesOf,
  numberOf,
  objectsOf,
  secondsOf,
  splitAt,
  switchOf,
} from './typed-words.ts';

type Reading = { readonly objects: readonly Named[] | undefined; readonly inputs: InputValues | undefined };

export type Verb = {
  /** Id of the action. */
  readonly action: string;
  /** Besides those that say where. */
  readonly flags: Flags;
  /** undefined, also in its parts: not understood. `words` are those behind the command's own. */
  readonly read: (words: readonly string[], parsed: Parsed) => Reading | undefined;
};

const flags = (valued: string, switches = ''): Flags => {
  const table = (names: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      names
        .split(' ')
        .filter(Boolean)
        .map((name) => [`--${name}`, name]),
    );
  return { valued: table(valued), switches: table(switches) };
};

/** No inputs but the objects. */
const bare = (action: string): Verb => ({
  action,
  flags: flags(''),
  read: (words) => ({ objects: objectsOf(words), inputs: {} }),
});

const cascades: Readonly<Record<string, string>> = {
  background: 'background',
  true: 'background',
  foreground: 'foreground',
  orphan: 'orphan',
  false: 'orphan',
};

const podWords = new Set(['pod', 'pods', 'po']);

/** As kubectl reads them: 0 seconds without --force are 1, --force alone is 0. */
const graceInputs = (parsed: Parsed): InputValues | undefined => {
  const [force, now] = [switchOf(parsed, 'force'), switchOf(parsed, 'now')];
  const given = numberOf(parsed, 'grace-period', -1);
  if (force === undefined || now === undefined || given === undefined) return undefined;
  // kubectl refuses both together, in its own words.
  if ((now && given !== -1) || (force && (now || given > 0))) return undefined;
  if (force) return { force };
  const grace = now ? 1 : given;
  if (grace === -1) return {};
  return grace < 0 ? undefined : { grace: Math.max(1, grace) };
};

const deletion: Verb = {
  action: 'delete',
  flags: flags('grace-period', 'force now cascade wait'),
  read: (words, parsed) => {
    const objects = objectsOf(words);
    const grace = graceInputs(parsed);
    const cascade = cascades[parsed.flags.get('cascade') ?? 'background'];
    // Nothing waits here: the tables show when it is gone.
    if (objects === undefined || grace === undefined || cascade === undefined) return undefined;
    if (parsed.flags.has('wait') && parsed.flags.get('wait') !== 'false') return undefined;
    // Only pods have a grace.
    if (Object.keys(grace).length > 0 && !objects.every(({ resource }) => podWords.has(resource))) return undefined;
    return { objects, inputs: { ...grace, cascade } };
  },
};

const scale: Verb = {
  action: 'scale',
  flags: flags('replicas'),
  read: (words, parsed) => {
    const replicas = numberOf(parsed, 'replicas', -1);
    if (replicas === undefined || replicas < 0) return undefined;
    return { objects: objectsOf(words), inputs: { replicas } };
  },
};

const setImage: Verb = {
  action: 'set-image',
  flags: flags(''),
  read: (words) => {
    const split = splitAt(words, (word) => word.includes('='));
    const images = split?.pairs.map((pair) => pair.split(/=(.*)/s, 2)) ?? [];
    const names = new Set(images.map(([name]) => name));
    // `*=image` is every container; a container twice is a mistake.
    if (split === undefined || names.size < images.length || names.has('*') || names.has('')) return undefined;
    if (images.some(([, image]) => image === '')) return undefined;
    return {
      objects: objectsOf(split.objects),
      inputs: Object.fromEntries(images.map(([name, image = '']) => [`image:${name}`, image])),
    };
  },
};

/** A value with blanks goes in quotes; one with a quote in it cannot. */
const quoted = (word: string): string => (/\s/.test(word) ? `"${word}"` : word);

/** `key=value` and `key-`. */
const marking = (action: string): Verb => ({
  action,
  flags: flags('', 'overwrite'),
  read: (words, parsed) => {
    const split = splitAt(words, (word) => /^[^=].*=/s.test(word) || /^[^=]+-$/.test(word));
    if (split === undefined || split.pairs.some((word) => word.includes('"'))) return undefined;
    const overwrite = switchOf(parsed, 'overwrite');
    return {
      objects: objectsOf(split.objects),
      inputs: inputsOf({ pairs: split.pairs.map(quoted).join(' '), overwrite }),
    };
  },
});

const taint: Verb = {
  action: 'taint',
  flags: flags('', 'overwrite'),
  read: ([node = '', ...words], parsed) => {
    const split = splitAt(words, (word) => /[=:]/.test(word) || word.endsWith('-'));
    if (split === undefined || !isNodeWord(node) || split.pairs.some((word) => /\s/.test(word))) return undefined;
    const overwrite = switchOf(parsed, 'overwrite');
    return { objects: nodesOf(split.objects), inputs: inputsOf({ taints: split.pairs.join(' '), overwrite }) };
  },
};

const ofNodes = (action: string): Verb => ({
  action,
  flags: flags(''),
  read: (words) => ({ objects: nodesOf(words), inputs: {} }),
});

const drain: Verb = {
  action: 'drain',
  flags: flags('grace-period timeout', 'ignore-daemonsets delete-emptydir-data force'),
  read: (words, parsed) => ({
    objects: nodesOf(words),
    // All of them: what kubectl does without a flag is not what the form proposes.
    inputs: inputsOf({
      grace: numberOf(parsed, 'grace-period', -1),
      timeout: secondsOf(parsed, 'timeout', 0),
      daemonSets: switchOf(parsed, 'ignore-daemonsets'),
      emptyDir: switchOf(parsed, 'delete-emptydir-data'),
      force: switchOf(parsed, 'force'),
    }),
  }),
};

const undo: Verb = {
  action: 'rollout-undo',
  flags: flags('to-revision'),
  read: (words, parsed) => {
    const revision = numberOf(parsed, 'to-revision', 0);
    return revision === undefined || revision < 0 ? undefined : { objects: objectsOf(words), inputs: { revision } };
  },
};

const autoscale: Verb = {
  action: 'autoscale',
  flags: flags('min max cpu-percent cpu'),
  read: (words, parsed) => {
    const cpu = parsed.flags.get('cpu') ?? parsed.flags.get('cpu-percent');
    const percent = cpu === undefined ? 80 : /^\d{1,5}%?$/.test(cpu) ? Number.parseInt(cpu, 10) : undefined;
    // Without % --cpu is an amount of cores.
    const amount = parsed.flags.has('cpu') && !cpu?.endsWith('%');
    if (!parsed.flags.has('max') || amount || (parsed.flags.has('cpu') && parsed.flags.has('cpu-percent')))
      return undefined;
    return {
      objects: objectsOf(words),
      inputs: inputsOf({ min: numberOf(parsed, 'min', 1), max: numberOf(parsed, 'max', 0), cpu: percent }),
    };
  },
};

const expose: Verb = {
  action: 'expose',
  flags: flags('port target-port name type'),
  read: (words, parsed) => {
    const objects = objectsOf(words);
    const port = numberOf(parsed, 'port', 0);
    const target = numberOf(parsed, 'target-port', port ?? 0);
    const type = parsed.flags.get('type') ?? 'ClusterIP';
    const known = ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(type);
    // Without --port kubectl takes those of the containers, all of them.
    if (objects?.length !== 1 || !known || port === undefined || port < 1 || target === undefined) return undefined;
    const name = parsed.flags.get('name');
    return { objects, inputs: { port, target, type, ...(name === undefined || name === '' ? {} : { name }) } };
  },
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const patch: Verb = {
  action: 'patch',
  flags: { valued: { '-p': 'patch', '--patch': 'patch', '--type': 'type' }, switches: {} },
  read: (words, parsed) => {
    const [text = '', type = 'strategic'] = [parsed.flags.get('patch'), parsed.flags.get('type')];
    // kubectl also takes YAML.
    if (!isJson(text) || !['strategic', 'merge', 'json'].includes(type)) return undefined;
    return { objects: objectsOf(words), inputs: { type, patch: text } };
  },
};

/** By the command's words. */
export const verbs: Readonly<Record<string, Verb>> = {
  annotate: marking('annotate'),
  autoscale,
  cordon: ofNodes('cordon'),
  delete: deletion,
  drain,
  expose,
  label: marking('label'),
  patch,
  'rollout history': bare('rollout-history'),
  'rollout pause': bare('rollout-pause'),
  'rollout restart': bare('restart'),
  'rollout resume': bare('rollout-resume'),
  'rollout status': bare('rollout-status'),
  'rollout undo': undo,
  scale,
  'set image': setImage,
  taint,
  uncordon: ofNodes('uncordon'),
};
