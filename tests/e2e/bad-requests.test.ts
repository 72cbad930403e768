/** 45. Whatever an editor says, the real backend answers with the method and the field, and lives. */
import { expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { freshNamespace, openTable, withEditor } from './support.ts';

type Refusal = { readonly code: string; readonly message: string; readonly hint?: string };

/** The error that answers a request; undefined when it is granted. */
const refused = async (editor: Editor, method: string, params: string): Promise<Refusal | undefined> => {
  await editor.lua(
    `_G.answer = nil
    local method, params = ...
    require('kubectl.host').request(method, loadstring('return ' .. params)(), function(err) _G.answer = err or false end)`,
    method,
    params,
  );
  await editor.until('an answer', async () => (await editor.lua('return _G.answer ~= nil')) === true);
  return (await editor.lua<Refusal | false>('return _G.answer')) || undefined;
};

const pid = (editor: Editor): Promise<number> => editor.lua('return require("kubectl.host").status().hello.pid');

test('wrong parameters, unknown methods and oversized texts are named', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    await openTable(editor, `get pods -n ${namespace}`);
    const before = await pid(editor);
    const cases = [
      ['no.such', '{}', "unknown method 'no.such'"],
      ['view.open', '{}', 'view.open: `view` is missing: it must be a number'],
      [
        'view.open',
        '{ view = 9, rows = 1, query = { resource = {} } }',
        'view.open: `query.resource` must be a string',
      ],
      ['view.update', '{ view = 1, filter = 7 }', 'view.update: `filter` must be a string, not the number 7'],
      ['view.update', '{ view = 1, namespaces = { 1 } }', 'view.update: `namespaces[0]` must be a string'],
      [
        'action.run',
        '{ view = 1, keys = "all", action = "delete", inputs = {}, dryRun = false }',
        '`keys` must be a list',
      ],
      ['context.use', '{ context = ("x"):rep(3e6) }', 'context.use: `context` is too long: 3000000'],
      ['complete', '{ what = "passwords" }', 'complete: `what` must be "namespaces" or'],
      [
        'describe.open',
        '{ view = 8, source = { key = true } }',
        'describe.open: `source` must be a table with view and key',
      ],
    ] as const;
    for (const [method, params, says] of cases) {
      expect(await refused(editor, method, params)).toMatchObject({ message: expect.stringContaining(says) });
    }
    // What is no request at all is not answered, and does no harm.
    await editor.lua(`
      local channel = require('kubectl.host').status().channel
      for _, rubbish in ipairs({ 7, 'text', {}, { id = 'x' }, { id = 0, method = 'view.close' }, { id = 3.5, method = 'hello' } }) do
        vim.rpcnotify(channel, 'kubectl', rubbish)
      end
      vim.rpcnotify(channel, 'kubectl')
      vim.rpcnotify(channel, 'something-else', 1)`);
    const asked = await editor.lua<[boolean, string]>(
      `return { pcall(vim.rpcrequest, require('kubectl.host').status().channel, 'anything') }`,
    );
    expect(asked[0]).toBe(false);
    expect(asked[1]).toContain('answers notifications only');
    expect(await refused(editor, 'contexts', '{}')).toBeUndefined();
    expect(await pid(editor)).toBe(before);
    await editor.shows('● live');
  }));
