/**
 * The wire's TypeScript declarations as data, for what is generated from them. Understands what protocol/ uses: aliases
 * of objects, unions, literals, arrays, tuples, Record and Readonly.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Token = { readonly kind: 'word' | 'string' | 'number' | 'mark' | 'doc' | 'end'; readonly text: string };

export type Field = { readonly name: string; readonly optional: boolean; readonly type: Type; readonly doc: string };

export type Type =
  | { readonly is: 'name'; readonly name: string; readonly args: readonly Type[] }
  | { readonly is: 'literal'; readonly text: string }
  | { readonly is: 'object'; readonly fields: readonly Field[] }
  | { readonly is: 'array'; readonly of: Type }
  | { readonly is: 'tuple'; readonly parts: readonly Type[] }
  | { readonly is: 'union'; readonly parts: readonly Type[] };

export type Declaration = { readonly name: string; readonly type: Type; readonly doc: string };

const tokenize = (source: string): Token[] => {
  const pattern =
    /(?<doc>\/\*\*[\s\S]*?\*\/)|\/\/.*|(?<string>'(?:[^'\\]|\\.)*')|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_$][\w$]*)|(?<mark>[^\s\w])/g;
  const tokens: Token[] = [];
  for (const { groups = {} } of source.matchAll(pattern)) {
    for (const kind of ['doc', 'string', 'number', 'word', 'mark'] as const) {
      const text = groups[kind];
      if (text !== undefined) tokens.push({ kind, text });
    }
  }
  return tokens;
};

const plainDoc = (text: string): string =>
  text
    .replaceAll(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join(' ')
    .trim();

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? { kind: 'end', text: '' };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #take(text: string): boolean {
    const found = this.#peek().text === text && this.#peek().kind !== 'string';
    if (found) this.#at += 1;
    return found;
  }

  #expect(text: string): void {
    if (this.#take(text)) return;
    const around = this.#tokens.slice(Math.max(0, this.#at - 8), this.#at + 4).map((token) => token.text);
    throw new Error(`'${text}' expected, not '${this.#peek().text}', in: ${around.join(' ')}`);
  }

  /** Every `export type Name = …;` without parameters of its own; the rest of a file is passed over. */
  declarations(): Declaration[] {
    const found: Declaration[] = [];
    let doc = '';
    while (this.#peek().kind !== 'end') {
      const token = this.#next();
      if (token.kind === 'doc') {
        doc = plainDoc(token.text);
        continue;
      }
      if (token.text === 'export' && this.#peek().text === 'type' && this.#peek(2).text === '=') {
        this.#next();
        const name = this.#next().text;
        this.#expect('=');
        found.push({ name, type: this.#type(), doc });
      }
      if (token.text === 'export' || token.text === ';') doc = '';
    }
    return found;
  }

  #type(): Type {
    this.#take('|');
    const parts = [this.#postfix()];
    while (this.#skipDoc() || this.#take('|')) if (this.#peek().text !== '|') parts.push(this.#postfix());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { is: 'union', parts };
  }

  /** A comment before a further part of a union. */
  #skipDoc(): boolean {
    if (this.#peek().kind !== 'doc' || this.#peek(1).text !== '|') return false;
    this.#at += 2;
    return true;
  }

  #postfix(): Type {
    this.#take('readonly');
    let type = this.#primary();
    while (this.#peek().text === '[') {
      this.#next();
      if (this.#take(']')) {
        type = { is: 'array', of: type };
        continue;
      }
      // An indexed access, as in (typeof styles)[number]: the name it begins with says enough.
      this.#type();
      this.#expect(']');
    }
    return type;
  }

  #primary(): Type {
    if (this.#take('{')) return this.#object();
    if (this.#take('[')) return { is: 'tuple', parts: this.#list(']') };
    if (this.#take('(')) {
      const type = this.#type();
      this.#expect(')');
      return type;
    }
    const token = this.#next();
    if (token.kind === 'string' || token.kind === 'number') return { is: 'literal', text: token.text };
    if (token.text === 'typeof' || token.text === 'keyof') {
      const { text } = this.#next();
      return { is: 'name', name: token.text === 'keyof' ? `keyof ${text}` : 'string', args: [] };
    }
    if (token.kind !== 'word') throw new Error(`a type expected, not '${token.text}'`);
    return { is: 'name', name: token.text, args: this.#take('<') ? this.#list('>') : [] };
  }

  #list(end: string): Type[] {
    const parts: Type[] = [];
    while (!this.#take(end)) {
      if (this.#peek().kind === 'doc') this.#next();
      parts.push(this.#type());
      this.#take(',');
    }
    return parts;
  }

  #object(): Type {
    const fields: Field[] = [];
    let doc = '';
    while (!this.#take('}')) {
      if (this.#peek().kind === 'doc') {
        doc = plainDoc(this.#next().text);
        continue;
      }
      this.#take('readonly');
      const name = this.#next().text.replaceAll("'", '');
      const optional = this.#take('?');
      this.#expect(':');
      fields.push({ name, optional, type: this.#type(), doc });
      doc = '';
      if (!this.#take(';')) this.#take(',');
    }
    return { is: 'object', fields };
  }
}

/** Every `export type` of a source text. */
const declarationsOf = (text: string): readonly Declaration[] => new Parser(tokenize(text)).declarations();

export const root = join(import.meta.dirname, '..', '..');

export const sources = [
  'src/util/error.ts',
  'src/protocol/row.ts',
  'src/protocol/styles.ts',
  'src/protocol/hover.ts',
  'src/protocol/action-wire.ts',
  'src/protocol/command-wire.ts',
  'src/protocol/edit-wire.ts',
  'src/protocol/object-wire.ts',
  'src/protocol/query.ts',
  'src/protocol/wire.ts',
];

export const wireDeclarations = (): readonly Declaration[] =>
  sources.flatMap((file) => declarationsOf(readFileSync(join(root, file), 'utf8')));

/** The methods of the wire with what they take and give. */
export const methodsOf = ({
  type,
}: Declaration): readonly {
  readonly name: string;
  readonly doc: string;
  readonly params: Type;
  readonly result: Type;
}[] => {
  if (type.is !== 'object') throw new Error('Methods is no object');
  return type.fields.map(({ name, type: pair, doc }) => {
    const [params, result] = pair.is === 'tuple' ? pair.parts : [];
    if (params === undefined || result === undefined) throw new Error(`${name} is no [params, result]`);
    return { name, doc, params, result };
  });
};
