import { NeovimClient } from 'neovim/lib/api/client.js';
import type { ToEditor } from '../protocol/wire.ts';

/** The one Neovim on our stdio. */
export interface Editor {
  send(message: ToEditor): void;
}

export type EditorOptions = {
  /** A notification of Lua's, as it came: nothing about its shape is known. */
  readonly onMessage: (message: unknown) => void;
  /** Neovim is gone; the process has no more reason to live. */
  readonly onGone: () => void;
  /** What must not reach stdout, where it would break the channel. */
  readonly onProblem: (text: string) => void;
};

const receive = "require('kubectl.host').receive(...)";

const silent = { level: 'error', info: () => silent, warn: () => silent, error: () => silent, debug: () => silent };

/**
 * Attaches to Neovim without the package's start-up questions (8 ms) and without its logger, which would replace
 * `console`. Both listeners are guarded: a throw inside one stops the package's reader for ever.
 */
export const attachEditor = ({ onMessage, onGone, onProblem }: EditorOptions): Editor => {
  const nvim = new NeovimClient({ logger: silent as never });
  nvim.requestApi = async () => [0];
  nvim.on('notification', (method: string, args: readonly unknown[]) => {
    try {
      if (method === 'kubectl') onMessage(args[0]);
      else onProblem(`unknown notification '${method}'`);
    } catch (error) {
      onProblem(`notification '${method}': ${String(error)}`);
    }
  });
  nvim.on('request', (method: string, _args: unknown, response: { send(value: unknown, isError?: boolean): void }) => {
    response.send(`kubectl-live answers notifications only, not the request '${method}'`, true);
  });
  nvim.on('disconnect', onGone);
  process.stdout.on('error', onGone);
  process.stdin.on('end', onGone);
  nvim.attach({ reader: process.stdin, writer: process.stdout });
  return {
    send: (message) => nvim.notify('nvim_exec_lua', [receive, [message]]),
  };
};
