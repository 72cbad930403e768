import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../src/util/clock.ts';

/** Time that only moves when told. */
export const manualClock = (start = 1_000_000): Clock & { advance(ms: number): void } => {
  let now = start;
  const tasks = new Set<{ at: number; task: () => void }>();
  return {
    now: () => now,
    after: (ms, task) => {
      const entry = { at: now + ms, task };
      tasks.add(entry);
      return () => tasks.delete(entry);
    },
    advance: (ms) => {
      now += ms;
      for (const entry of [...tasks].sort((a, b) => a.at - b.at)) {
        if (entry.at > now || !tasks.delete(entry)) continue;
        entry.task();
      }
    },
  };
};

export const temporary = (): string => mkdtempSync(join(tmpdir(), 'kubectl-live-'));

export type Listening = {
  readonly url: string;
  readonly port: number;
  /** Connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
};

const listen = async (server: Server, scheme: string): Promise<Listening> => {
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

export const serve = (handler: RequestListener): Promise<Listening> => listen(createServer(handler), 'http');

export const serveTls = (options: ServerOptions, handler: RequestListener): Promise<Listening> =>
  listen(createTlsServer(options, handler), 'https');

export const answerJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

export const readText = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
};

export type Identity = { readonly cert: string; readonly key: string };

/** A certificate authority in a temporary directory; openssl does what node:crypto cannot (making certificates). */
export const createAuthority = (name = 'test-ca') => {
  const directory = temporary();
  const path = (file: string) => join(directory, file);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '30', '-subj', `/CN=${name}`);
  let serial = 1;
  /** `names` as in subjectAltName, for example `IP:127.0.0.1,DNS:api.test`. Dates as `YYYYMMDDHHMMSSZ`. */
  const issue = (subject: string, names: string, from?: string, to?: string): Identity => {
    serial += 1;
    const file = `${serial}`;
    openssl('req', '-new', ...curve, '-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', `/CN=${subject}`);
    writeFileSync(path(`${file}.ext`), names === '' ? 'basicConstraints=CA:FALSE' : `subjectAltName=${names}`);
    writeFileSync(path('index.txt'), '');
    writeFileSync(
      path('ca.cnf'),
      `[ca]\ndefault_ca=d\n[d]\ndatabase=${path('index.txt')}\nnew_certs_dir=${directory}\nserial=${path('serial')}\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n`,
    );
    writeFileSync(path('serial'), `${1000 + serial}\n`);
    const dates = from === undefined || to === undefined ? ['-days', '30'] : ['-startdate', from, '-enddate', to];
    const files = ['-in', `${file}.csr`, '-out', `${file}.crt`, '-cert', 'ca.crt', '-keyfile', 'ca.key'];
    openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', '-extfile', `${file}.ext`, ...dates, ...files);
    return { cert: readFileSync(path(`${file}.crt`), 'utf8'), key: readFileSync(path(`${file}.key`), 'utf8') };
  };
  return { ca: readFileSync(path('ca.crt'), 'utf8'), issue };
};

/** What a promise rejects with; fails when it does not. */
export const failure = async (work: Promise<unknown>): Promise<Error & Record<string, unknown>> => {
  try {
    await work;
  } catch (thrown) {
    return thrown as Error & Record<string, unknown>;
  }
  throw new Error('it was expected to fail');
};
