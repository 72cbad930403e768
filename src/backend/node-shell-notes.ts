/** What is written down of pods with shells, so that a later start deletes what was left: one small file each. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { privateFile, privateFolder } from '../journal/state-file.ts';

/** The process the shell's terminal lives in: a Neovim. */
export type Owner = { readonly pid: number; readonly started: string };

export type ShellNote = {
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent until the server has said that it is there. */
  readonly uid?: string;
  readonly owner: Owner;
};

/** When a process started, in ticks since the machine did (proc_pid_stat(5), field 22); '' where there is no /proc. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
};

export const ownerOf = (pid: number): Owner => ({ pid, started: startOf(pid) });

/** Another process that got its number is not the owner. */
export const isGone = ({ pid, started }: Owner): boolean => {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH';
  }
  const now = startOf(pid);
  return started !== '' && now !== '' && now !== started;
};

const isNote = (value: unknown): value is ShellNote => {
  const { context, namespace, name, uid, owner } = (value ?? {}) as Partial<Record<keyof ShellNote, unknown>>;
  const { pid, started } = (owner ?? {}) as Partial<Record<keyof Owner, unknown>>;
  const texts = [context, namespace, name, started, uid ?? ''].every((text) => typeof text === 'string');
  return texts && typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0;
};

export const createShellNotes = (folder: string) => {
  const fileOf = (name: string): string => join(folder, `${encodeURIComponent(name)}.json`);
  return {
    write: (note: ShellNote): void => {
      privateFolder(folder);
      writeFileSync(privateFile(fileOf(note.name)), JSON.stringify(note));
    },
    remove: (name: string): void => rmSync(fileOf(name), { force: true }),
    /** A file that is none of ours, or was cut short, is passed over. */
    read: async (): Promise<readonly ShellNote[]> => {
      const names = await readdir(folder).catch((): string[] => []);
      const read = await Promise.all(
        names.map(async (name): Promise<unknown> => {
          try {
            return JSON.parse(await readFile(join(folder, name), 'utf8'));
          } catch {
            return undefined;
          }
        }),
      );
      return read.filter(isNote);
    },
  };
};

export type ShellNotes = ReturnType<typeof createShellNotes>;
