/** What Lua files may say: design rules that luacheck has no words for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

const below = (folder: string): string[] => {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.lua'))
    .map((name) => join(folder, name));
};

/** Code without comments and long strings: the rules are about what runs. */
const code = (file: string): string =>
  readFileSync(join(root, file), 'utf8')
    .replaceAll(/--\[(=*)\[.*?\]\1\]/gs, '')
    .replaceAll(/--.*$/gm, '');

const plugin = [...below('plugin'), ...below('lua')];
const name = (file: string): string => basename(file, '.lua');
/** `file: matches` of the files that hold what the pattern says. */
const offenders = (where: readonly string[], pattern: RegExp): string[] =>
  where.flatMap((file) => {
    const found = [...new Set(code(file).match(pattern) ?? [])];
    return found.length === 0 ? [] : [`${file}: ${found.join(', ')}`];
  });

/** Modules required inside a function load on use; a cycle is one that exists at load time. */
const loadTimeRequires = (file: string): string[] =>
  [...code(file).matchAll(/^local [\w, ]+ = require\(?\s*['"](kubectl[\w.]*)['"]/gm)].map(([, module]) => module ?? '');

const moduleOf = (file: string): string =>
  file
    .replace(/^lua\//, '')
    .replace(/(\/init)?\.lua$/, '')
    .replaceAll('/', '.');

const kinds = [
  ...['pod', 'deployment', 'replicaset', 'statefulset', 'daemonset', 'cronjob', 'configmap', 'secret', 'ingress'],
  ...['persistentvolume', 'persistentvolumeclaim', 'storageclass', 'serviceaccount', 'rolebinding', 'clusterrole'],
  ...['clusterrolebinding', 'networkpolicy', 'endpointslice', 'horizontalpodautoscaler', 'customresourcedefinition'],
];
const kindPattern = new RegExp(`\\b(${kinds.join('|')})s?\\b`, 'gi');

/** The user's defaults: the keys 1 to 6 open tables that have names. And kubectl's own words: `set serviceaccount`. */
const mayNameKinds = new Set(['config', 'complete']);

describe('Lua', () => {
  it('speaks RPC only in host.lua', () => {
    const pattern = /\brpcnotify\b|\brpcrequest\b|\bjobstart\b[^\n]*\brpc\b|\brpc\s*=\s*true/g;
    expect(
      offenders(
        plugin.filter((file) => name(file) !== 'host'),
        pattern,
      ),
    ).toEqual([]);
  });

  it('never waits for the backend', () => {
    expect(offenders(plugin, /\brpcrequest\b/g)).toEqual([]);
  });

  it('writes tables only in buffer.lua, and floats only in their helpers', () => {
    // Texts of objects are the user's to change: draft.lua alone sets their lines, as lines.lua
    // those of a table that is edited. The others write scratch buffers of
    // their own floats: forms, pickers, messages.
    const writers = new Set(['buffer', 'draft', 'float', 'input', 'lines', 'picker', 'report', 'window']);
    const pattern = /\bnvim_buf_set_(?:lines|text|extmark)\b/g;
    expect(
      offenders(
        plugin.filter((file) => !writers.has(name(file))),
        pattern,
      ),
    ).toEqual([]);
  });

  it('asks the backend only from what acts: init, command, keymap, view, terminal, input, object, edit, standing', () => {
    const askers = new Set([
      'init',
      'command',
      'edit',
      'keymap',
      'object',
      'view',
      'terminal',
      'input',
      'standing',
      'host',
    ]);
    const pattern = /require\(?\s*['"]kubectl\.host['"]/g;
    expect(
      offenders(
        plugin.filter((file) => !askers.has(name(file))),
        pattern,
      ),
    ).toEqual([]);
  });

  it('holds no name of a kind', () => {
    expect(
      offenders(
        plugin.filter((file) => !mayNameKinds.has(name(file))),
        kindPattern,
      ),
    ).toEqual([]);
  });

  it('has no cycle of modules that are required at load time', () => {
    const edges = new Map(plugin.map((file) => [moduleOf(file), loadTimeRequires(file)]));
    const visit = (module: string, path: string[]): string | undefined => {
      if (path.includes(module)) return [...path, module].join(' → ');
      return (edges.get(module) ?? [])
        .map((next) => visit(next, [...path, module]))
        .find((cycle) => cycle !== undefined);
    };
    expect([...edges.keys()].map((module) => visit(module, [])).find((cycle) => cycle !== undefined)).toBeUndefined();
  });
});
