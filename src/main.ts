/**
 * The backend's composition root: one process per Neovim, attached over stdio. What is imported here is on the way to
 * the first answer, so everything heavy comes with `import()` when it is first needed.
 */
import packageJson from '../package.json' with { type: 'json' };
import { createBackend } from './backend/backend.ts';
import { createDispatch } from './rpc/dispatch.ts';
import { attachEditor } from './rpc/editor.ts';
import { keepQuiet } from './rpc/quiet.ts';
import { systemClock } from './util/clock.ts';
import { keepCode } from './util/keep-code.ts';

const { version } = packageJson;
const log = keepQuiet();
// Compiled code of ours is kept there (host.lua). Programs that are run must not keep theirs in it.
const codeCache = process.env.NODE_COMPILE_CACHE;
delete process.env.NODE_COMPILE_CACHE;
keepCode(systemClock);
const client = 1;
const editor = attachEditor({
  onMessage: (message) => void dispatch(message),
  onGone: () => leave(0),
  onProblem: log,
});
/** What must not outlive the editor is ended first; at most 2 s, after which Neovim kills us. */
const leave = (code: number): void => {
  void backend.end().finally(() => process.exit(code));
};
// As the shell counts it: 128 and the signal's number.
process.once('SIGTERM', () => leave(143));
const backend = createBackend({
  root: new URL('..', import.meta.url),
  version,
  env: process.env,
  codeCache,
  toEditor: (_client, message) => editor.send(message),
  log,
});
const dispatch = createDispatch({
  find: backend.find,
  client,
  reply: (reply) => editor.send(reply),
  onProblem: (text, thrown) =>
    log(`${text}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`),
});
