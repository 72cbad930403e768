import { expect, test } from 'vitest';
import { parseArguments } from '../../../src/command/arguments.ts';
import { guardedPlan, mayChange, planGuard } from '../../../src/command/guarded.ts';
import type { CommandPlan } from '../../../src/protocol/wire.ts';

const changes = (line: string): boolean => {
  const args = line.split(' ');
  return mayChange(parseArguments(args), args);
};

test.each([
  'get pods -A',
  '--context prod get pods',
  'get --raw /readyz',
  'describe pod x',
  'top nodes',
  'rollout status deploy/web',
  'rollout history deploy/web',
  'auth can-i --list',
  'explain pods --recursive',
  'diff -f x.yaml',
  'apply -f x.yaml --dry-run=server',
  'delete pod x --dry-run=client',
  'delete pod x --cascade=orphan --dry-run=client',
  'rollout undo deploy/web --dry-run=server',
  'config view',
  'port-forward svc/web 8080:80',
])('`%s` changes nothing', (line) => expect(changes(line)).toBe(false));

test.each([
  'delete pod x',
  'delete pod x --dry-run=none',
  '-n shop delete pod x',
  'rollout restart deploy/web',
  'rollout undo deploy/web',
  'auth reconcile -f x',
  'apply -f x.yaml',
  'exec web -- rm -rf /',
  'cp a b:c',
  'debug web',
  'drain node-1',
  'some-plugin status',
  'proxy',
  'edit deploy web',
  // kubectl takes the first word for the value of the flag: what runs is `delete`.
  '--v get delete pod x',
  '--unknown get pods',
  // What runs is `rollout restart`.
  'rollout --cache-dir status restart deploy/web',
  'auth --cache-dir can-i reconcile -f x',
  // kubectl takes the last one, or takes it for the value of the flag before it.
  'delete pod x --dry-run=client --dry-run=none',
  'label pod x a=b --field-manager --dry-run=client',
  'some-plugin purge --dry-run=client',
])('`%s` may change something', (line) => expect(changes(line)).toBe(true));

const plan: CommandPlan = {
  do: 'process',
  argv: ['kubectl', 'delete', 'pod', 'x'],
  env: {},
  title: 'kubectl delete pod x',
  filetype: '',
  okCodes: [0],
  stdin: 'none',
  show: 'split',
};
const args = ['delete', 'pod', 'x'];
const parsed = parseArguments(args);

test('a read-only context refuses, a guarded one wants its name typed, an open one nothing', () => {
  const verdict = { word: 'prod', place: 'Context "prod"', hint: 'Ask' };
  expect(() => guardedPlan(plan, parsed, args, { ...verdict, mode: 'read-only' })).toThrow(
    'Context "prod" is read-only here: `kubectl delete pod x` was not run.',
  );
  expect(guardedPlan(plan, parsed, args, { ...verdict, mode: 'typed' })).toMatchObject({
    do: 'process',
    confirm: { type: 'prod', lines: ['kubectl delete pod x', expect.any(String)] },
  });
  expect(guardedPlan(plan, parsed, args, { ...verdict, mode: 'open' })).toEqual(plan);
  const look = ['get', 'pods'];
  expect(guardedPlan(plan, parseArguments(look), look, { ...verdict, mode: 'read-only' })).toEqual(plan);
});

test(':Kubectl guard shows or changes the guard of a context', () => {
  expect(planGuard(parseArguments(['guard']), 'prod')).toEqual({ do: 'guard', context: 'prod' });
  expect(planGuard(parseArguments(['guard', 'read-only', '--context=x']), 'prod')).toEqual({
    ...{ do: 'guard', context: 'x', mode: 'read-only' },
  });
  expect(() => planGuard(parseArguments(['guard', 'closed']), 'prod')).toThrow("does not know 'closed'");
});
