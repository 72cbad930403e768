import type { EntryHead } from '../journal/entry.ts';
import type { Entry, Journal } from '../journal/journal.ts';
import type { KubeObject } from '../journal/kept-object.ts';
import type { Operation } from '../journal/reverse.ts';
import type { JsonMap } from '../objects/json.ts';
import { resourceKey } from '../protocol/resource.ts';
import { type Style, styleIndex } from '../protocol/styles.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { displayWidth } from '../util/width.ts';
import { liveState, sanitizeKeepingTabs } from './session-state.ts';
import type { Session, TextView } from './text-view.ts';

/** As many of the newest as are shown. */
const MOST = 1_000;
/** Another editor may write too; it is asked whether it did. */
const LOOK_MS = 2_000;
/** A bulk action writes many entries; they are shown together. */
const SOON_MS = 50;
/** The command and the message are last; what stands before them keeps its place up to here. */
const WIDEST = 48;

const marks: Readonly<Record<EntryHead['state'], readonly [string, Style]>> = {
  done: ['✓', 'KubectlOk'],
  failed: ['✗', 'KubectlError'],
  started: ['?', 'KubectlWarning'],
};

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)));

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:02:33` of today, `11-21 14:02` of another day, in the user's own time. */
const timeText = (at: number, now: number): string => {
  const date = new Date(at);
  const clockText = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const today = date.toDateString() === new Date(now).toDateString();
  return today
    ? `${clockText}:${two(date.getSeconds())}`
    : `${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockText}`;
};

export const objectOf = ({ target }: Pick<EntryHead, 'target'>): string =>
  `${target.namespace === '' ? '' : `${target.namespace} `}${resourceKey(target)}/${target.name}`;

const messageOf = ({ message, revertedBy, reverts }: EntryHead): string =>
  [
    message,
    reverts === undefined ? '' : `(takes back ${reverts})`,
    revertedBy === undefined ? '' : `(taken back by ${revertedBy})`,
  ]
    .filter(Boolean)
    .join(' ');

const columnsOf = (entry: EntryHead, now: number): readonly string[] => [
  timeText(entry.at, now),
  marks[entry.state][0],
  entry.context,
  entry.action,
  objectOf(entry),
  entry.state === 'started' ? 'its end was never written down: look whether it was done' : messageOf(entry),
  entry.user,
];

const titles = ['TIME', ' ', 'CONTEXT', 'ACTION', 'OBJECT', 'RESULT', 'WHO'];

const bytes = (text: string): number => Buffer.byteLength(text);

/** The journal as lines; the key of each is its entry. */
export const journalLines = (entries: readonly EntryHead[], now: number) => {
  const cells = [titles, ...entries.map((entry) => columnsOf(entry, now))];
  const rows = cells.map((row) => row.map((cell) => sanitizeKeepingTabs(cell.replaceAll('\n', ' '))));
  const widths = titles.map((_title, index) =>
    Math.min(WIDEST, Math.max(...rows.map((row) => displayWidth(row[index] ?? '')))),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const codes = rows.map((row, index) => {
    const entry = entries[index - 1];
    if (entry === undefined) return `0,${bytes(lines[index] ?? '')},${styleIndex('KubectlTitle')};`;
    const start = bytes(pad(row[0] ?? '', widths[0] ?? 0)) + 2;
    return `${start},${start + bytes(row[1] ?? '')},${styleIndex(marks[entry.state][1])};`;
  });
  return { lines, codes, keys: ['', ...entries.map(({ id }) => String(id))] };
};

/** What was changed from here, live and the newest first. */
export const openJournal = (view: TextView, journal: Journal, clock: Clock): Session => {
  let version = journal.version();
  let cancel: (() => void) | undefined;
  let cancelLook: (() => void) | undefined;
  const draw = (): void => {
    cancel = undefined;
    const entries = journal.list(MOST);
    const { lines, codes, keys } = journalLines(entries, clock.now());
    view.set(entries.length === 0 ? ['Nothing has been changed from here yet.'] : lines, codes, keys);
    view.state({
      ...liveState,
      middle: `${entries.length} change${entries.length === 1 ? '' : 's'}`,
      shown: entries.length,
      total: entries.length,
    });
  };
  const soon = (): void => {
    cancel ??= clock.after(SOON_MS, draw);
  };
  const look = (): void => {
    const now = journal.version();
    if (now !== version) soon();
    version = now;
    cancelLook = clock.after(LOOK_MS, look);
  };
  const ignore = journal.onChange(soon);
  view.state({ left: `journal · ${journal.file}` });
  draw();
  look();
  return {
    opened: { title: 'journal', filetype: 'k8s_journal' },
    dispose: () => {
      ignore();
      cancel?.();
      cancelLook?.();
    },
  };
};

const pathText = (path: string): string =>
  path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');

/** `- spec.replicas: 3` and `+ spec.replicas: 5`, from the operations that lead back. */
const differences = (reverse: readonly Operation[]): readonly string[] =>
  reverse.flatMap((operation, index) => {
    if (operation.op === 'test') return [];
    const path = pathText(operation.path);
    const test = reverse[index - 1];
    const after =
      test?.op === 'test' && test.path === operation.path ? [`+ ${path}: ${JSON.stringify(test.value)}`] : [];
    return [...(operation.op === 'remove' ? [] : [`- ${path}: ${JSON.stringify(operation.value)}`]), ...after];
  });

const whole = (sign: string, object: KubeObject, toYaml: (object: KubeObject) => string): readonly string[] =>
  toYaml(object)
    .trimEnd()
    .split('\n')
    .map((line) => `${sign} ${line}`);

const changeLines = (entry: Entry, toYaml: (object: KubeObject) => string): readonly string[] => {
  const { change, before, after, reverse, lost, dependents } = entry;
  if (change === 'create' && after !== undefined) return whole('+', after, toYaml);
  if (change === 'delete' && before !== undefined) {
    return [before, ...dependents].flatMap((object, index) => [
      ...(index > 0 ? ['- ---'] : []),
      ...whole('-', object, toYaml),
    ]);
  }
  if (change === undefined) return ['No change was written down.'];
  const hidden = lost.map((path) => `! ${pathText(path)} changed; its value is not kept`);
  const lines = [...differences(reverse), ...hidden];
  return lines.length === 0 ? ['Nothing that a user can set was changed.'] : lines;
};

/** One entry, as a diff. */
export const entryLines = (entry: Entry, toYaml: (object: KubeObject) => string): readonly string[] =>
  [
    `# ${entry.id}  ${new Date(entry.at).toISOString()}`,
    `# ${objectOf(entry)} in ${entry.context}, by ${entry.user || 'a user the server did not name'}`,
    `# ${entry.command}`,
    `# ${marks[entry.state][0]} ${messageOf(entry)}`,
    ...(entry.subresource === '' ? [] : [`# subresource ${entry.subresource}`]),
    '',
    ...changeLines(entry, toYaml),
  ].flatMap((line) => line.split('\n').map(sanitizeKeepingTabs));

export const openEntry = async (view: TextView, journal: Journal, id: number): Promise<Session> => {
  // Not of the package itself: see cluster/yaml.ts.
  const { objectText } = await import('../objects/text.ts');
  const draw = (): void => {
    const entry = journal.read(id);
    if (entry === undefined) throw new ClusterError('not-found', `the journal has no entry ${id}`);
    const lines = entryLines(entry, (object) => objectText(object as JsonMap));
    view.set(lines);
    view.state({ ...liveState, left: `journal · ${id}`, right: '', shown: lines.length, total: lines.length });
  };
  draw();
  return { opened: { title: `journal/${id}`, filetype: 'diff' }, dispose: journal.onChange(draw) };
};
