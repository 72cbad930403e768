/**
 * Writes src/cluster/built-in.generated.ts from discovery.json, the answers of /api and /apis of a server without
 * extensions (Kubernetes 1.36), as far as it can be watched; with --check only compares.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Group, readServed } from '../cluster/discovery-read.ts';
import type { Transport } from '../cluster/transport.ts';
import { writeGenerated } from './registry.ts';

const source = join(import.meta.dirname, 'discovery.json');

const answers: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(source, 'utf8'));
const recorded: Transport = {
  json: async <T>({ path }: { readonly path: string }) => answers[path] as T,
  request: () => Promise.reject(new Error('only discovery was recorded')),
  dispose: () => undefined,
};

const quoted = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;

const textOf = (groups: readonly Group[]): string =>
  [
    '/** Written by src/tools/gen-built-in.ts from src/tools/discovery.json. */',
    "import type { BuiltIn } from './built-in.ts';",
    '',
    'export const builtIn: readonly BuiltIn[] = [',
    ...groups.flatMap(({ versions }) =>
      versions.flatMap(({ resources }) =>
        resources
          .filter(({ verbs }) => verbs.includes('watch'))
          .map(
            ({ group, version, resource, singular, kind, namespaced, shortNames }) =>
              `  [${[group, version, resource, singular, kind].map((text) => `'${text}'`).join(', ')}, ${namespaced}, ${quoted(shortNames)}],`,
          ),
      ),
    ),
    '];',
    '',
  ].join('\n');

writeGenerated(
  join(import.meta.dirname, '../cluster/built-in.generated.ts'),
  textOf((await readServed(recorded)).groups),
);
