/**
 * src/rpc/params.generated.ts: the parameters of every method of the wire as data, for check.ts to hold against what an
 * editor sends. `--check` writes nothing and fails when the file is not what would be written.
 */
import { join } from 'node:path';
import { writeGenerated } from './registry.ts';
import { type Declaration, methodsOf, root, type Type, wireDeclarations } from './wire-types.ts';

type Named = ReadonlyMap<string, Type>;

const simple: Readonly<Record<string, string>> = { string: "'text'", number: "'number'", boolean: "'yesno'" };

const quoted = (name: string): string => (/^[a-z]\w*$/i.test(name) ? name : `'${name}'`);

const shape = (type: Type, named: Named): string => {
  switch (type.is) {
    case 'literal':
      return `{ oneOf: [${type.text}] }`;
    case 'array':
      return `{ list: ${shape(type.of, named)} }`;
    case 'union': {
      const literals = type.parts.flatMap((part) => (part.is === 'literal' ? part.text : []));
      if (literals.length === type.parts.length) return `{ oneOf: [${literals.join(', ')}] }`;
      return `{ either: [${type.parts.map((part) => shape(part, named)).join(', ')}] }`;
    }
    case 'object': {
      const [must, may] = [false, true]
        .map((optional) =>
          type.fields
            .filter((field) => field.optional === optional)
            .map((field) => `${quoted(field.name)}: ${shape(field.type, named)}`)
            .join(', '),
        )
        .map((fields) => (fields === '' ? '{}' : `{ ${fields} }`));
      return `{ must: ${must}, may: ${may} }`;
    }
    case 'tuple':
      throw new Error('no method takes a tuple');
    case 'name':
      return nameShape(type, named);
    default:
      return type satisfies never;
  }
};

const nameShape = ({ name, args }: Extract<Type, { is: 'name' }>, named: Named): string => {
  const [first, second] = args;
  // Of what is extracted the whole is let through.
  if ((name === 'Readonly' || name === 'Extract') && first !== undefined) return shape(first, named);
  if (name === 'Record' && second !== undefined) {
    return second.is === 'name' && second.name === 'never'
      ? '{ must: {}, may: {} }'
      : `{ map: ${shape(second, named)} }`;
  }
  const known = simple[name];
  if (known !== undefined) return known;
  const declared = named.get(name);
  if (declared === undefined) throw new Error(`${name} is not declared in the protocol`);
  return shape(declared, named);
};

const source = (declarations: readonly Declaration[]): string => {
  const named = new Map(declarations.map(({ name, type }) => [name, type]));
  const methods = declarations.filter(({ name }) => name === 'Methods').flatMap(methodsOf);
  return [
    '/** Written by src/tools/gen-checks.ts from src/protocol/wire.ts. */',
    "import type { Methods } from '../protocol/wire.ts';",
    "import type { Shape } from './check.ts';",
    '',
    '// biome-ignore format: one line for each method',
    'export const paramShapes: Readonly<Record<keyof Methods, Shape>> = {',
    ...methods.map(({ name, params }) => `  ${quoted(name)}: ${shape(params, named)},`),
    '};',
    '',
  ].join('\n');
};

writeGenerated(join(root, 'src/rpc/params.generated.ts'), source(wireDeclarations()));
