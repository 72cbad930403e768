/** Waits until every table has come to rest, and says what is wrong with one that does not. */
import type { Editor } from '../../lua/harness.ts';
import { wrongCounts, wrongLines, wrongOrder, wrongRows, wrongSheet } from './checks.ts';
import { type Expected, expectedOf } from './oracle.ts';
import { rowsOfBuffer, type Shot, shoot, type ViewShot } from './screen.ts';
import { adopt, type TableModel, wishOf, wrongChoices } from './tables.ts';
import type { World } from './world.ts';

export type AtRest = { readonly shot: Shot; readonly expected: ReadonlyMap<number, Expected> };

const wrongPause = (view: ViewShot, paused: readonly string[] | 'afresh'): readonly string[] => {
  const shown = view.keys.filter((key) => key !== '');
  const wrong: string[] = [];
  if (view.state.phase !== 'paused') wrong.push(`is ${view.state.phase} instead of paused`);
  if (paused === 'afresh') return wrong;
  if (shown.join() !== paused.join())
    wrong.push(`shows ${shown.length} rows instead of the ${paused.length} it was paused with`);
  return wrong;
};

export class Rest {
  readonly #editor: Editor;
  readonly #world: World;
  readonly #tables: ReadonlyMap<number, TableModel>;

  constructor(editor: Editor, world: World, tables: ReadonlyMap<number, TableModel>) {
    this.#editor = editor;
    this.#world = world;
    this.#tables = tables;
  }

  async #wrong(view: ViewShot, table: TableModel, expected: Map<number, Expected>): Promise<readonly string[]> {
    const sheet = wrongSheet(view);
    if (table.paused !== undefined) return [...sheet, ...wrongPause(view, table.paused)];
    const choices = wrongChoices(table, view);
    if (view.problem !== '' || view.state.phase !== 'live') {
      return [`is not live: ${view.problem || view.state.right || 'never said anything'}`];
    }
    const found = await expectedOf(this.#world, wishOf(this.#world, table, view));
    expected.set(view.id, found);
    const now = Date.now();
    const wrong = [...sheet, ...choices, ...wrongOrder(view, found), ...wrongCounts(view, found)];
    return wrong.length > 0 ? wrong : wrongLines(view, found, now);
  }

  async #look(): Promise<AtRest & { readonly wrong: readonly string[] }> {
    // Lists first would be of the past of what is shown.
    const shot = await shoot(this.#editor);
    const expected = new Map<number, Expected>();
    const wrong: string[] = [];
    for (const view of shot.views) {
      const table = this.#tables.get(view.id);
      if (table === undefined) wrong.push(`view ${view.id} is nobody's`);
      if (table === undefined || view.asleep || !view.loaded) continue;
      const found = await this.#wrong(view, table, expected);
      wrong.push(...found.map((each) => `view ${view.id} (${table.line}): ${each}`));
    }
    return { shot, expected, wrong };
  }

  /** All of it, also what `rows()` says; throws when that does not come true. */
  async until(ms: number, nudge: () => Promise<void>, nudgeMs: number): Promise<AtRest> {
    const begun = performance.now();
    let nudged = false;
    for (;;) {
      const seen = await this.#look();
      const wrong = seen.wrong.length > 0 ? seen.wrong : await this.#wrongRows(seen);
      if (wrong.length === 0) {
        this.#adopt(seen);
        return seen;
      }
      const passed = performance.now() - begun;
      if (passed > ms) throw new Error(`not true after ${Math.round(passed)} ms:\n${wrong.slice(0, 20).join('\n')}`);
      if (!nudged && passed > nudgeMs) {
        nudged = true;
        await nudge();
      }
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  #adopt({ shot, expected }: AtRest): void {
    for (const view of shot.views) {
      const table = this.#tables.get(view.id);
      if (table !== undefined && expected.has(view.id)) adopt(table, view);
    }
  }

  async #wrongRows({ shot, expected }: AtRest): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const { id, buf } of shot.views) {
      const wanted = expected.get(id);
      if (wanted === undefined) continue;
      const { rows, err } = await rowsOfBuffer(this.#editor, buf);
      if (rows === undefined) wrong.push(`view ${id}: rows(): ${err}`);
      else wrong.push(...wrongRows(rows, wanted, Date.now()).map((each) => `view ${id}: ${each}`));
    }
    return wrong;
  }
}
