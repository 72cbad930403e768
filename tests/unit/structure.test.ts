/**
 * Rules about the sources that Biome has no words for: import cycles, who may import a package's values, sizes, and what
 * a Lua file may say. The messages say what to do instead.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newEnough } from '../../src/tools/setup/packages.cjs';

const root = join(import.meta.dirname, '..', '..');

/** Files that git knows or would add, so that what is ignored plays no part; one that is deleted may still be listed. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const isGenerated = (file: string): boolean => /generated|DO NOT EDIT/i.test(read(file).slice(0, 300));
const typescript = files.filter((file) => /^(src|tests)\/.*\.tsx?$/.test(file));
const lua = files.filter((file) => /^(lua|plugin)\/.*\.lua$/.test(file));

type Import = { readonly from: string; readonly types: boolean; readonly lazy: boolean };

const importPattern =
  /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

const importsOf = (file: string): Import[] =>
  [...read(file).matchAll(importPattern)].map(([, type, from, bare, lazy]) => ({
    from: from ?? bare ?? lazy ?? '',
    types: type !== undefined,
    lazy: lazy !== undefined,
  }));

/** Edges between our own files, imports of types left out: those are gone when the program runs. */
const graph = new Map(
  typescript.map((file) => [
    file,
    importsOf(file)
      .filter(({ from, types, lazy }) => from.startsWith('.') && !types && !lazy)
      .map(({ from }) => relative(root, normalize(join(root, dirname(file), from)))),
  ]),
);

const findCycle = (): string[] | undefined => {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
};

const lineCount = (file: string): number => read(file).trimEnd().split('\n').length;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

describe('imports', () => {
  it('form no cycle', () => {
    expect(findCycle()?.join(' → ')).toBeUndefined();
  });

  it('take values of @kubernetes/client-node only in cluster/ and sessions/', () => {
    const strangers = typescript
      .filter((file) => file.startsWith('src/') && !/^src\/(cluster|sessions|tools)\//.test(file))
      .filter((file) =>
        importsOf(file).some(({ from, types }) => from.startsWith('@kubernetes/client-node') && !types),
      );
    expect(strangers, 'use `import type`, or let cluster/ hand over what is needed').toEqual([]);
  });

  it('are not of packages where they are made with import(): bundled, a CommonJS package has no names then', () => {
    const strangers = typescript
      .filter((file) => file.startsWith('src/') && !file.startsWith('src/tools/'))
      .filter((file) => /\bimport\(\s*['"`](?!\.|node:)/.test(read(file)));
    expect(strangers, 'import() a module of ours that hands the names on, as cluster/yaml.ts does').toEqual([]);
  });

  it('load an addon file only in native/', () => {
    const strangers = typescript
      .filter((file) => file.startsWith('src/') && !/^src\/(native|tools)\//.test(file))
      .filter((file) => /\.node['"`]|process\.dlopen/.test(read(file)));
    expect(strangers).toEqual([]);
  });
});

describe('sizes', () => {
  const written = [...typescript, ...lua, ...files.filter((file) => /\.(cjs|go|cc|h)$/.test(file))].filter(
    (file) => !isGenerated(file),
  );

  it('stay below 500 lines a file', () => {
    const large = written.filter((file) => lineCount(file) > 500).map((file) => `${file}: ${lineCount(file)} lines`);
    expect(large, 'split it by idea').toEqual([]);
  });

  it('have a median of at most 120 lines', () => {
    expect(median(written.map(lineCount))).toBeLessThanOrEqual(120);
  });
});

describe('loading', () => {
  it('makes nothing of Intl: ICU takes 10 ms and more, at every start', () => {
    const made = files
      .filter((file) => /^src\/.*\.tsx?$/.test(file))
      .filter((file) => /^(?:export )?const [^=\n]+= new Intl\./m.test(read(file)));
    expect(made).toEqual([]);
  });
});

describe('tests in a lab', () => {
  const inLab = typescript.filter((file) => /^tests\/(lua|e2e|faults|native|setup)\//.test(file));

  it('give names that are as long for any process id: they take it from run-id.ts', () => {
    expect(inLab.filter((file) => /[a-z-]\$\{process\.pid\}/.test(read(file)))).toEqual([]);
  });

  it('leave it to vitest.config.ts how long a test may take at most', () => {
    expect(inLab.filter((file) => /^ {0,2}\}, \d[\d_]{3,}\);$/m.test(read(file)))).toEqual([]);
  });
});

describe('versions', () => {
  it('of Go packages: vet and tests use the tags of the build', () => {
    const tags = /const tags = '([^']+)'/.exec(read('native/build-go.cjs'))?.[1];
    expect(read('src/tools/go-modules.ts')).toContain(`'${tags}'`);
  });

  it('of Node: set-up accepts what package.json asks for', () => {
    const floor = JSON.parse(read('package.json')).engines.node.replace('>=', 'v');
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(floor) ?? [];
    expect(newEnough(`${floor}.0`)).toBe(true);
    expect(newEnough(`v${major}.${Number(minor) - 1}.0`)).toBe(false);
  });
});

describe('decisions', () => {
  const decisions = files.filter((file) => /^doc\/decisions\/\d{3}-.*\.md$/.test(file));
  const numberOf = (file: string): string => file.slice('doc/decisions/'.length).slice(0, 3);

  it('have a number each, which their title begins with: take the next free one', () => {
    const numbers = decisions.map(numberOf);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    expect(decisions.filter((file) => !read(file).startsWith(`# ${numberOf(file)} `))).toEqual([]);
  });

  it('are there where a source speaks of one', () => {
    const known = new Set(decisions.map(numberOf));
    const spoken = [...typescript, ...lua].flatMap((file) =>
      [...read(file).matchAll(/decisions?[/ ](\d{3})/g)].map(([, number = '']) => ({ file, number })),
    );
    expect(spoken.length).toBeGreaterThan(0);
    expect(spoken.filter(({ number }) => !known.has(number))).toEqual([]);
  });
});
