import type { Ability } from '../actions/ability.ts';
import { type EditRow, type Known, readRow } from '../actions/edit-row.ts';
import type { EditPlan } from '../actions/edit-table.ts';
import type { Edited } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { mapLimited } from '../util/map-limited.ts';

type Stamps = Readonly<Record<string, string>>;
type Told = Edited['rows'][number];

export type TableEditOptions = {
  readonly rows: readonly EditRow[];
  readonly titles: readonly string[];
  /** What the rows of the live table were like when the objects were read. */
  readonly stamps: Stamps;
  /** What they are like now; rejects while the table has no engine. */
  readonly look: (keys: readonly string[]) => Promise<Stamps>;
  readonly ability: () => Promise<Ability>;
  readonly clock: Clock;
  readonly tell: (rows: readonly Told[]) => void;
};

/** The live table is looked at this often, in ms. */
const everyMs = 1000;
/** Objects of rows that changed are read again, so many at a look: a burst is told over several. */
const mostRead = 16;

const gone: Omit<Told, 'key'> = { state: 'gone', note: 'is gone' };

const differs = (now: Known, shown: Known): Omit<Told, 'key'> => {
  const others = Object.entries(now).filter(([title, text]) => shown[title] !== undefined && shown[title] !== text);
  if (others.length === 0) return { state: 'same', note: '' };
  return { state: 'changed', note: `now ${others.map(([title, text]) => `${title} ${text || '""'}`).join(', ')}` };
};

/** Rows of a table that are being edited: what they were, what happened to them since, and the plan that is shown. */
export class TableEdit {
  readonly #options: TableEditOptions;
  readonly #rows: Map<string, EditRow>;
  readonly #stamps: Map<string, string>;
  readonly #told = new Map<string, string>();
  #next: (() => void) | undefined;
  #ended = false;
  planned: { readonly id: number; readonly plan: EditPlan; readonly type: string | undefined } | undefined;

  constructor(options: TableEditOptions) {
    this.#options = options;
    this.#rows = new Map(options.rows.map((row) => [row.key, row]));
    this.#stamps = new Map(Object.entries(options.stamps));
    this.#later();
  }

  get titles(): readonly string[] {
    return this.#options.titles;
  }

  row(key: string): EditRow | undefined {
    return this.#rows.get(key);
  }

  dispose(): void {
    this.#ended = true;
    this.#next?.();
  }

  #later(): void {
    if (this.#ended) return;
    this.#next = this.#options.clock.after(everyMs, () => {
      // Without an engine there is no news; it comes back by itself.
      void this.#look()
        .catch(() => undefined)
        .finally(() => this.#later());
    });
  }

  async #look(): Promise<void> {
    const { look, tell, ability } = this.#options;
    const now = await look([...this.#rows.keys()]);
    // What left the table may only have left its selector: the object itself is asked.
    const moved = [...this.#rows.values()].filter(({ key }) => (now[key] ?? '') !== this.#stamps.get(key));
    const known = moved.length === 0 ? undefined : await ability();
    const read = await mapLimited(moved.slice(0, mostRead), 4, async ({ key, target }) => {
      const found = known === undefined ? undefined : await readRow(key, target, known);
      this.#stamps.set(key, now[key] ?? '');
      return found;
    });
    if (this.#ended) return;
    const rows = read
      .flatMap((found): Told[] => {
        const row = found === undefined ? undefined : this.#rows.get(found.key);
        if (found === undefined || row === undefined) return [];
        if (found.gone === true) return [{ key: found.key, ...gone }];
        return found.unread === undefined ? [{ key: found.key, ...differs(found.known, row.shown) }] : [];
      })
      .filter((row) => this.#isNews(row));
    if (rows.length > 0) tell(rows);
  }

  #isNews({ key, state, note }: Told): boolean {
    const text = `${state} ${note}`;
    if ((this.#told.get(key) ?? 'same ') === text) return false;
    this.#told.set(key, text);
    return true;
  }
}
