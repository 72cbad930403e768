import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join, relative } from 'node:path';

/** A folder whose files with a default export are the entries of a list. */
export type Registry = {
  readonly folder: string;
  /** `.ts` or `.tsx`. */
  readonly extension: string;
  /** Name of the list that is exported. */
  readonly list: string;
  readonly type: { readonly name: string; readonly from: string };
  /** The generator, as the first line of the file names it. */
  readonly generator: string;
};

const variable = (file: string): string => {
  const name = basename(file, extname(file)).replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  // Action and kind names may be words of the language: `delete`, `default`.
  return `${name}Entry`;
};

const registryText = ({ folder, extension, list, type, generator }: Registry): string => {
  const files = readdirSync(folder)
    .filter((file) => extname(file) === extension && !file.includes('.generated.'))
    .filter((file) => /^export default /m.test(readFileSync(join(folder, file), 'utf8')))
    .sort();
  return [
    `/** Written by src/tools/${generator} from the files of this folder. */`,
    `import type { ${type.name} } from '${type.from}';`,
    ...files.map((file) => `import ${variable(file)} from './${file}';`),
    '',
    `export const ${list}: readonly ${type.name}[] = [`,
    ...files.map((file) => `  ${variable(file)},`),
    '];',
    '',
  ].join('\n');
};

/** Writes a generated file; with --check only says, and exits with 1, when it is not what it would be. */
export const writeGenerated = (target: string, wanted: string, argv: readonly string[] = process.argv): void => {
  const current = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (current === wanted) return;
  if (argv.includes('--check')) {
    console.error(`${relative(process.cwd(), target)} is not up to date: npm run gen`);
    process.exitCode = 1;
  } else {
    writeFileSync(target, wanted);
  }
};

/** Writes `index.generated.ts` of the folder. */
export const writeRegistry = (registry: Registry, argv: readonly string[] = process.argv): void =>
  writeGenerated(join(registry.folder, 'index.generated.ts'), registryText(registry), argv);
