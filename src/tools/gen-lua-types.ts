/**
 * lua/kubectl/types.lua: what crosses the wire, as LuaLS annotations. Read from the TypeScript declarations, of which it
 * understands what protocol/ uses: aliases of objects, unions, literals, arrays, tuples, Record and Readonly.
 * `--check` writes nothing and fails when the file is not what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const sources = ['src/util/error.ts', 'src/protocol/row.ts', 'src/protocol/styles.ts', 'src/protocol/wire.ts'];
const target = 'lua/kubectl/types.lua';

type Token = { readonly kind: 'word' | 'string' | 'number' | 'mark' | 'doc' | 'end'; readonly text: string };

type Field = { readonly name: string; readonly optional: boolean; readonly type: Type; readonly doc: string };

type Type =
  | { readonly is: 'name'; readonly name: string; readonly args: readonly Type[] }
  | { readonly is: 'literal'; readonly text: string }
  | { readonly is: 'object'; readonly fields: readonly Field[] }
  | { readonly is: 'array'; readonly of: Type }
  | { readonly is: 'tuple'; readonly parts: readonly Type[] }
  | { readonly is: 'union'; readonly parts: readonly Type[] };

type Declaration = { readonly name: string; readonly type: Type; readonly doc: string };

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

const simple: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  unknown: 'any',
  undefined: 'nil',
  null: 'nil',
  never: 'nil',
  true: 'true',
  false: 'false',
  'keyof Methods': 'kubectl.Method',
};

const luaName = ({ name, args }: Extract<Type, { is: 'name' }>): string => {
  const [first, second] = args;
  if (name === 'Readonly' && first !== undefined) return lua(first);
  if (name === 'Record' && first !== undefined && second !== undefined) {
    return second.is === 'name' && second.name === 'never' ? '{}' : `table<${lua(first)}, ${lua(second)}>`;
  }
  const known = simple[name];
  if (known !== undefined) return known;
  if (args.length > 0) throw new Error(`${name}<…> is not understood`);
  return `kubectl.${name}`;
};

const lua = (type: Type): string => {
  switch (type.is) {
    case 'name':
      return luaName(type);
    case 'literal':
      return type.text;
    case 'array': {
      const of = lua(type.of);
      return type.of.is === 'union' ? `(${of})[]` : `${of}[]`;
    }
    case 'tuple':
      return `[${type.parts.map(lua).join(', ')}]`;
    case 'union':
      return type.parts.map(lua).join('|');
    case 'object':
      return `{ ${type.fields.map(({ name, optional, type: of }) => `${name}${optional ? '?' : ''}: ${lua(of)}`).join(', ')} }`;
    default:
      return type satisfies never;
  }
};

const annotate = ({ name, type, doc }: Declaration): string => {
  const head = doc === '' ? [] : [`--- ${doc}`];
  if (type.is !== 'object') return [...head, `---@alias kubectl.${name} ${lua(type)}`].join('\n');
  const fields = type.fields.map(({ name: field, optional, type: of, doc: remark }) =>
    `---@field ${field}${optional ? '?' : ''} ${lua(of)}${remark === '' ? '' : ` ${remark}`}`.trimEnd(),
  );
  return [...head, `---@class (exact) kubectl.${name}`, ...fields].join('\n');
};

/** `Methods` maps a method to its parameters and its result. */
const methods = ({ type }: Declaration): string[] => {
  if (type.is !== 'object') throw new Error('Methods is no object');
  const names = type.fields.map(({ name }) => `'${name}'`).join('|');
  return [
    `---@alias kubectl.Method ${names}`,
    ...type.fields.map(({ name, type: pair, doc }) => {
      const [params, result] = pair.is === 'tuple' ? pair.parts : [];
      if (params === undefined || result === undefined) throw new Error(`${name} is no [params, result]`);
      const head = doc === '' ? '' : `--- ${doc}\n`;
      return `${head}---@alias kubectl.params.${name} ${lua(params)}\n---@alias kubectl.result.${name} ${lua(result)}`;
    }),
  ];
};

export const generate = (texts: readonly string[]): string => {
  const declarations = texts.flatMap((text) => new Parser(tokenize(text)).declarations());
  const parts = declarations.flatMap((each) => (each.name === 'Methods' ? methods(each) : [annotate(each)]));
  return `---@meta\n--- Generated by src/tools/gen-lua-types.ts from ${sources.join(', ')}.\n\n${parts.join('\n\n')}\n`;
};

if (import.meta.filename === process.argv[1]) {
  const written = generate(sources.map((file) => readFileSync(join(root, file), 'utf8')));
  const path = join(root, target);
  if (!process.argv.includes('--check')) writeFileSync(path, written);
  else if (readFileSync(path, 'utf8') !== written) {
    process.stderr.write(`${target} is not what the protocol says: run node src/tools/gen-lua-types.ts\n`);
    process.exitCode = 1;
  }
}
