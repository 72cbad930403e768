import type { KubeObject } from '../journal/kept-object.ts';
import { type Operation, step } from '../journal/reverse.ts';
import type { Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { containersOf } from './containers.ts';
import { isNode } from './cordon.ts';
import { at, fieldsAt, listAt, podSpecPath, rollsOut } from './fields.ts';

/**
 * A field of objects that can be written in an edited table. Whether an object has it is asked of the object and of
 * what its resource serves, not of its kind; an entry in `editables` is all that a new one needs.
 */
export type Editable = {
  readonly title: string;
  /** The cell; undefined for an object that has no such field. Equal fields give equal texts. */
  readonly read: (object: KubeObject, target: Target) => string | undefined;
  /** What was typed as `read` would give it. Throws ClusterError('invalid') for what makes no sense. */
  readonly parse: (text: string) => string;
  /** What makes the field of an object as it is now read as `text`, which `parse` has given. */
  readonly operations: (object: KubeObject, text: string) => readonly Operation[];
  /** What else happens, behind the change in the plan: ` (rolls out)`. */
  readonly besides?: (object: KubeObject) => string;
};

const invalid = (title: string, text: string, wanted: string): ClusterError =>
  new ClusterError('invalid', `${title}: ${wanted}, not "${text}".`);

const count = (title: string, field: string, able: (target: Target) => boolean = () => true): Editable => ({
  title,
  read: (object, target) => {
    const value = at(object, 'spec', field);
    return typeof value === 'number' && able(target) ? String(value) : undefined;
  },
  parse: (text) => {
    if (!/^\d{1,9}$/.test(text)) throw invalid(title, text, 'a number, 0 or more');
    return String(Number(text));
  },
  operations: (_object, text) => [{ op: 'replace', path: `/spec/${field}`, value: Number(text) }],
});

const flag = (title: string, field: string, has: Editable['read']): Editable => ({
  title,
  read: has,
  parse: (text) => {
    const word = text.toLowerCase();
    if (['true', 'yes', 'y'].includes(word)) return 'true';
    if (['false', 'no', 'n'].includes(word)) return 'false';
    throw invalid(title, text, 'true or false');
  },
  operations: (_object, text) => [{ op: 'add', path: `/spec/${field}`, value: text === 'true' }],
});

/** Any text at all: the server knows what it takes. */
const word = (title: string, field: string, has: (object: KubeObject) => boolean): Editable => ({
  title,
  read: (object) => {
    const value = at(object, 'spec', field);
    return typeof value === 'string' && has(object) ? value : undefined;
  },
  parse: (text) => {
    if (text === '') throw invalid(title, text, 'it cannot be empty');
    return text;
  },
  operations: (_object, text) => [{ op: 'replace', path: `/spec/${field}`, value: text }],
});

/** `KEY=VALUE,KEY=VALUE`, a part without `=` having an empty key. */
const pairsOf = (text: string): readonly (readonly [key: string, value: string])[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const sign = part.indexOf('=');
      return sign < 0 ? (['', part] as const) : ([part.slice(0, sign).trim(), part.slice(sign + 1).trim()] as const);
    });

const pairsText = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([key, value]) => (key === '' ? value : `${key}=${value}`)).join(',');

/** One container needs no name: `nginx:1`. Several have theirs: `app=nginx:1,proxy=envoy:2`. */
const images: Editable = {
  title: 'IMAGES',
  read: (object) => {
    const containers = containersOf(object);
    const [only] = containers;
    if (only === undefined) return undefined;
    if (containers.length === 1) return only.image;
    return pairsText(containers.map(({ name, image }) => [name, image]));
  },
  parse: (text) => {
    const pairs = pairsOf(text);
    const bad = pairs.find(([, image]) => image === '' || /\s/.test(image));
    if (pairs.length === 0 || bad !== undefined) throw invalid('IMAGES', bad?.join('=') ?? text, 'an image');
    return pairsText(pairs);
  },
  operations: (object, text) => {
    const containers = containersOf(object);
    const pairs = pairsOf(text);
    const names = containers.map(({ name }) => name).join(', ');
    if (pairs.length !== containers.length) throw invalid('IMAGES', text, `an image for each of ${names}`);
    const path = podSpecPath(object)?.map(step).join('') ?? '';
    return pairs.flatMap(([name, image]): Operation[] => {
      const container =
        containers.length === 1 && name === '' ? containers[0] : containers.find((c) => c.name === name);
      if (container === undefined) throw invalid('IMAGES', text, `NAME=IMAGE for each of ${names}`);
      if (container.image === image) return [];
      return [{ op: 'add', path: `${path}${step(container.list)}${step(container.index)}/image`, value: image }];
    });
  },
  besides: (object) => (rollsOut(object) ? ' (rolls out)' : ''),
};

const labelKey = /^([a-z0-9.-]+\/)?[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/;

const labels: Editable = {
  title: 'LABELS',
  read: (object) => {
    const now = Object.entries(fieldsAt(object, 'metadata', 'labels'));
    return now
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(',');
  },
  parse: (text) => {
    const pairs = pairsOf(text);
    const bad = pairs.find(([key]) => !labelKey.test(key));
    if (bad !== undefined) throw invalid('LABELS', bad[0] === '' ? bad[1] : bad[0], 'KEY=VALUE,KEY=VALUE');
    if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw invalid('LABELS', text, 'each key once');
    return pairs
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(',');
  },
  operations: (object, text) => {
    const wanted = new Map(pairsOf(text));
    const value = Object.fromEntries(wanted);
    if (at(object, 'metadata', 'labels') === undefined) return [{ op: 'add', path: '/metadata/labels', value }];
    const now = fieldsAt(object, 'metadata', 'labels');
    const path = (key: string): string => `/metadata/labels${step(key)}`;
    return [
      ...[...wanted].flatMap(([key, to]): Operation[] =>
        now[key] === to ? [] : [{ op: 'add', path: path(key), value: to }],
      ),
      ...Object.keys(now).flatMap((key): Operation[] => (wanted.has(key) ? [] : [{ op: 'remove', path: path(key) }])),
    ];
  },
};

const suspendable: Editable['read'] = (object) => {
  const value = at(object, 'spec', 'suspend');
  // Cron jobs and jobs leave it out when it is false and they were made so.
  return typeof value === 'boolean' ? String(value) : undefined;
};

const cordoned: Editable['read'] = (object, target) =>
  isNode(target) ? String(at(object, 'spec', 'unschedulable') === true) : undefined;

/** In the order of their columns. */
export const editables: readonly Editable[] = [
  count('REPLICAS', 'replicas', ({ resource }) => resource.subresources.includes('scale')),
  count('MIN', 'minReplicas'),
  count('MAX', 'maxReplicas'),
  flag('SUSPEND', 'suspend', suspendable),
  word('SCHEDULE', 'schedule', () => true),
  flag('CORDON', 'unschedulable', cordoned),
  word(
    'TYPE',
    'type',
    (object) => listAt(object, 'spec', 'ports').length > 0 || at(object, 'spec', 'clusterIP') !== undefined,
  ),
  images,
  labels,
];
