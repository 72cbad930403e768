/** Rows in trouble as diagnostics. */
import { afterEach, expect, test } from 'vitest';
import { styleIndex } from '../../src/protocol/styles.ts';
import { line, type Stage, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const error = styleIndex('KubectlError');
const warning = styleIndex('KubectlWarning');
const rows = [
  line('a', 'cart-0    1/1  Running', ''),
  line('b', 'cart-1    0/1  CrashLoopBackOff', `0,31,${error};15,31,${error};`),
  line('c', 'cart-2    0/1  Running', `0,22,${warning};`),
  // A cell's colour is not the row's health.
  line('d', 'cart-3    1/1  Running', `0,6,${error};`),
];

const found = () =>
  stage.editor.lua<[line: number, severity: number, message: string][]>(
    `return vim.tbl_map(function(each) return { each.lnum + 1, each.severity, each.message } end, vim.diagnostic.get(0))`,
  );

test('each says what is wrong and goes when it is right again', async () => {
  stage = await startTable(rows, { setup: 'diagnostics = true' });
  await stage.editor.until('two diagnostics', async () => (await found()).length === 2);
  expect(await found()).toEqual([
    [2, 1, 'CrashLoopBackOff'],
    [3, 2, 'cart-2  0/1  Running'],
  ]);
  await stage.backend.applied(1, [spliceOf(1, 1, [line('b', 'cart-1    1/1  Running')])], 4);
  await stage.editor.until('one diagnostic', async () => (await found()).length === 1);
});

test('there are none unless they are asked for', async () => {
  stage = await startTable(rows);
  expect(await stage.editor.lua(`return package.loaded['kubectl.diagnostics'] == nil`)).toBe(true);
});
