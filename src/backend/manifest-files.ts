import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ClusterError } from '../util/error.ts';

/** A text with manifests and where it is from. */
export type ManifestText = { readonly file: string; readonly text: string };

const run = promisify(execFile);

const isManifest = (name: string): boolean => /\.(ya?ml|json)$/.test(name);

/** Overlays are put together by kubectl, within this time. */
const kustomizeMs = 60_000;
const mostBytes = 64 * 1024 * 1024;

const unreadable = (file: string, cause: unknown): ClusterError =>
  new ClusterError('invalid', `${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
    hint: 'Name a file, a folder of .yaml, .yml and .json files, or a kustomization with -k.',
    cause,
  });

/** A file, or the manifests of a folder in the order of their names; below it too when asked. */
export const readManifestFiles = async (path: string, recursive: boolean): Promise<ManifestText[]> => {
  try {
    if (!(await stat(path)).isDirectory()) return [{ file: path, text: await readFile(path, 'utf8') }];
    const names = (await readdir(path, { recursive })).filter(isManifest).sort();
    if (names.length === 0) throw new Error('the folder has no .yaml, .yml or .json file');
    return await Promise.all(
      names.map(async (name) => ({ file: join(path, name), text: await readFile(join(path, name), 'utf8') })),
    );
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
};

/** What `kubectl kustomize` makes of a folder. */
export const readKustomization = async (folder: string, kubectl: string | undefined): Promise<ManifestText> => {
  if (kubectl === undefined) {
    throw new ClusterError('unsupported', `the overlay ${folder} needs the kubectl program, and none is on PATH`, {
      hint: 'Install kubectl, or set `kubectl_cmd` in setup().',
    });
  }
  try {
    const { stdout } = await run(kubectl, ['kustomize', folder], { timeout: kustomizeMs, maxBuffer: mostBytes });
    return { file: folder, text: stdout };
  } catch (thrown) {
    const { stderr = '' } = thrown as { readonly stderr?: string };
    throw unreadable(folder, stderr.trim() === '' ? thrown : new Error(stderr.trim()));
  }
};
