import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Channel, Connect, Receive } from './channel.ts';
import { messageKind } from './channel.ts';
import { createFrameReader, encodeFrame } from './frames.ts';
import { createGoClient } from './go-client.ts';
import { GoHost } from './host.ts';
import type { Native } from './types.ts';
import { readVersion } from './version.ts';

/** Starts the sidecar and waits for its first answer; throws a sentence when there is none. */
export const loadSidecar = async (file: string): Promise<Omit<Native, 'why'>> => {
  const connect: Connect = (receive, lost) => openProcess(file, receive, lost);
  const host = new GoHost(connect);
  const version = await readVersion(host);
  return { kind: 'sidecar', version, client: (spec) => createGoClient(host, spec), dispose: () => host.dispose() };
};

/** The sidecar as a channel. It sees the end of its stdin when this process ends, however it ends, and ends too. */
const openProcess = (file: string, receive: Receive, lost: (why: string) => void): Channel => {
  const child = spawn(file, [], { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
  const hold = createHold(child);
  let over = false;
  const end = (why: string): void => {
    if (over) return;
    over = true;
    hold.drop();
    child.kill();
    lost(why);
  };
  const read = createFrameReader((op, kind, data) => {
    if (kind !== messageKind.progress) hold.remove(op);
    receive(op, kind, data);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (!over && !read(chunk)) end('the sidecar sent something that is not a frame');
  });
  child.on('error', (error) => end(`the sidecar did not start (${error.message})`));
  child.on('exit', (code, signal) => end(`the sidecar ended (${signal ?? `exit code ${code}`})`));
  child.stdin.on('error', (error) => end(`the sidecar does not read any more (${error.message})`));
  const write = (op: number, request: string): void => {
    if (!over) child.stdin.write(encodeFrame(op, request));
  };
  return {
    submit(op, request) {
      if (op !== 0) hold.add(op);
      write(op, request);
    },
    cancel: (op) => write(op, ''),
    close() {
      over = true;
      hold.drop();
      child.stdin.end();
    },
  };
};

/** Keeps this process alive exactly while calls are under way. */
const createHold = (child: ChildProcess) => {
  const ops = new Set<number>();
  const handles = [child, child.stdin as Socket, child.stdout as Socket];
  const drop = (): void => {
    ops.clear();
    for (const handle of handles) handle.unref();
  };
  drop();
  return {
    drop,
    add(op: number): void {
      if (ops.size === 0) for (const handle of handles) handle.ref();
      ops.add(op);
    },
    remove(op: number): void {
      if (ops.delete(op) && ops.size === 0) drop();
    },
  };
};
