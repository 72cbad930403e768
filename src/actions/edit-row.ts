import type { KubeObject } from '../journal/kept-object.ts';
import type { Operation } from '../journal/reverse.ts';
import type { Target } from '../protocol/resource.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { type Ability, objectText } from './ability.ts';
import { changeObject, type Step } from './change.ts';
import type { Outcome, RunOptions } from './define-action.ts';
import { cellsOf } from './edit-text.ts';
import { type Editable, editables } from './editable.ts';
import { readObject, replacedError } from './objects.ts';

/** Fields of one object as its user has seen them: title → text. What it has not, or could not be read, is absent. */
export type Known = Readonly<Record<string, string>>;

/** One line of an edited table. */
export type EditRow = {
  readonly key: string;
  readonly target: Target;
  /** What its line said at first, or was written as since: any other text is a wish. */
  shown: Known;
  /** What the object is known to have, also after others changed it: anything else is a conflict. */
  known: Known;
  /** Why its fields are not known. */
  readonly unread?: string;
  /** There is no such object any more. */
  readonly gone?: true;
};

/** One field of one object, from what its user saw to what they want. */
type Wish = { readonly editable: Editable; readonly from: string; readonly to: string };

export type RowChange = { readonly row: EditRow; readonly wishes: readonly Wish[] };

/** A cell must come back as it was shown; one that cannot is not shown, and so cannot be written. */
const showable = (text: string): boolean => text === text.trim() && !/[\p{Cc}\p{Cf}│]/u.test(text);

export const knownOf = (object: KubeObject, target: Target): Known =>
  Object.fromEntries(
    editables.flatMap(({ title, read }) => {
      const text = read(object, target);
      return text === undefined || !showable(text) ? [] : [[title, text]];
    }),
  );

/** Reads the object behind a row. Never rejects: what cannot be read has no fields, and a reason. */
export const readRow = async (key: string, target: Target, ability: Ability): Promise<EditRow> => {
  try {
    const object = await readObject(target, ability);
    if (target.uid !== undefined && object.metadata?.uid !== target.uid) throw replacedError(target);
    const known = knownOf(object, target);
    return { key, target, shown: known, known };
  } catch (thrown) {
    const { code, message } = asClusterError(thrown);
    const gone = code === 'not-found' || code === 'conflict';
    return { key, target, shown: {}, known: {}, unread: message, ...(gone && { gone }) };
  }
};

const identity = ['NAMESPACE', 'NAME'] as const;

/** Titles of the columns: what tells the objects apart, and each field that one of them has. */
export const titlesOf = (rows: readonly EditRow[]): readonly string[] => [
  ...identity.filter((title) => title === 'NAME' || rows.some(({ target }) => target.namespace !== '')),
  ...editables.filter(({ title }) => rows.some(({ shown }) => shown[title] !== undefined)).map(({ title }) => title),
];

/** The cell as its line shows it. */
export const cellOf = ({ target, shown }: EditRow, title: string): string => {
  if (title === 'NAME') return target.name;
  if (title === 'NAMESPACE') return target.namespace;
  return shown[title] ?? '';
};

/** What a line wants changed. Throws ClusterError('invalid') for a cell that cannot be written, or not so. */
export const rowChange = (row: EditRow, text: string, titles: readonly string[]): RowChange => {
  const cells = cellsOf(text, titles);
  const wishes = titles.flatMap((title, index): Wish[] => {
    const shown = cellOf(row, title);
    const typed = cells[index] ?? '';
    if (typed === shown) return [];
    const editable = editables.find((each) => each.title === title);
    if (editable === undefined) {
      throw new ClusterError('invalid', `${title} cannot be changed here: it is "${shown}". u takes it back.`);
    }
    const from = row.known[title];
    if (from === undefined) {
      const why = row.unread ?? 'it has no such field';
      throw new ClusterError('invalid', `${title} of ${row.target.name} cannot be changed: ${why}.`);
    }
    const to = editable.parse(typed);
    return to === from ? [] : [{ editable, from, to }];
  });
  return { row, wishes };
};

/** Somebody else has changed the same cell since it was shown. `now`: what it is. */
export class Clash extends ClusterError {
  readonly now: Known;

  constructor(now: Known, message: string) {
    super('conflict', message, { hint: ':w again writes yours all the same.' });
    this.now = now;
  }
}

/** The object stays the one that was read: any write between reading it and this one is a conflict. */
const unmoved = (object: KubeObject): readonly Operation[] => {
  const version = object.metadata?.resourceVersion;
  return version === undefined ? [] : [{ op: 'replace', path: '/metadata/resourceVersion', value: version }];
};

const stepOf = (
  { row, wishes }: RowChange,
  object: KubeObject,
): Step & { readonly operations: readonly Operation[] } => {
  const now = wishes.map((wish) => ({ ...wish, now: wish.editable.read(object, row.target) }));
  const others = now.filter((wish) => wish.now !== wish.from && wish.now !== wish.to);
  if (others.length > 0) {
    const told = others.map(
      ({ editable, from, now: text }) => `${editable.title} is ${text ?? 'gone'} now, it was ${from}`,
    );
    const known = Object.fromEntries(
      others.flatMap(({ editable, now: text }) => (text === undefined ? [] : [[editable.title, text]])),
    );
    throw new Clash(known, `changed meanwhile: ${told.join(', ')}.`);
  }
  const todo = now.filter((wish) => wish.now !== wish.to);
  if (todo.length === 0) return { text: 'is so already', operations: [] };
  const operations = todo.flatMap(({ editable, to }) => editable.operations(object, to));
  const texts = todo.map(
    ({ editable, from, to }) => `${editable.title} ${from || '""'} → ${to || '""'}${editable.besides?.(object) ?? ''}`,
  );
  return { text: texts.join(', '), operations, patch: { type: 'json', body: [...unmoved(object), ...operations] } };
};

/**
 * Changes one object to what its line says, or tries to on the server: one request for all its cells, refused when
 * one of them is not as it was shown. What was found instead is known from then on, so that the next try means it.
 */
export const writeRow = async (
  change: RowChange,
  options: RunOptions,
  ability: Ability,
): Promise<Outcome & { readonly operations: readonly Operation[] }> => {
  const { row } = change;
  let operations: readonly Operation[] = [];
  try {
    const outcome = await changeObject(
      { target: row.target, ability },
      (before) => {
        const step = stepOf(change, before);
        ({ operations } = step);
        return step;
      },
      options,
    );
    // Written, or found so.
    if (!options.dryRun || operations.length === 0) {
      const written = Object.fromEntries(change.wishes.map(({ editable, to }) => [editable.title, to]));
      row.known = { ...row.known, ...written };
      row.shown = { ...row.shown, ...written };
    }
    return { ...outcome, operations };
  } catch (thrown) {
    if (thrown instanceof Clash) row.known = { ...row.known, ...thrown.now };
    if (asClusterError(thrown).code !== 'not-found') throw thrown;
    throw new ClusterError('not-found', `${objectText(row.target)} is gone.`, {
      hint: 'Delete its line, or :e!.',
      cause: thrown,
    });
  }
};
