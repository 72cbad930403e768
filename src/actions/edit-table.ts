import type { Target } from '../protocol/resource.ts';
import { asClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import type { Ability } from './ability.ts';
import { dryRunFlag, named } from './change.ts';
import type { Inputs } from './define-action.ts';
import deletion from './delete.ts';
import { type EditRow, type RowChange, rowChange, writeRow } from './edit-row.ts';
import { managerLines } from './managers.ts';
import { namedLines } from './plan-text.ts';
import { scaleWarnings } from './scale.ts';
import type { Write } from './write.ts';

/** What is wrong with one line. */
export type RowProblem = { readonly key: string; readonly message: string };

/** What was done to a table: lines with other texts, lines that were deleted. */
export type TableEdits = {
  readonly changed: readonly { readonly row: EditRow; readonly text: string }[];
  readonly deleted: readonly EditRow[];
};

/** One line that can be written: the server took its dry run. */
export type PlannedRow = {
  readonly row: EditRow;
  readonly deletes: boolean;
  readonly write: (dryRun: boolean, signal: AbortSignal) => Write;
};

export type EditPlan = {
  readonly rows: readonly PlannedRow[];
  readonly lines: readonly string[];
  /** Lines that were left out. */
  readonly problems: readonly RowProblem[];
  /** Keys of lines whose objects are as their texts say. */
  readonly settled: readonly string[];
};

/** At once; more only queue in the server. */
const parallel = 8;

/** Every change is named before it is agreed to. */
const everyOne = Number.POSITIVE_INFINITY;

/** Objects are deleted as `delete` does it when nothing is chosen. */
const usual: Inputs = { grace: -1, force: false, cascade: 'background' };

type Tried = { readonly planned?: PlannedRow; readonly text: string };

const failureOf = (thrown: unknown): string => {
  const { message, hint } = asClusterError(thrown);
  return hint === undefined ? message : `${message} ${hint}`;
};

const tryChange = async (change: RowChange, ability: Ability): Promise<Tried> => {
  const { row, wishes } = change;
  const { target } = row;
  if (wishes.length === 0) return { text: '' };
  const { message, operations } = await writeRow(change, { dryRun: true }, ability);
  const text = message.replace(' (tried, not done)', '');
  if (operations.length === 0) return { text };
  const write = (dryRun: boolean, signal: AbortSignal): Write => ({
    target,
    command: ['patch', ...named(target), '--type=json', `--patch=${JSON.stringify(operations)}`, ...dryRunFlag(dryRun)],
    send: () => writeRow(change, { dryRun, signal }, ability),
  });
  return { text, planned: { row, deletes: false, write } };
};

const tryDeletion = async (row: EditRow, ability: Ability): Promise<PlannedRow> => {
  const { target } = row;
  await deletion.run(target, usual, { dryRun: true }, ability);
  const write = (dryRun: boolean, signal: AbortSignal): Write => ({
    target,
    command: deletion.command(target, usual, dryRun),
    send: () => deletion.run(target, usual, { dryRun, signal }, ability),
  });
  return { row, deletes: true, write };
};

/** Warnings of what is scaled, each target with what it is to have. */
const scaled = async (changes: readonly RowChange[], ability: Ability): Promise<readonly string[]> => {
  const found = changes.flatMap(({ row, wishes }) =>
    wishes.flatMap(({ editable, to }) => (editable.title === 'REPLICAS' ? [{ target: row.target, to }] : [])),
  );
  const targets = found.map(({ target }) => target);
  return found.length === 0 ? [] : await scaleWarnings(targets, (index) => Number(found[index]?.to), ability);
};

const counts = (changed: number, deleted: number, left: number): string =>
  [
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
    ...(left > 0 ? [`${left} left out`] : []),
  ].join(' · ');

type Good = { readonly change: RowChange; readonly tried: Tried };

const linesOf = async (
  good: readonly Good[],
  doomed: readonly PlannedRow[],
  problems: readonly (RowProblem & { readonly target: Target })[],
  ability: Ability,
): Promise<readonly string[]> => {
  const changed = good.filter(({ tried }) => tried.planned !== undefined);
  const targets = changed.map(({ change }) => change.row.target);
  const fates = doomed.map(({ row }) => row.target);
  const [warnings, consequences, managers] = await Promise.all([
    scaled(
      changed.map(({ change }) => change),
      ability,
    ),
    fates.length === 0 ? [] : deletion.plan(fates, usual, ability),
    managerLines([...targets, ...fates], ability),
  ]);
  return [
    `${counts(changed.length, doomed.length, problems.length)} · the server has tried each`,
    ...namedLines(targets, (_target, index) => changed[index]?.tried.text ?? '', everyOne),
    ...warnings,
    ...(fates.length === 0 ? [] : [`! Deleted (${fates.length}):`, ...consequences]),
    ...managers,
    ...(problems.length === 0 ? [] : [`✗ Left out (${problems.length}), and marked on their lines:`]),
    ...namedLines(
      problems.map(({ target }) => target),
      (_target, index) => problems[index]?.message ?? '',
    ),
  ];
};

/**
 * Tries every change and deletion on the server. Lines that it refuses are left out of the plan and told by themselves;
 * a line that cannot be read stops all of them.
 */
export const planEdit = async (
  { changed, deleted }: TableEdits,
  titles: readonly string[],
  ability: Ability,
): Promise<EditPlan> => {
  const problems: (RowProblem & { readonly target: Target })[] = [];
  const unless = async <T>({ key, target }: EditRow, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (thrown) {
      problems.push({ key, target, message: failureOf(thrown) });
      return undefined;
    }
  };
  const wanted = (
    await mapLimited(changed, 1, ({ row, text }) => unless(row, async () => rowChange(row, text, titles)))
  ).filter((each) => each !== undefined);
  // A line that makes no sense may be another object's: then nothing is certain, least of all what is to be deleted.
  if (problems.length > 0) return { rows: [], lines: [], problems, settled: [] };
  const tried = await mapLimited(wanted, parallel, (change) =>
    unless(change.row, async (): Promise<Good> => ({ change, tried: await tryChange(change, ability) })),
  );
  const good = tried.filter((each) => each !== undefined);
  const settled = good.flatMap(({ change, tried: { planned } }) => (planned === undefined ? [change.row.key] : []));
  const doomed = (await mapLimited(deleted, parallel, (row) => unless(row, () => tryDeletion(row, ability)))).filter(
    (each) => each !== undefined,
  );
  const rows = [...good.flatMap(({ tried: { planned } }) => planned ?? []), ...doomed];
  const lines = rows.length === 0 ? [] : await linesOf(good, doomed, problems, ability);
  return { rows, lines, problems: problems.map(({ key, message }) => ({ key, message })), settled };
};
