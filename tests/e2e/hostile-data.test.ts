/** Objects that a real server takes and that nobody would want to meet. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { patience } from '../patience.ts';
import { runId } from '../run-id.ts';
import { freshNamespace, kubectl, openTable, putCursorOn, quietPod, rowsOf, served, withEditor } from './support.ts';

const group = `odd${runId}.example.com`;
const plural = `odds.${group}`;

const column = (name: string, type: string, jsonPath: string): object => ({ name, type, jsonPath });

/** Anything may be in these objects; the columns are of types that the values need not have. */
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: plural },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'odds', singular: 'odd', kind: 'Odd' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        additionalPrinterColumns: [
          column('%{luaeval("pwn()")}\u001b[31m', 'string', '.spec.message'),
          column('Count', 'integer', '.spec.count'),
          column('When', 'date', '.spec.when'),
          column('Ready', 'boolean', '.spec.ready'),
        ],
      },
    ],
  },
};

const evil = '%{luaeval("pwn()")}%#Error#\u001b]0;pwned\u0007\u001b[2J\u009b31m\r\u0000<80>\u202egnp';

const odd = (namespace: string, name: string, rest: object): object => ({
  apiVersion: `${group}/v1`,
  kind: 'Odd',
  metadata: { name, namespace },
  ...rest,
});

const specs: Readonly<Record<string, unknown>> = {
  empty: {},
  nulls: { message: null, count: null, when: null, ready: null },
  wrong: { message: { a: [1] }, count: 'many', when: 'yesterday', ready: 7 },
  huge: { count: 2 ** 60, when: '9999-12-31T23:59:59Z', message: 'x'.repeat(5000) },
  lines: { message: 'first\nsecond\r\nthird' },
  scripts: { message: '日本語 שָׁלוֹם مرحبا 👩\u200d💻🇩🇪 e\u0301\u200b' },
  evil: { message: evil },
};

let namespace = '';
beforeAll(async () => {
  await kubectl(['create', '--filename=-'], definition);
  await served(plural);
  namespace = await freshNamespace();
  const items = [
    ...Object.entries(specs).map(([name, spec]) => odd(namespace, name, { spec })),
    odd(namespace, 'bare', {}),
    odd(namespace, 'scalar', { spec: 'no object' }),
    odd(namespace, 'notes', {
      metadata: { name: 'notes', namespace, annotations: { 'example.com/evil': evil } },
      spec: { message: 'noted' },
    }),
  ];
  await kubectl(['create', '--filename=-'], { apiVersion: 'v1', kind: 'List', items });
});
afterAll(async () => {
  await kubectl(['delete', 'crd', plural, '--wait=false']);
});

/** A tab may stay in describe and YAML. */
const control = /(?!\t)[\p{Cc}\u2028\u2029\u202a-\u202e]/u;

/** No text of a server has become code, and none of it reaches the terminal as anything but text. */
const unharmed = async (editor: Editor): Promise<void> => {
  expect(await editor.lua('return _G.pwned')).toBeNull();
  for (const line of await editor.lines()) expect(line).not.toMatch(control);
  expect(editor.grid.text().replaceAll('\n', '')).not.toMatch(control);
  const messages = await editor.messages();
  expect(messages).not.toMatch(/E\d+:|stack traceback/);
};

const trap = (editor: Editor): Promise<unknown> =>
  editor.lua('_G.pwn = function() _G.pwned = true return "pwned" end; _G.luaeval = _G.pwn');

test('odd values of a custom resource are cells, statuslines and titles, never code', () =>
  withEditor(
    async (editor) => {
      await trap(editor);
      await openTable(editor, `get ${plural} -n ${namespace}`);
      const names = [...Object.keys(specs), 'bare', 'scalar', 'notes'].sort().join();
      await editor.until('its rows', async () => (await rowsOf(editor)).map(({ name }) => name).join() === names);
      await editor.shows('%{LUAEVAL("PWN()")}');
      await editor.shows('%{luaeval("pwn()")}%#Error#^[]0;pwned^G^[[2J<9b>31m');
      await unharmed(editor);
      // Each line has a name where the layout says so: nothing is shifted by wide or joined characters.
      const [at, starts] = await editor.lua<[number, number[]]>(`
        local at
        for _, column in ipairs(require('kubectl.view').of(0).layout.columns) do
          at = column.title == 'COUNT' and column.start or at
        end
        local long = vim.tbl_filter(function(line) return vim.fn.strdisplaywidth(line) > at end, vim.api.nvim_buf_get_lines(0, 0, -1, false))
        return { at, vim.tbl_map(function(line)
          local cells, byte = 0, 1
          for _, letter in ipairs(vim.fn.split(line, '\\\\zs')) do
            if cells >= at then break end
            cells = vim.fn.strdisplaywidth(line:sub(1, byte + #letter - 1))
            byte = byte + #letter
          end
          return cells
        end, long) }`);
      expect(new Set(starts)).toEqual(new Set([at]));
      // What is typed from it, too: a filter, a sort, a yank.
      await editor.keys('<C-f>%{luaeval("pwn()")}<CR>');
      await editor.shows('1 of 10');
      await unharmed(editor);
    },
    undefined,
    { columns: 200 },
  ));

/** Whether the current buffer is a text of an object, and true. */
const isText = (editor: Editor): Promise<boolean> =>
  editor.lua(`
    local text = require('kubectl.view').of(0) or require('kubectl.object').of(0)
    return vim.bo.filetype ~= 'k8s_odds' and text ~= nil and text.state ~= nil and text.state.phase == 'live'`);

/** Whether a text is in the current buffer, without sending the buffer here. */
const holds = (editor: Editor, text: string): Promise<boolean> =>
  editor.lua<boolean>(`return vim.fn.search('\\\\V' .. ..., 'cnw') > 0`, text);

test.each([
  ['gd', 'describe'],
  ['gy', 'yaml'],
])('%s of an object full of escapes is text', (keys) =>
  withEditor(
    async (editor) => {
      await trap(editor);
      await openTable(editor, `get ${plural} -n ${namespace}`);
      for (const name of ['notes', 'evil']) {
        await putCursorOn(editor, ` ${name} `);
        await editor.keys(keys);
        // The row that it was opened from has the same words.
        await editor.until('the text', async () => (await isText(editor)) && (await holds(editor, 'luaeval')), 20_000);
        await unharmed(editor);
        await editor.keys('q');
        await editor.until('the table', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_odds');
      }
    },
    undefined,
    { columns: 200, rows: 50 },
  ),
);

test('logs full of escapes, NULs, rubbish and long lines are text', () =>
  withEditor(
    async (editor) => {
      const own = await freshNamespace();
      await kubectl(['create', '--filename=-'], {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...{ name: 'rough', namespace: own },
          annotations: {
            'kubectl-live/log-kind': 'awkward',
            'kubectl-live/log-rate': '50',
            'kubectl-live/log-lines': '300',
          },
        },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'example/main' }] },
      });
      await kubectl([
        'wait',
        '--for=condition=Ready',
        'pod/rough',
        `--namespace=${own}`,
        `--timeout=${60 * patience}s`,
      ]);
      await editor.command(`Kubectl logs rough -n ${own}`);
      await editor.until('its lines', async () => (await editor.lua<number>('return vim.fn.line("$")')) > 200, 20_000);
      await unharmed(editor);
    },
    undefined,
    { columns: 200, rows: 50 },
  ));

test('ten thousand labels are one row like any other', () =>
  withEditor(async (editor) => {
    const own = await freshNamespace();
    const labels = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`l${index}`, `v${index % 7}`]));
    await kubectl(['create', '--filename=-'], quietPod(own, 'labelled', labels));
    await kubectl(['create', '--filename=-'], quietPod(own, 'plain'));
    const work = await editor.longestWork(async () => {
      await openTable(editor, `get pods -n ${own}`);
      await kubectl(['annotate', 'pod', 'labelled', 'a=b', `--namespace=${own}`]);
      await openTable(editor, `get pods -n ${own} -l l9999=v3`);
      await editor.until('one row', async () => (await rowsOf(editor)).map(({ name }) => name).join() === 'labelled');
    });
    expect(work).toBeLessThan(100);
  }));

/** Resident memory of a process in MB. */
const resident = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** etcd takes 1.5 MiB; the request has a little more around it. */
const big = 1_350_000;

test('objects of 1.4 MB are listed, watched, described and shown as YAML without a pause of the editor', () =>
  withEditor(
    async (editor) => {
      const own = await freshNamespace();
      const many = Object.fromEntries(Array.from({ length: 8000 }, (_, index) => [`key-${index}`, 'v'.repeat(140)]));
      await kubectl(['create', '--filename=-'], odd(own, 'many', { spec: { many, message: 'many lines' } }));
      await kubectl(
        ['create', '--filename=-'],
        odd(own, 'long', { spec: { text: 'x'.repeat(big), message: 'one line' } }),
      );
      await openTable(editor, `get ${plural} -n ${own}`);
      const pid = await editor.lua<number>('return require("kubectl.host").status().hello.pid');
      const before = resident(pid);
      const work = await editor.longestWork(async () => {
        for (const [name, keys] of [
          ['many', 'gy'],
          ['long', 'gy'],
          ['many', 'gd'],
          ['long', 'gd'],
        ] as const) {
          await putCursorOn(editor, ` ${name} `);
          await editor.keys(keys);
          await editor.until('the text', () => holds(editor, '\\cmessage:'), 20_000);
          await kubectl(['label', plural, name, `seen=${keys}`, '--overwrite', `--namespace=${own}`]);
          await editor.until(
            'the label',
            async () => (await holds(editor, `seen: ${keys}`)) || (await holds(editor, `seen=${keys}`)),
            20_000,
          );
          await editor.keys('q');
          await editor.until('the table', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_odds');
        }
      });
      expect(resident(pid) - before).toBeLessThan(300);
      expect(work).toBeLessThan(250);
    },
    undefined,
    { columns: 120, rows: 40 },
  ));
