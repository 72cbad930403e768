/**
 * Writes the protobuf plans, src/decode/proto/*.generated.ts, from the published generated.proto and types.go of
 * k8s.io/api and k8s.io/apimachinery (Go modules), trimmed to the fields that the kinds read.
 * With --check nothing is written; exit code 1 says that a file is not what it would be.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commonFields } from '../processors/define-kind.ts';
import { kinds } from '../processors/kinds/index.generated.ts';
import { planSource } from './proto/plan-source.ts';
import { createSchema, type Schema } from './proto/schema.ts';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'src/decode/proto');
const check = process.argv.includes('--check');

/** Where a Go module is, once it has been downloaded: the addon's go.mod says which version. */
const moduleFolder = (module: string): string => {
  const options = { cwd: join(root, 'native/go'), encoding: 'utf8', maxBuffer: 1 << 24 } as const;
  const told = execFileSync('go', ['mod', 'download', '-json', module], options);
  return (JSON.parse(told) as { readonly Dir: string }).Dir;
};

/** `core` for '', `events` for `events.k8s.io`: how the folders of k8s.io/api are named. */
const folderOf = (group: string): string => (group === '' ? 'core' : (group.split('.')[0] as string));

type Output = { readonly file: string; readonly key: string; readonly name: string; readonly text: string };

const header = '/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */';

const camel = (words: string): string =>
  words
    .replace(/[-.](\w)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^\w/, (first) => first.toLowerCase());

const stable = ['v1'];

const pairs = (groups: readonly string[], versions: readonly string[]): readonly (readonly [string, string])[] =>
  groups.flatMap((group) => versions.map((version) => [group, version] as const));

const kindOutputs = (schema: Schema): Output[] =>
  kinds.flatMap(({ groups, kind, versions = stable, fields }) => {
    const missing = new Set<string>(fields);
    const outputs = pairs(groups, versions).flatMap(([group, version]): Output[] => {
      const root = `k8s.io.api.${folderOf(group)}.${version}.${kind}`;
      if (!schema.has(root)) return [];
      const { source, unknown } = planSource(schema, root, [...commonFields, ...fields]);
      for (const field of fields) if (!unknown.has(field)) missing.delete(field);
      const name = camel(`${folderOf(group)}-${kind}`);
      const text = [header, "import { message } from './plan.ts';", '', `export const ${name} = ${source};`, ''].join(
        '\n',
      );
      return [
        {
          file: `${folderOf(group)}-${kind.toLowerCase()}.generated.ts`,
          key: `${group}/${version}/${kind}`,
          name,
          text,
        },
      ];
    });
    if (outputs.length > 0 && missing.size > 0) {
      throw new Error(`the kind ${kind} reads fields that no schema has: ${[...missing].join(', ')}`);
    }
    return outputs;
  });

/** What every answer may hold besides its objects. */
const statusFields = ['message', 'reason', 'code', 'details.retryAfterSeconds', 'details.causes.reason'];

const statusOutput = (schema: Schema): string => {
  const { source } = planSource(schema, 'k8s.io.apimachinery.pkg.apis.meta.v1.Status', statusFields);
  return [header, "import { message } from './plan.ts';", '', `export const status = ${source};`, ''].join('\n');
};

const indexOutput = (outputs: readonly Output[]): string =>
  [
    header,
    ...outputs.map(({ name, file }) => `import { ${name} } from './${file}';`),
    "import type { Plan } from './plan.ts';",
    '',
    '/** By group/version/kind. */',
    'export const plans: ReadonlyMap<string, Plan> = new Map([',
    ...outputs.map(({ key, name }) => `  ['${key}', ${name}],`),
    ']);',
    '',
  ].join('\n');

const readSchema = (): Schema => {
  const api = moduleFolder('k8s.io/api');
  const machinery = moduleFolder('k8s.io/apimachinery');
  // Messages of every group refer to core's.
  const needed = kinds.flatMap(({ groups, versions = stable }) =>
    pairs(groups, versions).map(([group, version]) => join(api, folderOf(group), version)),
  );
  const folders = [...new Set([join(api, 'core/v1'), ...needed])].filter((folder) => existsSync(folder));
  return createSchema([...folders, join(machinery, 'pkg/apis/meta/v1')]);
};

const files = (schema: Schema): Map<string, string> => {
  const outputs = kindOutputs(schema).sort((left, right) => (left.file < right.file ? -1 : 1));
  return new Map([
    ...outputs.map(({ file, text }) => [file, text] as const),
    ['status.generated.ts', statusOutput(schema)],
    ['index.generated.ts', indexOutput(outputs)],
  ]);
};

const write = (wanted: ReadonlyMap<string, string>): void => {
  const present = readdirSync(target).filter((file) => file.endsWith('.generated.ts'));
  for (const file of new Set([...present, ...wanted.keys()])) {
    const path = join(target, file);
    const text = wanted.get(file);
    if (text === (existsSync(path) ? readFileSync(path, 'utf8') : undefined)) continue;
    if (check) {
      console.error(`${path} is not up to date: npm run gen`);
      process.exitCode = 1;
    } else if (text === undefined) unlinkSync(path);
    else writeFileSync(path, text);
  }
};

write(files(readSchema()));
