import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../src/util/clock.ts';

/** The API server behind the proxy, with the certificate that the proxy shows it. */
export type Upstream = Readonly<{ server: string; caPem: string; certPem: string; keyPem: string }>;

export type Asked = {
  readonly kind: 'list' | 'watch' | 'other';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly at: number;
};

/** What the proxy does instead of asking the API server. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }
  | { readonly refuse: 'reset' | 'hang' }
  /** Asks it, and loses what it answers. */
  | { readonly lose: true };

/** One watch that is passing through; `held` are the bytes that wait, where it is held. */
type Stream = {
  readonly asked: Asked;
  readonly client: ServerResponse;
  readonly server: IncomingMessage;
  frozen: boolean;
  cutNext: boolean;
  held: Buffer[] | undefined;
};

export type FaultProxy = {
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly asked: readonly Asked[];
  /** The next `times` requests of a kind are answered so; without times, all until `heal`. */
  answer(kind: Asked['kind'], answer: Answer, times?: number): void;
  /** Every request that this has an answer for is given it; one function at a time, until `heal`. */
  intercept(judge: (asked: Asked) => Answer | undefined): void;
  /** Requests are passed on with these headers instead of their own, as an old gateway would. */
  rewrite(headers: (own: IncomingHttpHeaders) => IncomingHttpHeaders): void;
  /** Each request is passed on with this address instead of its own. */
  readdress(address: (own: URL) => Promise<URL>): void;
  /** Runs when the answer to a request has come. */
  answered(act: (status: number, asked: Asked) => void): void;
  /** The next `times` answers to requests of a kind end half way, and their connections with them. */
  halve(kind: Asked['kind'], times: number): void;
  /** Watches bring so many bytes at a time, until `heal`. */
  drip(bytes: number): void;
  /** Every request waits that long, by that clock, before it is passed on. */
  slow(ms: number, clock: Clock): void;
  /** Forgets all of that. */
  heal(): void;
  /**
   * Packets are lost, both ways and without a word: of the connections there are, for good; and of new ones too,
   * until `light`.
   */
  dark(which?: 'all' | 'old'): void;
  light(): void;
  /** Watches that are open now, and what each of them asked for. */
  readonly watches: number;
  readonly watching: readonly Asked[];
  /** The watches that are open: ended as HTTP ends, reset, silenced, or cut in the middle of the next event. */
  closeWatches(): void;
  resetWatches(): void;
  freezeWatches(): void;
  cutNextEvent(): void;
  /** Events are kept back and come all at once. */
  holdWatches(): void;
  releaseWatches(): void;
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
  } else if ('refuse' in answer && answer.refuse === 'reset') response.socket?.resetAndDestroy();
};

/** Each piece is a chunk of its own in the encoding, and comes out as one. */
const writePieces = (client: ServerResponse, chunk: Buffer, size: number): void => {
  for (let at = 0; at < chunk.length; at += size) client.write(chunk.subarray(at, at + size));
};

/** Half of it, and then the connection ends. */
const passHalf = (answer: IncomingMessage, response: ServerResponse): void => {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    const whole = Buffer.concat(chunks);
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.socket?.destroy());
  });
};

/** Passes the events of a watch on, chunk by chunk, as long as nobody interferes. */
const passEvents = (stream: Stream, pieces: () => number): void => {
  stream.server.on('data', (chunk: Buffer) => {
    if (stream.frozen) return;
    if (stream.held !== undefined) stream.held.push(chunk);
    else if (!stream.cutNext) writePieces(stream.client, chunk, pieces() || chunk.length);
    else stream.client.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => stream.client.socket?.destroy());
  });
  stream.server.on('end', () => !stream.frozen && stream.client.end());
};

/** An HTTP proxy on 127.0.0.1 in front of a real API server, which does to its clients what networks and servers do. */
export const startProxy = async (upstream: Upstream): Promise<FaultProxy> => {
  const agent = new Agent({ ca: upstream.caPem, cert: upstream.certPem, key: upstream.keyPem, keepAlive: true });
  const target = new URL(upstream.server);
  const asked: Asked[] = [];
  let judge: (asked: Asked) => Answer | undefined = () => undefined;
  let rewritten = (own: IncomingHttpHeaders): IncomingHttpHeaders => own;
  let slow: (() => Promise<void>) | undefined;
  let pieces = 0;
  const halved = { list: 0, watch: 0, other: 0 };
  let readdressed = async (own: URL): Promise<URL> => own;
  let afterwards = (_status: number, _: Asked): void => {};
  const sockets = new Set<Socket>();
  const unlit = new WeakSet<Socket>();
  let dark = false;
  const answers: { kind: Asked['kind']; answer: Answer; left: number }[] = [];
  const streams = new Set<Stream>();

  const pass = (incoming: IncomingMessage, response: ServerResponse, asked: Asked, lost = false): void => {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const { hostname: host, port } = target;
    const options: RequestOptions = {
      agent,
      host,
      port,
      method: incoming.method,
      path: incoming.url,
      headers: rewritten(headers),
    };
    const outgoing = request(options, (answer) => {
      if (lost) {
        response.socket?.resetAndDestroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      afterwards(answer.statusCode ?? 502, asked);
      if (halved[asked.kind] > 0) {
        halved[asked.kind]--;
        passHalf(answer, response);
        return;
      }
      if (asked.kind !== 'watch') {
        answer.pipe(response);
        return;
      }
      const stream: Stream = {
        asked,
        client: response,
        server: answer,
        frozen: false,
        cutNext: false,
        held: undefined,
      };
      streams.add(stream);
      response.on('close', () => {
        streams.delete(stream);
        answer.destroy();
      });
      answer.on('error', () => response.socket?.destroy());
      passEvents(stream, () => pieces);
    });
    outgoing.on('error', () => response.socket?.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  };

  const darken = (socket: Socket): void => {
    // Node reads requests past `pause`: what comes is ignored below. The kernel still confirms it, unlike a lost path.
    unlit.add(socket);
    socket.cork();
  };

  const server = createServer(async (incoming, response) => {
    if (unlit.has(incoming.socket)) return;
    const url = new URL(incoming.url ?? '/', 'http://proxy');
    const kind = kindOf(url);
    const { headers } = incoming;
    const request = { kind, path: url.pathname, query: Object.fromEntries(url.searchParams), headers, at: Date.now() };
    asked.push(request);
    await slow?.();
    const { pathname, search } = await readdressed(url);
    incoming.url = pathname + search;
    const judged = judge(request);
    if (judged !== undefined && 'lose' in judged) return pass(incoming, response, request, true);
    if (judged !== undefined) return give(judged, response);
    const rule = answers.find((each) => each.kind === kind && each.left > 0);
    if (rule === undefined) {
      pass(incoming, response, request);
      return;
    }
    rule.left--;
    give(rule.answer, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (dark) darken(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const each = (act: (stream: Stream) => void) => () => {
    for (const stream of [...streams]) act(stream);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (kind, answer, times = Number.POSITIVE_INFINITY) => answers.push({ kind, answer, left: times }),
    intercept: (fn) => {
      judge = fn;
    },
    rewrite: (fn) => {
      rewritten = fn;
    },
    readdress: (address) => {
      readdressed = address;
    },
    answered: (act) => {
      afterwards = act;
    },
    halve: (kind, times) => {
      halved[kind] = times;
    },
    drip: (bytes) => {
      pieces = bytes;
    },
    slow: (ms, clock) => {
      slow = () => new Promise((resolve) => clock.after(ms, resolve));
    },
    heal: () => {
      answers.length = 0;
      judge = () => undefined;
      rewritten = (own) => own;
      slow = undefined;
      pieces = 0;
      Object.assign(halved, { list: 0, watch: 0, other: 0 });
    },
    dark: (which = 'all') => {
      for (const socket of sockets) darken(socket);
      dark = which === 'all';
    },
    light: () => {
      dark = false;
    },
    get watches() {
      return streams.size;
    },
    get watching() {
      return [...streams].map(({ asked }) => asked);
    },
    closeWatches: each((stream) => stream.client.end()),
    resetWatches: each((stream) => stream.client.socket?.resetAndDestroy()),
    freezeWatches: each((stream) => {
      stream.frozen = true;
    }),
    cutNextEvent: each((stream) => {
      stream.cutNext = true;
    }),
    holdWatches: each((stream) => {
      stream.held ??= [];
    }),
    releaseWatches: each((stream) => {
      stream.client.write(Buffer.concat(stream.held ?? []));
      stream.held = undefined;
    }),
    inject: (bytes) => each((stream) => stream.client.write(bytes))(),
    dispose: async () => {
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
