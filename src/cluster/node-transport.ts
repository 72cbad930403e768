import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ClientSpec } from '../protocol/client-spec.ts';
import type { Clock } from '../util/clock.ts';
import { asClusterError, ClusterError } from '../util/error.ts';
import { openBody, readAll } from './body.ts';
import { clientCertificateError, connectionError } from './connection-error.ts';
import { closeIdle, createLink, type Link, retireAgent } from './link.ts';
import { createSkew } from './server-clock.ts';
import { responseError } from './status-error.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

export type TransportOptions = {
  readonly clock: Clock;
  /** A newer credential than `stale`, asked for after a 401 and shortly before the end of the old one. */
  readonly renew?: (stale: ClientSpec) => Promise<ClientSpec>;
};

const HEADERS_TIMEOUT_MS = 30_000;
/** Before its end a credential is renewed: at most this long, and at most a fifth of its life. */
const MOST_SKEW_MS = 60_000;

type Outgoing = {
  readonly request: TransportRequest;
  readonly method: string;
  readonly path: string;
  readonly body: string | Uint8Array | undefined;
  readonly contentType: string | undefined;
};

const prepare = (request: TransportRequest): Outgoing => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) if (value !== undefined) query.append(name, value);
  const { body } = request;
  const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  return {
    request,
    method: request.method ?? 'GET',
    path: query.size === 0 ? request.path : `${request.path}?${query}`,
    body: raw ? body : JSON.stringify(body),
    contentType: raw ? undefined : 'application/json',
  };
};

const cancelled = (tried: string): ClusterError => new ClusterError('cancelled', `Cancelled: ${tried}.`);

/** The request was sent, and what the server says to it is lost. Refused in a handshake it was not even read. */
const unanswered = (method: string, error: ClusterError): ClusterError => {
  const { code, message, hint, cause } = error;
  return method === 'GET' || code === 'unauthorized'
    ? error
    : new ClusterError(code, message, { hint, cause, sent: true });
};

/** A login may take long; who no longer waits for it is let go at once. */
const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal | undefined, tried: string): Promise<T> => {
  if (signal === undefined) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = () => reject(cancelled(tried));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return await Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', cancel));
};

const isClosed = ({ cause }: ClusterError): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');

const triedAt = (link: Link, { method, request }: Outgoing): string => `${method} ${request.path} at ${link.server}`;

/** Resolves with the response's headers there, or rejects with a ClusterError; leaves no timer or listener behind. */
const exchange = (link: Link, outgoing: Outgoing, clock: Clock): Promise<IncomingMessage> => {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { request } = outgoing;
  const tried = triedAt(link, outgoing);
  const base = link.url.pathname.replace(/\/$/, '');
  const call: ClientRequest = (link.url.protocol === 'http:' ? httpRequest : httpsRequest)({
    agent: link.agent,
    host: link.url.hostname.replace(/^\[|\]$/g, ''),
    port: link.url.port || undefined,
    method: outgoing.method,
    path: base + outgoing.path,
    headers: {
      accept: 'application/json',
      ...(outgoing.contentType !== undefined && { 'content-type': outgoing.contentType }),
      ...(outgoing.body !== undefined && { 'content-length': Buffer.byteLength(outgoing.body) }),
      ...link.headers,
      ...request.headers,
    },
  });
  const timeoutMs = request.timeoutMs ?? HEADERS_TIMEOUT_MS;
  let over = false;
  let sent = false;
  call.on('finish', () => {
    sent = true;
  });
  const fail = (error: ClusterError) => reject(sent ? unanswered(outgoing.method, error) : error);
  const giveUp = (error: ClusterError) => {
    over = true;
    fail(error);
    call.destroy();
  };
  const cancel = () => giveUp(cancelled(tried));
  const cancelTimer = clock.after(timeoutMs, () => {
    const hint = 'Is the cluster reachable (VPN, tunnel, proxy)?';
    giveUp(new ClusterError('timeout', `No answer within ${timeoutMs / 1000} s (${tried}).`, { hint }));
  });
  if (request.signal?.aborted) cancel();
  request.signal?.addEventListener('abort', cancel, { once: true });
  call.on('response', (incoming) => {
    over = true;
    resolve(incoming);
  });
  call.on('error', (error: NodeJS.ErrnoException) => {
    // Once there is a response, its body tells; once it was given up, destroying it looks like a reset.
    if (over) return;
    // A server may close an idle connection just as it is used again: what only reads is asked once more on a new one.
    const stale = call.reusedSocket && error.code === 'ECONNRESET' && outgoing.method === 'GET';
    if (stale) resolve(exchange(link, outgoing, clock));
    else fail(connectionError(error, link.server, tried));
  });
  call.end(outgoing.body);
  return promise.finally(() => {
    cancelTimer();
    request.signal?.removeEventListener('abort', cancel);
  });
};

/** How long a credential is good by its own account; one that was over when it came was made by another clock. */
const endOf = ({ spec, since }: Link): number =>
  spec.expiresAt === undefined || spec.expiresAt <= since ? Number.POSITIVE_INFINITY : spec.expiresAt;

/** The newest credential of a transport: renews it single-flight, and closes the connections of the old ones. */
const createLinks = (first: ClientSpec, { clock, renew }: TransportOptions) => {
  let current = createLink(first, clock.now());
  let renewing: Promise<Link> | undefined;
  /** A certificate that has ended by our clock, and that a renewal did not replace: the server's clock decides. */
  let judgedBefore: string | undefined;
  const agents = new Set([current.agent]);

  const replace = async (stale: Link): Promise<Link> => {
    const spec = await (renew as NonNullable<typeof renew>)(stale.spec);
    const next = createLink(spec, clock.now(), stale);
    if (next.agent !== stale.agent) retireAgent(stale.agent);
    agents.add(next.agent);
    current = next;
    return next;
  };
  const renewed = async (stale: Link): Promise<Link> => {
    if (current !== stale) return current;
    renewing ??= replace(stale).finally(() => {
      renewing = undefined;
    });
    return await renewing;
  };
  /** The credential to use now; one that still works is kept when renewing it early fails. */
  const usable = async (): Promise<Link> => {
    const { spec, since } = current;
    if (renew === undefined) return current;
    if (spec.certPem !== judgedBefore && clientCertificateError(spec, clock.now(), current.server) !== undefined) {
      judgedBefore = spec.certPem;
      return await renewed(current);
    }
    const left = endOf(current) - clock.now();
    if (left > Math.min(MOST_SKEW_MS, (endOf(current) - since) / 5)) return current;
    const fallback = current;
    return await renewed(current).catch((error) => {
      if (left > 0) return fallback;
      throw error;
    });
  };
  const dispose = () => {
    for (const agent of agents) agent.destroy();
  };
  return { now: () => current, usable, renewed, canRenew: renew !== undefined, dispose };
};

/** Authenticated HTTP/1.1 requests to one API server. Throws ClusterError('invalid') when the spec itself is unusable. */
export const createTransport = (spec: ClientSpec, options: TransportOptions): Transport => {
  const { clock } = options;
  const links = createLinks(spec, options);
  const ended = new AbortController();
  const skew = createSkew(clock);

  const send = async (link: Link, outgoing: Outgoing): Promise<TransportResponse> => {
    const incoming = await exchange(link, outgoing, clock);
    skew.heard(incoming.headers.date);
    const tried = triedAt(link, outgoing);
    const body = openBody(incoming, {
      clock,
      tried,
      idleMs: outgoing.request.idleMs,
      signal: outgoing.request.signal,
      explain: (error) => (ended.signal.aborted ? cancelled(tried) : connectionError(error, link.server, tried)),
    });
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body };
  };

  const endedCertificate = (link: Link): ClusterError | undefined =>
    clientCertificateError(link.spec, clock.now(), link.server);
  /** In the handshake, so the request was not even read. Some servers just close the connection. */
  const refusesLogin = (link: Link, error: unknown): boolean =>
    error instanceof ClusterError &&
    (error.code === 'unauthorized' || (isClosed(error) && endedCertificate(link) !== undefined));
  /** A certificate that has ended is a better reason than the refusal it led to; only a refusal proves it, as clocks differ. */
  const explained = (link: Link, error: unknown): unknown =>
    refusesLogin(link, error) ? (endedCertificate(link) ?? error) : error;
  const accepted = (link: Link, response: TransportResponse): TransportResponse => {
    const ended = response.status === 401 ? endedCertificate(link) : undefined;
    if (ended === undefined) return response;
    response.body.destroy();
    throw ended;
  };

  const answer = async (wanted: TransportRequest): Promise<{ response: TransportResponse; tried: string }> => {
    if (ended.signal.aborted) throw new ClusterError('cancelled', 'The connection to this cluster was closed.');
    const outgoing = prepare(wanted);
    const tried = `${outgoing.method} ${wanted.path}`;
    const link = wanted.background ? links.now() : await unlessAborted(links.usable(), wanted.signal, tried);
    if (wanted.fresh) closeIdle(link.agent);
    const mayRenew = !wanted.background && links.canRenew;
    const response = await send(link, outgoing).catch((error) => {
      if (!mayRenew || !refusesLogin(link, error)) throw explained(link, error);
    });
    if (response !== undefined && (response.status !== 401 || !mayRenew)) {
      return { response: accepted(link, response), tried: triedAt(link, outgoing) };
    }
    response?.body.destroy();
    const next = await unlessAborted(links.renewed(link), wanted.signal, tried);
    const again = await send(next, outgoing).catch((error) => {
      throw explained(next, error);
    });
    return { response: accepted(next, again), tried: triedAt(next, outgoing) };
  };

  const request = async (wanted: TransportRequest): Promise<TransportResponse> => (await answer(wanted)).response;

  const json = async <T>(wanted: TransportRequest): Promise<T> => {
    const { response, tried } = await answer(wanted);
    const text = await readAll(response.body).catch((thrown) => {
      throw unanswered(wanted.method ?? 'GET', asClusterError(thrown));
    });
    if (response.status < 200 || response.status > 299) throw responseError(response, text, tried, clock.now());
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new ClusterError('invalid', `The answer is not JSON (${tried}).`, {
        hint: 'Check the server address: a proxy or a login page may answer in its place.',
        cause,
      });
    }
  };

  const dispose = () => {
    ended.abort();
    links.dispose();
  };
  return { request, json, skewMs: skew.ms, dispose };
};
