import {
  type Document,
  isAlias,
  isMap as isMapNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isList, isMap, type Json, type JsonMap, type Path, sameJson } from './json.ts';

/** 0-based line and column (UTF-16 units) of a text. */
export type Place = { readonly line: number; readonly column: number };

/** Something wrong at a place of the text. */
export type Problem = Place & { readonly severity: 'error' | 'warning'; readonly message: string };

/** One object as YAML text, its comments and the order of its keys included. */
export type ObjectDocument = {
  readonly object: JsonMap;
  /** Where a value is, or the nearest place above it that exists. */
  place(path: Path): Place;
  /** First and last line of a value with its key; undefined when it is not there. */
  lines(path: Path): readonly [first: number, last: number] | undefined;
  /** The same text with the values of another state of the object. */
  withValues(object: JsonMap): string;
};

export type ParsedObject =
  | { readonly ok: true; readonly document: ObjectDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The first of the things that are wrong with a text, and where. */
export const firstProblem = ([first]: readonly Problem[]): string =>
  first === undefined ? 'This text is no object.' : `Line ${first.line + 1}: ${first.message}`;

/** As kubectl reads YAML: 1.1 words and octal numbers, but no dates and no base 60. */
export const readOptions = (lineCounter: LineCounter) =>
  ({
    version: '1.1',
    lineCounter,
    prettyErrors: false,
    customTags: (tags: readonly (string | { readonly tag?: string; readonly format?: string })[]) =>
      tags.filter((tag) => {
        if (typeof tag === 'string') return tag !== 'timestamp' && tag !== 'intTime' && tag !== 'floatTime';
        return tag.format !== 'TIME' && !tag.tag?.endsWith(':timestamp');
      }),
  }) as Parameters<typeof parseAllDocuments>[1];

/** `yes`, `on` and the like are quoted, for readers of YAML 1.1. */
const layout = { lineWidth: 0, compat: 'yaml-1.1', indentSeq: false, version: '1.2' } as const;

const pairOf = (node: unknown, key: string): Pair<Node, Node | null> | undefined =>
  isMapNode(node)
    ? (node as YAMLMap<Node, Node | null>).items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)
    : undefined;

type Found = { readonly key: Node | undefined; readonly value: Node | null | undefined };

/** As far as a path leads; the last place that exists. */
const follow = (root: Node | null, path: Path): Found & { readonly whole: boolean } => {
  let found: Found = { key: undefined, value: root };
  for (const step of path) {
    let next: Found | undefined;
    if (typeof step === 'number') {
      const item = isSeq(found.value) ? ((found.value as YAMLSeq<Node>).items[step] as Node | undefined) : undefined;
      next = item === undefined ? undefined : { key: undefined, value: item };
    } else {
      const pair = pairOf(found.value, step);
      next = pair === undefined ? undefined : { key: pair.key, value: pair.value };
    }
    if (next === undefined) return { ...found, whole: false };
    found = next;
  }
  return { ...found, whole: true };
};

const setScalar = (node: Node | null, value: Json): boolean => {
  if (!isScalar(node) || (typeof value === 'object' && value !== null)) return false;
  node.value = value;
  // The way a number was written (0644) says nothing about another one.
  delete node.format;
  delete node.source;
  return true;
};

const updateMap = (document: Document, node: YAMLMap<Node, Node | null>, value: JsonMap): void => {
  node.items = node.items.filter((pair) => isScalar(pair.key) && Object.hasOwn(value, String(pair.key.value)));
  for (const [key, wanted] of Object.entries(value)) {
    const pair = pairOf(node, key);
    if (pair === undefined) node.items.push(document.createPair(key, wanted) as Pair<Node, Node>);
    else pair.value = updated(document, pair.value, wanted);
  }
};

const nameIn = (value: unknown): unknown => (isMap(value as Json) ? (value as JsonMap).name : undefined);

/** Items keep their comments: found again by name, or by place where they have none. */
const updateList = (document: Document, node: YAMLSeq<Node>, value: readonly Json[]): void => {
  const old = node.items.map((item) => ({ item, value: item.toJS(document) as Json }));
  const first = node.items[0];
  node.items = value.map((wanted, index) => {
    const name = nameIn(wanted);
    const held = name === undefined ? old[index] : old.find((each) => nameIn(each.value) === name);
    return updated(document, held?.item ?? null, wanted);
  });
  // A comment over the first item stands at the list; it stays with the item.
  if (first === undefined || node.items[0] === first || !node.items.includes(first) || !node.commentBefore) return;
  first.commentBefore ??= node.commentBefore;
  node.commentBefore = null;
};

/** A node for a value, the same one where it can be kept. */
const updated = (document: Document, node: Node | null, value: Json): Node => {
  if (node !== null && !isAlias(node)) {
    if (sameJson(node.toJS(document) as Json, value)) return node;
    if (isMapNode(node) && isMap(value)) {
      updateMap(document, node as YAMLMap<Node, Node | null>, value);
      return node;
    }
    if (isSeq(node) && isList(value)) {
      updateList(document, node as YAMLSeq<Node>, value);
      return node;
    }
    if (setScalar(node, value)) return node;
  }
  return document.createNode(value) as Node;
};

const describe = (text: string, document: Document, counter: LineCounter): ObjectDocument => {
  const at = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(0, line - 1), column: Math.max(0, col - 1) };
  };
  const root = document.contents as Node | null;
  const rangeOf = ({ key, value }: Found): readonly [number, number] => {
    const from = key?.range?.[0] ?? value?.range?.[0] ?? 0;
    return [from, value?.range?.[1] ?? key?.range?.[1] ?? from];
  };
  return {
    object: document.toJS({ maxAliasCount: 100 }) as JsonMap,
    place: (path) => at(rangeOf(follow(root, path))[0]),
    lines: (path) => {
      const found = follow(root, path);
      if (!found.whole) return undefined;
      const [from, to] = rangeOf(found);
      // The end of a block is the start of what follows it: blank and comment lines in between are not its own.
      const end = from + text.slice(from, to).trimEnd().length;
      return [at(from).line, at(Math.max(from, end)).line];
    },
    withValues: (object) => {
      const copy = document.clone() as Document;
      copy.contents = updated(copy, copy.contents as Node | null, object) as never;
      return copy.toString({ ...layout });
    },
  };
};

const missing = (object: JsonMap): string | undefined => {
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== 'string' || apiVersion === '')
    return 'apiVersion is missing: for example `apiVersion: apps/v1`';
  if (typeof kind !== 'string' || kind === '') return 'kind is missing: for example `kind: Deployment`';
  if (!isMap(metadata)) return 'metadata is missing: at least `metadata: {name: …}`';
  return undefined;
};

const problem = (place: Place, message: string): ParsedObject => ({
  ok: false,
  problems: [{ ...place, severity: 'error', message }],
});

/** One object from a text. Comments before and after it are part of it; a second object is an error. */
export const parseObject = (text: string): ParsedObject => {
  const counter = new LineCounter();
  const all = parseAllDocuments(text, readOptions(counter));
  const documents = (Array.isArray(all) ? all : []) as unknown as Document[];
  const filled = documents.filter(({ contents, errors }) => contents !== null || errors.length > 0);
  const [document, second] = filled;
  const top = { line: 0, column: 0 };
  if (document === undefined) return problem(top, 'There is no object in this text.');
  const at = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(0, line - 1), column: Math.max(0, col - 1) };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({
      ...at(pos[0]),
      severity: 'error' as const,
      message,
    }));
    return { ok: false, problems };
  }
  if (second !== undefined) {
    const offset = (second.contents as Node | null)?.range?.[0] ?? 0;
    return problem(at(offset), 'A second object: this buffer holds one. `:Kubectl apply` takes several.');
  }
  if (!isMapNode(document.contents))
    return problem(top, 'This is no object: `apiVersion`, `kind` and `metadata` are expected.');
  const parsed = describe(text, document, counter);
  const lacks = missing(parsed.object);
  return lacks === undefined ? { ok: true, document: parsed } : problem(top, lacks);
};
