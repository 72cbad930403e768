import { editorOn } from '../e2e/support.ts';
import type { Part } from './bench.ts';
import { pidOfBackend } from './editor.ts';
import { figure, median, ms, rssMb, until } from './measure.ts';

/** Start-up, without any cluster work. */
export const startUp: Part = async ({ kubeconfig, rounds }) => {
  const setups: number[] = [];
  const answers: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds + 2; round++) {
    const editor = await editorOn(kubeconfig);
    setups.push(
      await editor.lua<number>(`
        local start = vim.uv.hrtime()
        require('kubectl').setup({})
        return (vim.uv.hrtime() - start) / 1e6`),
    );
    await editor.lua(`
      _G.answered = nil
      _G.asked = vim.uv.hrtime()
      local params = { version = '', columns = vim.o.columns, lines = vim.o.lines, truecolor = true, ascii = false }
      require('kubectl.host').request('hello', params, function() _G.answered = (vim.uv.hrtime() - _G.asked) / 1e6 end)`);
    await until('the first answer', async () => (await editor.lua('return _G.answered ~= nil')) === true);
    answers.push(await editor.lua<number>('return _G.answered'));
    memory.push(rssMb(await pidOfBackend(editor)));
    await editor.dispose();
  }
  return [
    figure('setup()', ms(setups), '≤ 1 ms'),
    figure('backend spawn → first answer', ms(answers), '≤ 60 ms'),
    figure('backend RSS before the first view', `${Math.round(median(memory))} MB`, '≤ 60 MB'),
  ];
};
