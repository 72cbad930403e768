import { afterEach, expect, test } from 'vitest';
import { type Editor, startEditor } from './harness.ts';

let editor: Editor;
afterEach(async () => {
  await editor?.dispose();
});

const setup = async (options: string): Promise<string> =>
  (await editor.lua<string | null>(
    `local ok, err = pcall(require('kubectl').setup, ${options}) return not ok and tostring(err) or vim.NIL`,
  )) ?? '';

test('an unknown option is an error that names the nearest', async () => {
  editor = await startEditor();
  expect(await setup('{ colums = {} }')).toContain('unknown option `colums`; the nearest is `columns`');
  expect(await setup('{ keymap = {} }')).toContain('the nearest is `keymaps`');
  expect(await setup('{ float_size = { widht = 1 } }')).toContain(
    'unknown option `float_size.widht`; the nearest is `float_size.width`',
  );
});

test.each([
  ['{ ascii = 1 }', '`ascii` must be a boolean, not the number 1'],
  ['{ node = {} }', '`node` must be a string, not the table {}'],
  ['{ picker = "telescope" }', '`picker` must be one of float, select, not "telescope"'],
  ['{ views = { 1 } }', '`views[1]` must be a string, not the number 1'],
  ['{ kubectl_cmd = { cmd = 7 } }', '`kubectl_cmd.cmd` must be a string, not the number 7'],
  ['{ request_timeout = "1s" }', '`request_timeout` must be a number, not the string "1s"'],
  ['"nothing"', 'options must be a table, not the string "nothing"'],
])('%s is refused in words', async (options, message) => {
  editor = await startEditor();
  expect(await setup(options)).toContain(message);
});

test('a refused set-up changes nothing; a good one keeps the other defaults', async () => {
  editor = await startEditor();
  await setup('{ ascii = true }');
  await setup('{ ascii = false, colums = {} }');
  const get = (name: string) => editor.lua(`return require('kubectl.config').get()[...]`, name);
  expect(await get('ascii')).toBe(true);
  await setup('{ kubectl_cmd = { cmd = "oc" }, float_size = { width = 0.5 } }');
  expect(await get('kubectl_cmd')).toEqual({ cmd: 'oc', env: [], args: [] });
  expect(await get('float_size')).toEqual({ width: 0.5, height: 0.8 });
  expect(await get('ascii')).toBe(false);
});

test('options of kubectl.nvim are understood, or said to do nothing', async () => {
  editor = await startEditor();
  expect(await setup(`{ namespace = 'All', namespace_fallback = { 'a' }, auto_refresh = {}, headers = {} }`)).toBe('');
  expect(await editor.lua(`return require('kubectl.config').get().default_namespace`)).toBe('All');
  await editor.reports('`auto_refresh` of kubectl.nvim has no meaning here: tables are always live');
  await editor.reports('`headers` of kubectl.nvim has no meaning here');
});

test('every option has a type, a description, and a default that passes its own check', async () => {
  editor = await startEditor();
  const wrong = await editor.lua<string[]>(`
    local config = require('kubectl.config')
    local wrong = {}
    for _, option in ipairs(config.options) do
      if option.doc == '' or #option.types == 0 then table.insert(wrong, option.name) end
      local ok, err = pcall(config.set, { [option.name] = option.default })
      if not ok then table.insert(wrong, err) end
    end
    return wrong`);
  expect(wrong).toEqual([]);
});

test('the start of the editor loads nothing and costs less than a millisecond', async () => {
  editor = await startEditor();
  const loaded = () =>
    editor.lua<string[]>(
      `return vim.tbl_filter(function(name) return vim.startswith(name, 'kubectl') end, vim.tbl_keys(package.loaded))`,
    );
  expect(await loaded()).toEqual([]);
  expect(
    await editor.lua(`return { vim.fn.exists(':Kubectl'), vim.fn.exists(':K'), vim.fn.exists(':Kubectx') }`),
  ).toEqual([2, 2, 2]);
  const cost = await editor.lua<{ plugin: number; setup: number }>(`
    local function best(work)
      local least = math.huge
      for _ = 1, 15 do
        vim.g.loaded_kubectl = nil
        for name in pairs(package.loaded) do
          if vim.startswith(name, 'kubectl') then package.loaded[name] = nil end
        end
        local start = vim.uv.hrtime()
        work()
        least = math.min(least, (vim.uv.hrtime() - start) / 1e6)
      end
      return least
    end
    return {
      plugin = best(function() vim.cmd('runtime plugin/kubectl.lua') end),
      setup = best(function() require('kubectl').setup({}) end),
    }`);
  process.stderr.write(`start-up: plugin ${cost.plugin.toFixed(2)} ms, setup ${cost.setup.toFixed(2)} ms\n`);
  // The budget is 1 ms on a quiet machine; tests share theirs.
  expect(cost.plugin).toBeLessThan(2);
  expect(cost.setup).toBeLessThan(2);
  expect((await loaded()).sort()).toEqual(['kubectl', 'kubectl.config']);
});
