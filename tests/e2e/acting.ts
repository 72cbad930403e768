/** An action as a user does it: on a row, by its key or from the menu, tried first and then done, and taken back. */
import { expect } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { putCursorOn } from './support.ts';

export type Deed = {
  /** A key of the table, or words that leave one entry of the menu. */
  readonly by: string;
  /** What its form shows, and what is typed there before `<CR>`. */
  readonly form?: readonly [shows: string | RegExp, keys: string];
  /** The same of the options of its question. */
  readonly options?: readonly [shows: string | RegExp, keys: string];
  /** What the question says; absent: what is told afterwards. */
  readonly asks?: string | RegExp;
  /** What is told of the object when it is done, and when it was only tried. */
  readonly tells: string;
  readonly tries?: string;
};

const messages = (editor: Editor): Promise<string[]> => editor.lua(`return require('kubectl.report').history`);

/** Waits for a message that begins so, after the first `heard`. */
export const told = (editor: Editor, start: string, heard = 0): Promise<void> =>
  editor.until(
    `the report '${start}…'`,
    async () => (await messages(editor)).slice(heard).some((each) => each.startsWith(start)),
    20_000,
  );

/** Up to the question. */
export const ask = async (editor: Editor, row: string, deed: Deed): Promise<void> => {
  const { by, form, options, asks = deed.tells } = deed;
  await putCursorOn(editor, row);
  if (/^g\w$/.test(by)) await editor.keys(by);
  else {
    await editor.keys('ga');
    await editor.until('the menu', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_prompt');
    await editor.keys(`${by}<CR>`);
  }
  if (form !== undefined) {
    await editor.shows(form[0]);
    await editor.keys(`${form[1]}<CR>`);
  }
  if (options !== undefined) {
    await editor.shows('[<Tab>] options');
    await editor.keys('<Tab>');
    await editor.shows(options[0]);
    await editor.keys(`${options[1]}<CR>`);
  }
  // What was told before may say the same.
  await editor.shows('[y] ');
  await editor.shows(asks);
};

/**
 * Tries it, which changes nothing, and does it. `look` gives what it is about, which must become `after` by the deed
 * alone. `object` is its name as it is told.
 */
export const does = async (
  editor: Editor,
  [row, object]: readonly [row: string, object: string],
  deed: Deed,
  look: () => Promise<unknown>,
  after: unknown,
): Promise<void> => {
  const before = await look();
  expect(before).not.toEqual(after);
  const heard = (await messages(editor)).length;
  await ask(editor, row, deed);
  await editor.keys('d');
  await told(editor, `Dry run:\n✓ ${object}: ${deed.tries ?? `${deed.tells} (tried, not done)`}`, heard);
  expect(await look()).toEqual(before);
  await ask(editor, row, deed);
  await editor.keys('y');
  await told(editor, `✓ ${object}: ${deed.tells}`, heard);
  // What is deleted may take a moment to be gone.
  await expect.poll(look, { timeout: 20_000 }).toEqual(after);
};

/** Opens the journal, and waits for an entry like each of these. */
export const journal = async (editor: Editor, ...entries: readonly RegExp[]): Promise<void> => {
  await editor.command('Kubectl journal');
  for (const entry of entries) {
    await editor.until(String(entry), async () => (await editor.lines()).some((line) => entry.test(line)));
  }
};
