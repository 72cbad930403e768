/** Reads protobuf messages from generated.proto, and what JSON makes of their fields from the tags in types.go. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type SchemaField = {
  readonly number: number;
  /** The JSON name; '' for fields that are embedded. */
  readonly name: string;
  /** A scalar's name or the full name of a message. */
  readonly type: string;
  readonly many: 'list' | 'map' | undefined;
  /** JSON leaves the zero value out although the wire has it. */
  readonly omit: boolean;
  /** JSON says null for the empty list or map. */
  readonly nil: boolean;
};

export type Schema = {
  has(message: string): boolean;
  fieldsOf(message: string): readonly SchemaField[];
};

type Tag = { readonly json: string; readonly options: readonly string[]; readonly pointer: boolean };

const structStart = /^type (\w+) struct \{/;
const taggedField = /^\s+(?:\w+\s+)?(\S+)\s+`json:"([^"]*)"[^`]* protobuf:"\w+,(\d+)/;

/** Struct → field number → its JSON tag. */
const readTags = (source: string): Map<string, Map<number, Tag>> => {
  const structs = new Map<string, Map<number, Tag>>();
  let fields: Map<number, Tag> | undefined;
  for (const line of source.split('\n')) {
    const start = structStart.exec(line);
    if (start !== null) {
      fields = new Map();
      structs.set(start[1] as string, fields);
    }
    const field = taggedField.exec(line);
    if (field === null || fields === undefined) continue;
    const [json = '', ...options] = (field[2] as string).split(',');
    fields.set(Number(field[3]), { json, options, pointer: (field[1] as string).startsWith('*') });
  }
  return structs;
};

const messageStart = /^message (\w+) \{/;
const plainField = /^\s+(optional|repeated|required) (\S+) \w+ = (\d+);/;
const mapField = /^\s+map<string, (\S+)> \w+ = (\d+);/;
const scalars = new Set(['string', 'int32', 'int64', 'bool', 'double', 'bytes']);

const fieldOf = (
  [number, type, many]: readonly [number: number, type: string, many: SchemaField['many']],
  pack: string,
  tag: Tag,
): SchemaField => {
  const full = scalars.has(type) ? type : type.startsWith('.') ? type.slice(1) : `${pack}.${type}`;
  const zeroGoes = tag.options.includes(full.endsWith('Time') ? 'omitzero' : 'omitempty');
  const omit = zeroGoes && !tag.pointer && many === undefined;
  return {
    number,
    name: tag.json,
    type: full,
    many,
    omit,
    nil: many !== undefined && !tag.options.includes('omitempty'),
  };
};

const parseField = (line: string): readonly [number: number, type: string, many: SchemaField['many']] | undefined => {
  const plain = plainField.exec(line);
  if (plain !== null) {
    return [Number(plain[3]), plain[2] as string, plain[1] === 'repeated' ? 'list' : undefined];
  }
  const map = mapField.exec(line);
  return map === null ? undefined : [Number(map[2]), map[1] as string, 'map'];
};

const readFolder = (folder: string, messages: Map<string, SchemaField[]>): void => {
  const proto = readFileSync(join(folder, 'generated.proto'), 'utf8');
  const tags = readTags(readFileSync(join(folder, 'types.go'), 'utf8'));
  const pack = /^package (\S+);/m.exec(proto)?.[1];
  if (pack === undefined) throw new Error(`${folder}/generated.proto names no package`);
  let message = '';
  for (const line of proto.split('\n')) {
    message = messageStart.exec(line)?.[1] ?? message;
    const field = parseField(line);
    const tag = field === undefined ? undefined : tags.get(message)?.get(field[0]);
    // Messages that are no struct of types.go (Time, the Go aliases of lists) have a JSON form of their own.
    if (field === undefined || tag === undefined) continue;
    const known = messages.get(`${pack}.${message}`) ?? [];
    known.push(fieldOf(field, pack, tag));
    messages.set(`${pack}.${message}`, known);
  }
};

/** The messages of some folders of published Go modules. */
export const createSchema = (folders: readonly string[]): Schema => {
  const messages = new Map<string, SchemaField[]>();
  for (const folder of folders) readFolder(folder, messages);
  return {
    has: (message) => messages.has(message),
    fieldsOf: (message) => messages.get(message) ?? [],
  };
};
