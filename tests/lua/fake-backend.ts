/** A backend without a cluster: hands every request to the test and every answer of the test to Neovim. */
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import type { ToEditor } from '../../src/protocol/wire.ts';
import { attachEditor } from '../../src/rpc/editor.ts';

const exit = (): never => process.exit(0);
const socket = createConnection(process.env.KUBECTL_LIVE_FAKE ?? '');
socket.on('error', exit);
socket.on('close', exit);
const tell = (message: unknown): boolean => socket.write(`${JSON.stringify(message)}\n`);
tell({ started: process.pid, argv: process.execArgv });

const editor = attachEditor({
  onMessage: (request) => tell({ request }),
  onGone: exit,
  onProblem: (text) => process.stderr.write(`${text}\n`),
});

createInterface({ input: socket }).on('line', (line) => {
  const said = JSON.parse(line) as { message?: ToEditor; stderr?: string; exit?: number };
  if (said.message !== undefined) editor.send(said.message);
  if (said.stderr !== undefined) process.stderr.write(said.stderr);
  if (said.exit !== undefined) process.exit(said.exit);
});
