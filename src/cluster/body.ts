import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Gunzip } from 'node:zlib';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';

export type BodyOptions = {
  readonly clock: Clock;
  readonly idleMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Turns what the socket reports into words. */
  readonly explain: (error: Error) => ClusterError;
  /** `GET /api/v1/pods at host:port`. */
  readonly tried: string;
};

/** Loaded when a server compresses: those on this machine are asked not to. */
const gunzip = (): Gunzip => process.getBuiltinModule('node:zlib').createGunzip();

/**
 * A response's body: decompressed, ended by an AbortSignal or by silence, and failing only with ClusterErrors.
 * Back-pressure reaches the socket, and silence is not counted while the reader is the one who waits.
 */
class Body extends Readable {
  readonly #incoming: IncomingMessage;
  readonly #gunzip: Gunzip | undefined;
  readonly #options: BodyOptions;
  readonly #abort = () => this.destroy(new ClusterError('cancelled', `Cancelled: ${this.#options.tried}.`));
  #heard: number;
  #flowing = true;
  #stopIdle: (() => void) | undefined;

  constructor(incoming: IncomingMessage, options: BodyOptions) {
    super();
    this.#incoming = incoming;
    this.#options = options;
    this.#heard = options.clock.now();
    this.#gunzip = incoming.headers['content-encoding'] === 'gzip' ? gunzip() : undefined;
    const source: Readable = this.#gunzip === undefined ? incoming : incoming.pipe(this.#gunzip);
    source.on('data', (chunk: Buffer) => this.#take(chunk));
    source.on('end', () => this.push(null));
    incoming.on('error', (error) => this.destroy(options.explain(error)));
    this.#gunzip?.on('error', (error) => this.destroy(this.#broken(error)));
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted) queueMicrotask(this.#abort);
    if (options.idleMs !== undefined) this.#watchSilence(options.idleMs, options.idleMs);
  }

  get #source(): Readable {
    return this.#gunzip ?? this.#incoming;
  }

  #broken(cause: Error): ClusterError {
    const hint = 'It is asked again; if this lasts, a proxy in between breaks compressed answers.';
    return new ClusterError('unreachable', `The answer broke off or is damaged (${this.#options.tried}).`, {
      hint,
      cause,
    });
  }

  #take(chunk: Buffer): void {
    this.#heard = this.#options.clock.now();
    if (this.push(chunk)) return;
    this.#flowing = false;
    this.#source.pause();
  }

  /** One timer however many chunks arrive: it looks at the time of the last one when it fires. */
  #watchSilence(idleMs: number, wait: number): void {
    const { clock, tried } = this.#options;
    this.#stopIdle = clock.after(wait, () => {
      // A clock that was set back must not make the silence last an hour longer.
      this.#heard = Math.min(this.#heard, clock.now());
      const silent = this.#flowing ? clock.now() - this.#heard : 0;
      if (silent < idleMs) return this.#watchSilence(idleMs, idleMs - silent);
      const message = `Nothing was heard for ${Math.round(silent / 1000)} s (${tried}).`;
      this.destroy(new ClusterError('timeout', message, { hint: 'The connection may be dead; it is opened again.' }));
    });
  }

  override _read(): void {
    if (this.#flowing) return;
    this.#flowing = true;
    this.#heard = this.#options.clock.now();
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stopIdle?.();
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#gunzip?.destroy();
    // After the end the socket goes back to the pool; before it, it can only be closed.
    if (this.readableEnded && error === null) this.#incoming.resume();
    else this.#incoming.destroy();
    done(error);
  }
}

export const openBody = (incoming: IncomingMessage, options: BodyOptions): Readable => {
  const body = new Body(incoming, options);
  // A failure before anyone reads must not end the process; whoever reads later still gets it.
  body.on('error', () => {});
  return body;
};

/** The whole body as text; for JSON and error bodies. */
export const readAll = async (body: Readable): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
