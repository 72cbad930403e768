import { type ChildProcess, spawn } from 'node:child_process';
import { ClusterError, type ErrorCode } from '../util/error.ts';
import { cancelled } from './cancelled.ts';

export type RunOptions = {
  readonly what: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly onLine?: ((line: string, stream: 'out' | 'err') => void) | undefined;
};

/** Runs kubectl on one context; each call is a process that reads the kubeconfig and logs in by itself. */
export type Kubectl = (args: readonly string[], options: Omit<RunOptions, 'env'>) => Promise<string>;

/** The kubectl processes of this process: none of them outlives it, unless it is killed with -9. */
export interface Programs {
  /** Gives stdout; rejects with a ClusterError made of stderr. */
  run(args: readonly string[], options: RunOptions): Promise<string>;
  dispose(): void;
}

export const createPrograms = (file: string): Programs => {
  const running = new Set<ChildProcess>();
  const killAll = (): void => {
    for (const child of running) child.kill('SIGKILL');
  };
  const add = (child: ChildProcess): void => {
    if (running.size === 0) process.once('exit', killAll);
    running.add(child);
  };
  const remove = (child: ChildProcess): void => {
    if (running.delete(child) && running.size === 0) process.off('exit', killAll);
  };

  return {
    run: (args, { what, env, signal, onLine }) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) throw cancelled(what, signal);
        const child = spawn(file, args, {
          env: { ...process.env, ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
          windowsHide: true,
        });
        add(child);
        const out = createLines((line) => onLine?.(line, 'out'));
        const err = createLines((line) => onLine?.(line, 'err'));
        child.stdout.setEncoding('utf8').on('data', out.add);
        child.stderr.setEncoding('utf8').on('data', err.add);
        const abort = (): void => {
          child.kill();
          reject(cancelled(what, signal));
        };
        signal?.addEventListener('abort', abort, { once: true });
        const over = (): void => {
          remove(child);
          signal?.removeEventListener('abort', abort);
        };
        child.on('error', (error) => {
          over();
          reject(
            new ClusterError('unsupported', `${what}: ${file} did not start (${error.message})`, { cause: error }),
          );
        });
        child.on('close', (code, killedBy) => {
          over();
          out.end();
          err.end();
          if (code === 0) resolve(out.text());
          else reject(failure(what, err.text(), killedBy ?? `exit code ${code}`));
        });
      }),
    dispose: killAll,
  };
};

const createLines = (onLine: (line: string) => void) => {
  let all = '';
  let rest = '';
  return {
    add(chunk: string): void {
      all += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
    end(): void {
      if (rest !== '') onLine(rest);
      rest = '';
    },
    text: () => all,
  };
};

/** What kubectl's own words say about the kind of failure (apimachinery's reasons, and client-go's on the wire). */
const signs: readonly (readonly [RegExp, ErrorCode])[] = [
  [/\(NotFound\)|not found|unable to find|no rollout history|no last revision/, 'not-found'],
  [/\(Forbidden\)/, 'forbidden'],
  [/\(Unauthorized\)|must be logged in|provide credentials/, 'unauthorized'],
  [/\(Conflict\)|\(AlreadyExists\)|paused/, 'conflict'],
  [/\(Invalid\)|\(BadRequest\)|cannot delete|invalid/, 'invalid'],
  [/\(TooManyRequests\)/, 'throttled'],
  [/doesn't have a resource type|no visitor method|has been implemented for|not supported/, 'unsupported'],
  [/timed out|timeout|deadline exceeded|global timeout/i, 'timeout'],
  [/Unable to connect|was refused|no such host|connection refused|certificate|ServiceUnavailable/, 'unreachable'],
];

/** The last lines of stderr say what failed; warnings before them do not. */
const failure = (what: string, stderr: string, ended: string): ClusterError => {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Warning:'));
  const text = lines.map((line) => line.replace(/^(error|Error from server( \(\w+\))?): /, '')).join('; ');
  const code = signs.find(([sign]) => sign.test(stderr))?.[1] ?? 'internal';
  return new ClusterError(code, `cannot ${what}: ${text === '' ? `kubectl ended with ${ended}` : text}`);
};
