/** A terminal small enough to trust: it obeys exactly the sequences FrameOut may send and refuses all others. */
type Cell = { readonly char: string; readonly style: string };

const blank: Cell = { char: ' ', style: '' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
const token = /\u001b\[([?]?)([0-9;:]*)([A-Za-z])|([^\u001b])/gu;

export class Screen {
  columns: number;
  rows: number;
  #cells: Cell[][] = [];
  #row = 0;
  #column = 0;
  #style = '';
  #wraps = true;
  /** Frames seen, and whether each came in one synchronized update. */
  frames = 0;
  torn = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.resize(columns, rows);
  }

  /** As Neovim does it: what fits is kept, the rest is cut or empty. */
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.#cells = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => this.#cells[row]?.[column] ?? blank),
    );
  }

  write(data: string): void {
    this.frames += 1;
    if (!data.startsWith('\u001b[?2026h') || !data.endsWith('\u001b[?2026l')) this.torn += 1;
    let length = 0;
    for (const match of data.matchAll(token)) {
      length += match[0].length;
      const [, mode = '', argument = '', final, char] = match;
      if (char !== undefined) this.#put(char);
      else this.#obey(`${mode}${final}`, argument);
    }
    if (length !== data.length) throw new Error(`the terminal does not know a sequence in ${JSON.stringify(data)}`);
  }

  text(): string {
    return this.#cells
      .map((line) =>
        line
          .map(({ char }) => char)
          .join('')
          .trimEnd(),
      )
      .join('\n');
  }

  lines(): string[] {
    return this.text().split('\n');
  }

  /** Text and attributes. */
  cells(): string {
    return JSON.stringify(this.#cells);
  }

  styleAt(row: number, column: number): string {
    return this.#cells[row]?.[column]?.style ?? '';
  }

  #put(char: string): void {
    if (this.#column >= this.columns) {
      if (this.#wraps) throw new Error('a line wrapped at the right edge');
      this.#column = this.columns - 1;
    }
    const line = this.#cells[this.#row];
    if (line !== undefined) line[this.#column] = { char, style: char === ' ' ? '' : this.#style };
    this.#column += 1;
  }

  #obey(sequence: string, argument: string): void {
    switch (sequence) {
      case 'm':
        this.#style = argument === '0' || argument === '' ? '' : this.#restyle(argument);
        break;
      case 'H': {
        const [row = 1, column = 1] = argument.split(';').map(Number);
        if (row > this.rows) throw new Error(`row ${row} of ${this.rows}`);
        this.#row = row - 1;
        this.#column = column - 1;
        break;
      }
      case 'K':
        this.#cells[this.#row] = Array.from({ length: this.columns }, () => blank);
        break;
      case 'J':
        this.#cells = Array.from({ length: this.rows }, () => Array.from({ length: this.columns }, () => blank));
        break;
      case '?l':
        if (argument === '7') this.#wraps = false;
        break;
      case '?h':
        break;
      default:
        throw new Error(`the terminal does not know ESC[${argument}${sequence}`);
    }
  }

  /** Attributes that are on, in order; 39 and 22 turn off colour and weight. */
  #restyle(argument: string): string {
    const on = this.#style.split(' ').filter((part) => part !== '');
    if (argument === '39') return on.filter((part) => !part.startsWith('38;')).join(' ');
    if (argument === '22') return on.filter((part) => part !== '1' && part !== '2').join(' ');
    const kept = argument.startsWith('38;') ? on.filter((part) => !part.startsWith('38;')) : on;
    return [...kept.filter((part) => part !== argument), argument].sort().join(' ');
  }
}
