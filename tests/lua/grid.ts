/** The screen as an attached UI sees it: texts and attributes of every cell, kept from `redraw` events. */
export type Attributes = {
  readonly foreground?: number;
  readonly background?: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly strikethrough?: boolean;
  readonly reverse?: boolean;
};

type Cell = { text: string; highlight: number };
type Event = readonly [name: string, ...calls: (readonly unknown[])[]];

export class Grid {
  #cells: Cell[][] = [];
  #columns = 0;
  readonly #attributes = new Map<number, Attributes>();
  cursor: readonly [row: number, column: number] = [0, 0];
  mode = 'normal';
  /** Flushes seen so far. */
  flushes = 0;

  /** True when the events ended with a flush: the screen is consistent. */
  apply(events: readonly Event[]): boolean {
    let flushed = false;
    for (const [name, ...calls] of events) {
      for (const call of calls) this.#event(name, call);
      flushed ||= name === 'flush';
    }
    if (flushed) this.flushes += 1;
    return flushed;
  }

  #event(name: string, call: readonly unknown[]): void {
    if (name === 'grid_resize') this.#resize(call as [number, number, number]);
    else if (name === 'grid_clear') this.#resize([1, this.#columns, this.#cells.length]);
    else if (name === 'grid_line') this.#line(call as [number, number, number, [string, number?, number?][]]);
    else if (name === 'grid_scroll') this.#scroll(call as [number, number, number, number, number, number]);
    else if (name === 'grid_cursor_goto') this.cursor = [call[1] as number, call[2] as number];
    else if (name === 'hl_attr_define') this.#attributes.set(call[0] as number, call[1] as Attributes);
    else if (name === 'mode_change') this.mode = call[0] as string;
  }

  #resize([, columns, rows]: readonly [number, number, number]): void {
    this.#columns = columns;
    this.#cells = Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => ({ text: ' ', highlight: 0 })),
    );
  }

  #line([, row, start, cells]: readonly [number, number, number, readonly [string, number?, number?][]]): void {
    let column = start;
    let highlight = 0;
    for (const [text, id, repeat = 1] of cells) {
      highlight = id ?? highlight;
      for (let times = 0; times < repeat; times++) {
        const line = this.#cells[row];
        if (line !== undefined) line[column] = { text, highlight };
        column += 1;
      }
    }
  }

  #scroll([, top, bottom, left, right, rows]: readonly [number, number, number, number, number, number]): void {
    const down = rows > 0;
    for (let step = 0; step < bottom - top - Math.abs(rows); step++) {
      const to = down ? top + step : bottom - 1 - step;
      const source = this.#cells[to + rows];
      const target = this.#cells[to];
      if (source === undefined || target === undefined) continue;
      for (let column = left; column < right; column++) target[column] = { ...(source[column] as Cell) };
    }
  }

  /** Every line of the screen, without blanks at its end. */
  lines(): string[] {
    return this.#cells.map((line) =>
      line
        .map((cell) => cell.text)
        .join('')
        .trimEnd(),
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  attributes(row: number, column: number): Attributes {
    const cell = this.#cells[row]?.[column];
    return this.#attributes.get(cell?.highlight ?? 0) ?? {};
  }

  /** Where a text stands first. */
  find(text: string): { row: number; column: number } | undefined {
    for (const [row, line] of this.#cells.entries()) {
      const whole = line.map((cell) => cell.text).join('');
      const at = whole.indexOf(text);
      // Columns count cells, not code units: each cell here is one character wide in the texts tests look for.
      if (at >= 0) return { row, column: [...whole.slice(0, at)].length };
    }
    return undefined;
  }

  /** Attributes of the first letter of a text on the screen. */
  look(text: string): Attributes {
    const at = this.find(text);
    if (at === undefined) throw new Error(`'${text}' is not on the screen:\n${this.text()}`);
    return this.attributes(at.row, at.column);
  }
}
