import { LineCounter, parseAllDocuments } from 'yaml';
import { readOptions } from './document.ts';
import { isList, isMap, type Json, type JsonMap } from './json.ts';

/** One object of a file or a buffer. */
export type Manifest = {
  readonly object: JsonMap;
  /** `deploy.yaml:12`: where it stands. */
  readonly origin: string;
};

export type Manifests = { readonly manifests: readonly Manifest[]; readonly problems: readonly string[] };

const lackOf = (object: JsonMap): string | undefined => {
  const metadata = isMap(object.metadata) ? object.metadata : {};
  const missing = [
    typeof object.apiVersion === 'string' && object.apiVersion !== '' ? undefined : 'apiVersion',
    typeof object.kind === 'string' && object.kind !== '' ? undefined : 'kind',
    typeof metadata.name === 'string' && metadata.name !== '' ? undefined : 'metadata.name',
  ].filter((field) => field !== undefined);
  return missing.length === 0 ? undefined : `no ${missing.join(', ')}`;
};

/** A List stands for its items. */
const itemsOf = (object: JsonMap): readonly Json[] =>
  typeof object.kind === 'string' && object.kind.endsWith('List') && isList(object.items) ? object.items : [object];

/** The objects of a text, YAML or JSON, in their order; what cannot be read is told with its place. */
export const parseManifests = (text: string, file: string): Manifests => {
  const counter = new LineCounter();
  const parsed = parseAllDocuments(text, readOptions(counter));
  const manifests: Manifest[] = [];
  const problems: string[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const offset = document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
    const origin = `${file}:${counter.linePos(offset).line}`;
    const [error] = document.errors;
    if (error !== undefined) {
      problems.push(`${file}:${counter.linePos(error.pos[0]).line}: ${error.message}`);
      continue;
    }
    const value = document.toJS({ maxAliasCount: 100 }) as Json;
    if (value === null) continue;
    for (const item of isMap(value) ? itemsOf(value) : [value]) {
      const lack = isMap(item) ? lackOf(item) : 'no object';
      if (lack === undefined) manifests.push({ object: item as JsonMap, origin });
      else problems.push(`${origin}: ${lack}`);
    }
  }
  return { manifests, problems };
};
