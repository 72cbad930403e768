/**
 * Bundles the backend into dist/: three entries that share chunks. What `main.ts` imports statically must stay small,
 * for Neovim waits for it; the rest comes with `import()`. ESM only: Ink's layout engine has a top-level await.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import nodeHttp from 'node:http';
import { join, relative } from 'node:path';
import { build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { markBundled } from './setup/bundle.cjs';
import paths from './setup/paths.cjs';

const outdir = join(paths.root, 'dist');

/** Entry name in dist/ → source. */
const entries = {
  main: 'src/main.ts',
  engine: 'src/engine/engine.ts',
  dashboards: 'src/dashboards/worker.tsx',
};

const undici = new Set(['default', 'WebSocket', 'CloseEvent', 'MessageEvent']);

const silent = `
  const logger = new Proxy({}, { get: (_, name) => (name === 'level' ? 'silent' : () => logger) });
  export const createLogger = () => logger;
  export const format = logger;
  export const transports = { File: class {}, Console: class {} };
  export default { createLogger, format, transports };
`;

/**
 * Modules that a dependency asks for and we do without: winston logs inside the `neovim` package (and costs 20 ms at
 * start), the other two are React's developer tools inside Ink. The `ws` of the Kubernetes client is a real one.
 */
const stubs: Plugin = {
  name: 'stubs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(winston|react-devtools-core)$/ }, ({ path }) => ({ path, namespace: 'stub' }));
    onResolve({ filter: /^ws$/ }, ({ path, importer }) =>
      /node_modules[\\/]ink[\\/]/.test(importer) ? { path, namespace: 'stub' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({
      contents: path === 'winston' ? silent : 'export default {};',
    }));
  },
};

/**
 * `import … from 'node:http'` makes Node read every export, and three of them load undici: 30 ms and 10 MB at each start
 * of a process or worker, for classes nobody uses. The others are handed on by name.
 */
const http: Plugin = {
  name: 'http',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'http', namespace: 'http', sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'http' }, () => ({
      contents: `
        const http = process.getBuiltinModule('node:http');
        export const { ${Object.keys(nodeHttp)
          .filter((name) => !undici.has(name))
          .join(', ')} } = http;
        export default http;
      `,
    }));
  },
};

/** string-width makes a segmenter and a pattern of all emoji when it is loaded: that is put off until it is called. */
const later: Plugin = {
  name: 'later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ importer, kind }) =>
      kind === 'import-statement' && importer.startsWith(join(paths.root, 'src'))
        ? { path: 'string-width', namespace: 'later', sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => ({
      contents: `
        let loaded;
        export default (...values) => (loaded ??= require('${path}').default)(...values);
      `,
      resolveDir: paths.root,
    }));
  },
};

/** Dependencies that are CommonJS call `require` for Node's own modules; an ES module has none. */
const banner =
  "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);";

/** Bytes that are read before the first line of the entry runs: the entry and what it imports statically. */
const loadedAtOnce = (outputs: Metafile['outputs'], entry: string, seen = new Set<string>()): number => {
  const output = outputs[entry];
  if (output === undefined || seen.has(entry)) return 0;
  seen.add(entry);
  const statics = output.imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true);
  return statics.reduce((sum, { path }) => sum + loadedAtOnce(outputs, path, seen), output.bytes);
};

type Manifest = { readonly sizes: Readonly<Record<string, number>>; readonly files: readonly string[] };

const readManifest = (): Manifest => {
  const text = paths.readText(join(outdir, 'manifest.json'));
  return text === undefined ? { sizes: {}, files: [] } : JSON.parse(text);
};

/**
 * Puts a build into dist/. A backend that is running may still ask for a chunk of the build before, so the files of
 * one earlier build stay.
 */
const publish = (files: readonly OutputFile[], sizes: Manifest['sizes']): void => {
  const names = files.map(({ path }) => relative(outdir, path));
  const before = readManifest().files;
  mkdirSync(join(outdir, 'chunks'), { recursive: true });
  for (const file of [...files].reverse()) {
    writeFileSync(`${file.path}.new`, file.contents);
    renameSync(`${file.path}.new`, file.path);
  }
  const kept = new Set([...names, ...before]);
  // Compiled code that Node has kept (lua/kubectl/host.lua) is of the build before.
  rmSync(join(outdir, 'cache'), { recursive: true, force: true });
  for (const name of readdirSync(join(outdir, 'chunks'))) {
    if (!kept.has(join('chunks', name))) rmSync(join(outdir, 'chunks', name));
  }
  writeFileSync(join(outdir, 'manifest.json'), `${JSON.stringify({ sizes, files: names }, null, 1)}\n`);
};

const bundle = () =>
  build({
    absWorkingDir: paths.root,
    entryPoints: entries,
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    jsx: 'automatic',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: { js: banner },
    external: ['*.node'],
    plugins: [stubs, http, later],
    metafile: true,
    write: false,
    logLevel: 'warning',
  });

const main = async (): Promise<void> => {
  const missing = Object.values(entries).filter((source) => !existsSync(join(paths.root, source)));
  if (missing.length > 0) throw new Error(`The bundle lacks an entry: ${missing.join(', ')}`);
  const { outputFiles, metafile } = await bundle();
  const sizes = Object.fromEntries(
    Object.keys(entries).map((name) => [name, loadedAtOnce(metafile.outputs, `dist/${name}.js`)]),
  );
  publish(outputFiles, sizes);
  markBundled();
  const summary = Object.entries(sizes).map(([name, bytes]) => `${name}.js loads ${Math.round(bytes / 1000)} KB`);
  process.stdout.write(`dist: ${summary.join(', ')}\n`);
};

main().catch((error: unknown) => {
  // esbuild has shown its messages already, with the lines they are about.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
