import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { AddressInfo } from 'node:net';

/** The API server behind the proxy, with the certificate that the proxy shows it. */
export type Upstream = Readonly<{ server: string; caPem: string; certPem: string; keyPem: string }>;

export type Asked = {
  readonly kind: 'list' | 'watch' | 'other';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly at: number;
};

/** What the proxy does instead of asking the API server. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }
  | { readonly refuse: 'reset' | 'hang' };

/** One watch that is passing through. */
type Stream = { readonly client: ServerResponse; readonly server: IncomingMessage; frozen: boolean; cutNext: boolean };

export type FaultProxy = {
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly asked: readonly Asked[];
  /** The next `times` requests of a kind are answered so; without times, all until `heal`. */
  answer(kind: Asked['kind'], answer: Answer, times?: number): void;
  /** Forgets the answers that are left. */
  heal(): void;
  /** The watches that are open: ended as HTTP ends, reset, silenced, or cut in the middle of the next event. */
  closeWatches(): void;
  resetWatches(): void;
  freezeWatches(): void;
  cutNextEvent(): void;
  /** Bytes as if the server had sent them. */
  inject(bytes: string | Uint8Array): void;
  dispose(): Promise<void>;
};

const kindOf = (url: URL): Asked['kind'] => {
  if (url.searchParams.get('watch') === '1') return 'watch';
  return /^\/(api|apis\/[^/]+)\/[^/]+(\/namespaces\/[^/]+)?\/[a-z]+$/.test(url.pathname) ? 'list' : 'other';
};

const give = (answer: Answer, response: ServerResponse): void => {
  if ('status' in answer) {
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(text);
  } else if (answer.refuse === 'reset') response.socket?.resetAndDestroy();
};

/** Passes the events of a watch on, chunk by chunk, as long as nobody interferes. */
const passEvents = (stream: Stream): void => {
  stream.server.on('data', (chunk: Buffer) => {
    if (stream.frozen) return;
    if (!stream.cutNext) stream.client.write(chunk);
    else stream.client.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => stream.client.socket?.destroy());
  });
  stream.server.on('end', () => !stream.frozen && stream.client.end());
};

/** An HTTP proxy on 127.0.0.1 in front of a real API server, which does to its clients what networks and servers do. */
export const startProxy = async (upstream: Upstream): Promise<FaultProxy> => {
  const agent = new Agent({ ca: upstream.caPem, cert: upstream.certPem, key: upstream.keyPem, keepAlive: true });
  const target = new URL(upstream.server);
  const asked: Asked[] = [];
  const answers: { kind: Asked['kind']; answer: Answer; left: number }[] = [];
  const streams = new Set<Stream>();

  const pass = (incoming: IncomingMessage, response: ServerResponse, kind: Asked['kind']): void => {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const { hostname: host, port } = target;
    const options: RequestOptions = { agent, host, port, method: incoming.method, path: incoming.url, headers };
    const outgoing = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      if (kind !== 'watch') {
        answer.pipe(response);
        return;
      }
      const stream: Stream = { client: response, server: answer, frozen: false, cutNext: false };
      streams.add(stream);
      response.on('close', () => {
        streams.delete(stream);
        answer.destroy();
      });
      answer.on('error', () => response.socket?.destroy());
      passEvents(stream);
    });
    outgoing.on('error', () => response.socket?.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  };

  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://proxy');
    const kind = kindOf(url);
    asked.push({ kind, path: url.pathname, query: Object.fromEntries(url.searchParams), at: Date.now() });
    const rule = answers.find((each) => each.kind === kind && each.left > 0);
    if (rule === undefined) {
      pass(incoming, response, kind);
      return;
    }
    rule.left--;
    give(rule.answer, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const each = (act: (stream: Stream) => void) => () => {
    for (const stream of [...streams]) act(stream);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (kind, answer, times = Number.POSITIVE_INFINITY) => answers.push({ kind, answer, left: times }),
    heal: () => {
      answers.length = 0;
    },
    closeWatches: each((stream) => stream.client.end()),
    resetWatches: each((stream) => stream.client.socket?.resetAndDestroy()),
    freezeWatches: each((stream) => {
      stream.frozen = true;
    }),
    cutNextEvent: each((stream) => {
      stream.cutNext = true;
    }),
    inject: (bytes) => each((stream) => stream.client.write(bytes))(),
    dispose: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
