/** What tests of objects' buffers have in common: a namespace for the file, and a user's way through a text and `:w`. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { freshNamespace, kubectl } from './support.ts';

/** A namespace for the tests of one file. */
class Room {
  /** Set before the first test. */
  namespace = '';
  context = '';

  map(name: string, data: Record<string, string>) {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: this.namespace }, data };
  }

  /** A field of an object of the namespace; empty where there is none. */
  get(what: string, path: string): Promise<string> {
    return kubectl(['get', what, '-n', this.namespace, '-o', `jsonpath=${path}`, '--ignore-not-found']);
  }

  /** A key of a config map. */
  value(name: string, key: string): Promise<string> {
    return this.get(`configmap/${name}`, `{.data.${key}}`);
  }

  /** Opens the text of an object. */
  async edit(editor: Editor, resource: string, name: string, context = this.context): Promise<void> {
    await editor.command(`edit kubectl://${context}/${this.namespace}/${resource}/${name}`);
    await editor.until('the object', async () => (await textOf(editor)).includes(`name: ${name}`), 20_000);
  }
}

export const ownRoom = (): Room => {
  const room = new Room();
  beforeAll(async () => {
    room.namespace = await freshNamespace();
    room.context = (await kubectl(['config', 'current-context'])).trim();
  });
  afterAll(async () => {
    await kubectl(['delete', 'namespace', room.namespace, '--wait=false']);
  });
  return room;
};

export const textOf = async (editor: Editor): Promise<string> => (await editor.lines()).join('\n');

export const replace = (editor: Editor, from: string, to: string): Promise<void> => editor.command(`%s/${from}/${to}/`);

/** `:w`, agreed to. */
export const write = async (editor: Editor, verb = 'apply'): Promise<void> => {
  await editor.command('write');
  await editor.shows(`[y] ${verb}`);
  await editor.keys('y');
};

/** Waits until what was written is what the buffer says. */
export const written = (editor: Editor): Promise<void> =>
  editor.until('the write', async () => (await editor.lua('return vim.bo.modified')) === false);

/** The text of the user is there, changed, and can be written again. */
export const stays = async (editor: Editor, part: string): Promise<void> => {
  expect(await textOf(editor)).toContain(part);
  expect(await editor.lua('return { vim.bo.modified, vim.bo.modifiable }')).toEqual([true, true]);
};

export const problemCount = (editor: Editor): Promise<number> => editor.lua('return #vim.diagnostic.get(0)');

/** Line and message of the first problem that is marked in the buffer. */
export const marked = async (editor: Editor): Promise<readonly [line: string, message: string]> => {
  await editor.until('a diagnostic', async () => (await problemCount(editor)) > 0);
  return await editor.lua(`
    local found = vim.diagnostic.get(0)[1]
    return { vim.fn.getline(found.lnum + 1), found.message }`);
};

/** Every file below a folder that holds a text; one that goes while they are read holds nothing. */
export const holding = (folder: string, text: string): string[] => {
  const holds = (file: string): boolean => {
    try {
      return statSync(file).isFile() && readFileSync(file).includes(text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  };
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(holds);
};
