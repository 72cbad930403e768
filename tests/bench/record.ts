import { editorOn } from '../e2e/support.ts';
import { type Bench, pause, underChurn } from './bench.ts';
import { openPods } from './editor.ts';

/** The screen with the cursor's line marked. */
const shot = (text: string, row: number): string =>
  text
    .split('\n')
    .map((line, index) => `${index === row ? '▶' : ' '}${line.trimEnd()}`)
    .join('\n');

/**
 * Screens of a table under churn, sorted by what the churn changes: the rows move, and the cursor stays on its object.
 * Throws when it does not.
 */
export const record = async (bench: Bench, pods: number, rate: number): Promise<string> => {
  const editor = await editorOn(bench.kubeconfig, { columns: 110, rows: 24 });
  try {
    await openPods(editor, pods);
    // Digits are keys of tables.
    await editor.lua(`vim.api.nvim_win_set_cursor(0, { math.floor(${pods} * 0.4), 0 }) vim.cmd.normal('zz')`);
    await editor.lua(`require('kubectl.view').update(require('kubectl.view').of(0), { sort = 'RESTARTS' })`);
    await pause(1000);
    const object = (): Promise<string> => editor.lua<string>(`return vim.fn.getline('.'):match('%S+ +(%S+)') or ''`);
    const held = await object();
    const shots: string[] = [];
    await underChurn(bench, rate, async () => {
      for (let second = 0; second <= 9; second += 3) {
        const line = await editor.lua<number>(`return vim.fn.line('.')`);
        if ((await object()) !== held) throw new Error(`the cursor left ${held} for ${await object()}`);
        const title = `── after ${second} s of ${rate} events/s: the cursor is on ${held}, line ${line} of ${pods} ──`;
        shots.push(`${title}\n${shot(editor.grid.text(), editor.grid.cursor[0])}`);
        await pause(3000);
      }
    });
    return `${shots.join('\n\n')}\n`;
  } finally {
    await editor.dispose();
  }
};
