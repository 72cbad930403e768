import { inspect } from 'node:util';

/**
 * stdout is the channel to Neovim: one stray line ends it. Everything printed goes to stderr, where Lua keeps the last
 * lines for :checkhealth; a bug that nobody caught is written there too and does not end the process.
 */
export const keepQuiet = (): ((text: string) => void) => {
  const log = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const print = (...values: readonly unknown[]): void =>
    log(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) globalThis.console[name] = print;
  const bug = (thrown: unknown): void => log(`bug: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  process.on('uncaughtException', bug);
  process.on('unhandledRejection', bug);
  return log;
};
