/** Rules for the Lua files that no linter knows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './harness.ts';

const folder = join(root, 'lua', 'kubectl');
const files = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.lua') && name !== 'types.lua')
    .map((name) => [name.replace('.lua', ''), readFileSync(join(folder, name), 'utf8')]),
);
const code = (text: string): string => text.replaceAll(/^\s*--.*$/gm, '').replaceAll(/\s--\s.*$/gm, '');
const using = (pattern: RegExp): string[] =>
  [...files].filter(([, text]) => pattern.test(code(text))).map(([name]) => name);
const requires = (text: string): string[] =>
  [...code(text).matchAll(/require\('kubectl\.?([\w.]*)'\)/g)].map(([, name]) => name || 'init');
/** What is loaded together with a file, not later inside a function. */
const loads = (text: string): string[] => requires(text.replaceAll(/^\s+.*$/gm, ''));

test('only host speaks to the backend, and nothing waits for it', () => {
  expect(using(/\brpc(notify|request)\b|rpc = true/)).toEqual(['host']);
  expect(using(/rpcrequest|vim\.wait\b|:wait\(|vim\.fn\.system|io\.popen|os\.execute|jobwait/)).toEqual([]);
});

test('one provider paints', () => {
  expect(using(/set_decoration_provider/)).toEqual(['buffer']);
});

test('no shell, no evaluation of text', () => {
  expect(using(/\bloadstring\b|\bload\(|nvim_exec2?\(|vim\.cmd\(\s*\(|shellescape/)).toEqual([]);
});

test('kinds of Kubernetes are named in defaults of options only', () => {
  const kinds =
    /['"](pods?|deployments?|services?|nodes?|secrets?|configmaps?|namespaces?|ingress(es)?|jobs?|events?|daemonsets?|statefulsets?)['"]/;
  const offenders = using(kinds).filter((name) => name !== 'config');
  const words = offenders.flatMap((name) =>
    [...code(files.get(name) ?? '').matchAll(new RegExp(kinds, 'g'))].map(([word]) => `${name}: ${word}`),
  );
  // Not the kinds: a method and a completion of the wire, a type of message, the program.
  const others = /'namespaces'|'event'|host: 'node'/;
  expect(words.filter((word) => !others.test(word))).toEqual([]);
});

test('no import cycles', () => {
  const cycles: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      cycles.push([...path, name].join(' → '));
      return;
    }
    for (const next of loads(files.get(name) ?? '')) visit(next, [...path, name]);
  };
  for (const name of files.keys()) visit(name, []);
  expect(cycles).toEqual([]);
});

test('every method of the wire that is used exists there', () => {
  const wire = readFileSync(join(root, 'src', 'protocol', 'wire.ts'), 'utf8');
  const methods = new Set([...wire.matchAll(/^ {2}'?([a-z]+(?:\.[a-z]+)?)'?: \[/gm)].map(([, name]) => name));
  const called = [...files].flatMap(([name, text]) =>
    [...code(text).matchAll(/(?:request|notify|ask_backend|ask|rescope)\((?:[\w.]+, )?'([a-z]+(?:\.[a-z]+)?)'/g)].map(
      ([, method]) => `${name} ${method}`,
    ),
  );
  expect(called.length).toBeGreaterThan(15);
  expect(called.filter((each) => !methods.has(each.split(' ')[1] ?? ''))).toEqual([]);
});
