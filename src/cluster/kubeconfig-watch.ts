import { type FSWatcher, watch } from 'node:fs';
import { readlink, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Clock } from '../util/clock.ts';

export type KubeconfigWatchOptions = {
  /** Absolute; they need not exist. */
  readonly paths: readonly string[];
  readonly clock: Clock;
  /** What was written since then, in ms since the epoch, while nobody listened yet, counts too. */
  readonly since?: number;
  /** Something happened to one of them, and then nothing for a moment. */
  readonly onChange: () => void;
  readonly onLog: (text: string) => void;
};

/** An editor or a tool writes a file in several steps: empty, half, renamed. */
const settleMs = 150;

/** As many links as Linux follows. */
const mostLinks = 40;

/** A path and every path that it leads to by symbolic links. */
const chainOf = async (path: string): Promise<readonly string[]> => {
  const chain = [path];
  for (let at = path; chain.length < mostLinks; ) {
    const target = await readlink(at).catch(() => undefined);
    if (target === undefined) {
      // A mounted Secret is a file behind a link of its folder.
      const folder = await readlink(dirname(at)).catch(() => undefined);
      if (folder === undefined) return chain;
      chain.push(dirname(at));
      at = resolve(dirname(dirname(at)), folder, basename(at));
    } else {
      at = resolve(dirname(at), target);
    }
    chain.push(at);
  }
  return chain;
};

/** A file system's clock is read less often than ours. */
const coarseMs = 20;

const wasWritten = async (paths: readonly string[], since: number): Promise<boolean> => {
  const times = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ ctimeMs }) => ctimeMs,
        () => Number.NEGATIVE_INFINITY,
      ),
    ),
  );
  return times.some((time) => time > since - coarseMs);
};

/** Folders to watch, each with the names in it that matter. A folder that is missing is waited for in the one above. */
const tryWatch = (path: string, listen: (folder: string, name: string) => boolean): void => {
  for (let at = path; dirname(at) !== at; at = dirname(at)) if (listen(dirname(at), basename(at))) return;
};

/**
 * Tells when kubeconfig files change. Folders are watched, not files: a file that is replaced is another file. Nothing
 * here keeps the process alive; where the system cannot watch, the next command reads the files anyway.
 */
export const watchKubeconfig = ({ paths, since, clock, onChange, onLog }: KubeconfigWatchOptions): (() => void) => {
  let watchers = new Map<string, FSWatcher>();
  let names = new Map<string, Set<string>>();
  let settle = (): void => undefined;
  let ended = false;

  const happened = (folder: string, name: string | null): void => {
    if (name === null || names.get(folder)?.has(name) === true) changed();
  };

  const changed = (): void => {
    if (ended) return;
    settle();
    settle = clock.after(settleMs, () => {
      void arm().then(() => {
        if (!ended) onChange();
      });
    });
  };

  const open = (folder: string): FSWatcher | undefined => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => happened(folder, name));
      // The folder itself is gone.
      watcher.on('error', () => happened(folder, null));
      return watcher;
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') onLog(`${folder} cannot be watched for changes: ${code}`);
      return undefined;
    }
  };

  const arm = async (): Promise<void> => {
    const wanted = (await Promise.all(paths.map(chainOf))).flat();
    if (ended) return;
    const before = watchers;
    watchers = new Map();
    names = new Map();
    for (const path of wanted) {
      tryWatch(path, (folder, name) => {
        const watcher = watchers.get(folder) ?? open(folder);
        if (watcher === undefined) return false;
        watchers.set(folder, watcher);
        names.set(folder, (names.get(folder) ?? new Set()).add(name));
        return true;
      });
    }
    // Closed last: what happens meanwhile is heard by one of the two.
    for (const watcher of before.values()) watcher.close();
  };

  void arm().then(async () => {
    if (since !== undefined && (await wasWritten(paths, since))) changed();
  });
  return () => {
    ended = true;
    settle();
    for (const watcher of watchers.values()) watcher.close();
  };
};
