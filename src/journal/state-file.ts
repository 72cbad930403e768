import { chmodSync, closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ClusterError } from '../util/error.ts';

/** `$XDG_STATE_HOME/kubectl-live`, `~/.local/state/kubectl-live`. */
export const stateFolder = (env: Readonly<Record<string, string | undefined>>): string => {
  const chosen = env.XDG_STATE_HOME ?? '';
  // A path that is not absolute is to be ignored: https://specifications.freedesktop.org/basedir-spec
  return join(isAbsolute(chosen) ? chosen : join(env.HOME || homedir(), '.local', 'state'), 'kubectl-live');
};

const refuse = (path: string, why: string): ClusterError =>
  new ClusterError('forbidden', `${path} ${why}`, { hint: 'Remove it, or set another XDG_STATE_HOME.' });

const own = (path: string, stat: Stats): void => {
  const me = process.getuid?.();
  if (me !== undefined && stat.uid !== me) throw refuse(path, 'belongs to somebody else');
};

/** A folder that is ours alone (0700); a link in its place is refused. */
export const privateFolder = (path: string): string => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  if (!stat.isDirectory()) throw refuse(path, 'is no folder of its own');
  own(path, stat);
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return path;
};

/** A file that is ours alone (0600), made when it is not there; a link in its place is refused. */
export const privateFile = (path: string): string => {
  const { O_RDWR, O_CREAT, O_NOFOLLOW = 0 } = constants;
  let file: number;
  try {
    file = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ELOOP') throw refuse(path, 'is a link');
    throw thrown;
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw refuse(path, 'is no file');
    own(path, stat);
    if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o600);
  } finally {
    closeSync(file);
  }
  return path;
};
