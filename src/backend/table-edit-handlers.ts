import type { Ability } from '../actions/ability.ts';
import { cellOf, readRow, titlesOf } from '../actions/edit-row.ts';
import { type EditPlan, planEdit } from '../actions/edit-table.ts';
import { alignedLines } from '../actions/edit-text.ts';
import { checkTyped, framedPlan, type PlanOptions } from '../actions/run.ts';
import { runWrites } from '../actions/write.ts';
import { resourceKey } from '../protocol/resource.ts';
import type { ActionPlan, EditWishes, ToEditor } from '../protocol/wire.ts';
import type { Handlers } from '../rpc/dispatch.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import { abilityIn } from './action-handlers.ts';
import type { Guards } from './guards.ts';
import type { Keeper } from './keeper.ts';
import type { Natives } from './natives.ts';
import type { OpenContext } from './open-context.ts';
import type { Runs } from './runs.ts';
import { TableEdit } from './table-edit.ts';
import type { Views } from './view-handlers.ts';

export type TableEditHandlers = Pick<Handlers, 'edit.open' | 'edit.plan' | 'edit.write' | 'edit.close'>;

export type TableEditsOptions = {
  readonly views: Views;
  readonly natives: Natives;
  readonly guards: Guards;
  readonly keeper: Keeper;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly toEditor: (client: number, message: ToEditor) => void;
};

/** Each object is read when the edit begins: for more, one table is the wrong tool. */
const most = 500;

/** Deleting more than this in one go wants their number typed, also where nothing else is guarded. */
const mostByOneKey = 10;

const parallel = 8;

type Open = { readonly context: OpenContext; readonly edit: TableEdit; readonly release: () => void };

/** The plan in its frame; many deletions want more than a key. */
const framed = ({ rows, lines }: EditPlan, ability: Ability, options: PlanOptions): ActionPlan => {
  const targets = rows.map(({ row }) => row.target);
  const plan = framedPlan({ verb: 'write', lines, inputs: [] }, targets, ability, options);
  const doomed = rows.filter(({ deletes }) => deletes).length;
  if (plan.type !== undefined || plan.dryRunOnly === true || doomed <= mostByOneKey) return plan;
  return { ...plan, type: `delete ${doomed}` };
};

const openEdit =
  ({ views, natives, clock, toEditor }: TableEditsOptions, opens: Map<string, Open>): TableEditHandlers['edit.open'] =>
  async ({ view, of, keys }, client) => {
    if (keys.length > most) {
      throw new ClusterError('invalid', `${keys.length} rows are too many to be edited at once (most: ${most}).`, {
        hint: 'Filter the table (<C-f>), or select some rows (<Tab>), then e.',
      });
    }
    const context = views.contextOf(client, of);
    const look = async (wanted: readonly string[]) =>
      (await views.engineOf(client, of).call('view.stamps', { view: of, keys: wanted }, client)).stamps;
    // Before the objects are read: what changes while they are is noticed afterwards.
    const stamps = await look(keys);
    const present = keys.filter((key) => stamps[key] !== undefined);
    const { targets } = await views.engineOf(client, of).call('view.targets', { view: of, keys: present }, client);
    if (targets.length !== present.length || targets.length === 0) {
      throw new ClusterError('not-found', 'There are no objects to edit.', { hint: 'Wait for the table, then e.' });
    }
    if (targets.some(({ container }) => container !== undefined)) {
      throw new ClusterError('invalid', 'Containers are parts of pods: they cannot be edited in their table.', {
        hint: 'gO goes to the pod.',
      });
    }
    const ability = await abilityIn(context, natives, clock);
    const rows = await mapLimited(targets, parallel, (target, index) => readRow(present[index] ?? '', target, ability));
    const titles = titlesOf(rows);
    const edit = new TableEdit({
      ...{ rows, titles, stamps, look, clock },
      ability: () => abilityIn(context, natives, clock),
      tell: (told) => toEditor(client, { type: 'edited', view, rows: told }),
    });
    opens.set(`${client}:${view}`, { context, edit, release: context.hold() });
    const aligned = alignedLines(
      titles,
      rows.map((row) => titles.map((title) => cellOf(row, title))),
    );
    const resources = [...new Set(targets.map(({ resource }) => resourceKey(resource)))].join(',');
    return {
      context: context.name,
      title: `${context.name} ▸ ${resources} ▸ edit`,
      name: `kubectl://${context.name}/${resources}?edit`,
      titles: aligned.titles,
      lines: rows.map(({ key }, index) => ({ key, text: aligned.lines[index] ?? '' })),
      problems: rows.flatMap(({ key, unread }) =>
        unread === undefined ? [] : [{ key, message: `cannot be read: ${unread}` }],
      ),
    };
  };

/** Lines are objects of the edit or they are nothing: none is found by its text. */
const wishesIn = ({ changed, deleted }: EditWishes, edit: TableEdit) => {
  const row = (key: string) => {
    const found = edit.row(key);
    if (found !== undefined) return found;
    throw new ClusterError('internal', 'A line is of no object of this table. Nothing was done.');
  };
  return {
    changed: changed.map(({ key, text }) => ({ row: row(key), text })),
    deleted: deleted.map(row),
  };
};

const writeEdit =
  (
    { natives, guards, keeper, runs, clock }: TableEditsOptions,
    find: (client: number, view: number) => Open,
  ): TableEditHandlers['edit.write'] =>
  async ({ view, plan: id, how: { run, dryRun, typed, unjournaled = false } }, client) => {
    const { edit, context } = find(client, view);
    const { planned } = edit;
    if (planned?.id !== id) {
      throw new ClusterError('conflict', 'This plan is not the newest any more. Nothing was done.', {
        hint: ':w makes a new one.',
      });
    }
    const { rows } = planned.plan;
    const { mode: guard } = guards.of(context.name);
    const targets = rows.map(({ row }) => row.target);
    checkTyped(targets, { guard, dryRun, typed }, context.name);
    if (!dryRun && planned.type !== undefined && typed !== planned.type) {
      throw new ClusterError('forbidden', `"${planned.type}" must be typed. Nothing was done.`);
    }
    const recorder = dryRun ? undefined : await keeper.recorder(unjournaled);
    const ability = await abilityIn(context, natives, clock);
    if (!dryRun) edit.planned = undefined;
    const results = await runs.run(client, run, (signal, onDone) =>
      runWrites(
        rows.map(({ write }) => write(dryRun, signal)),
        { action: 'edit-table', verb: 'write', dryRun, guard, recorder, signal, onDone },
        ability,
      ),
    );
    const keysOf = (ok: boolean): readonly string[] =>
      rows.flatMap(({ row }, index) => (results[index]?.ok === ok ? [row.key] : []));
    return {
      results,
      settled: dryRun ? [] : keysOf(true),
      problems: rows.flatMap(({ row: { key } }, index) => {
        const result = results[index];
        return result === undefined || result.ok ? [] : [{ key, message: result.message }];
      }),
    };
  };

/** Tables that are edited as text. */
export const tableEditHandlers = (options: TableEditsOptions): TableEditHandlers => {
  const { natives, guards, keeper, clock } = options;
  const opens = new Map<string, Open>();
  let plans = 0;
  const find = (client: number, view: number): Open => {
    const open = opens.get(`${client}:${view}`);
    if (open !== undefined) return open;
    throw new ClusterError('not-found', 'this edit is not open in the backend any more', {
      hint: 'Your text is still here: :e! gives back the live table, u and y before it keep what you need.',
    });
  };
  return {
    'edit.open': openEdit(options, opens),
    'edit.plan': async (wishes, client) => {
      const { edit, context } = find(client, wishes.view);
      edit.planned = undefined;
      const ability = await abilityIn(context, natives, clock);
      const plan = await planEdit(wishesIn(wishes, edit), edit.titles, ability);
      const { problems, settled } = plan;
      if (plan.rows.length === 0) return { problems, settled };
      const { mode: guard } = guards.of(context.name);
      const unjournaled = guard === 'read-only' ? undefined : await keeper.problem();
      const confirm = framed(plan, ability, { guard, unjournaled });
      plans += 1;
      edit.planned = { id: plans, plan, type: confirm.type };
      return { plan: plans, confirm, problems, settled };
    },
    'edit.write': writeEdit(options, find),
    'edit.close': ({ view }, client) => {
      const key = `${client}:${view}`;
      const open = opens.get(key);
      open?.edit.dispose();
      open?.release();
      opens.delete(key);
      return null;
    },
  };
};
