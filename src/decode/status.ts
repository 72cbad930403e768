import { isBag } from './meta.ts';
import { readMessage } from './proto/read-message.ts';
import { status } from './proto/status.generated.ts';
import { readEnvelope } from './protobuf-envelope.ts';

const protobufType = 'application/vnd.kubernetes.protobuf';

type Bag = Readonly<Record<string, unknown>>;

/** The parts of a metav1.Status that decide what happens next; the types are checked, the server may be anything. */
export type Status = {
  readonly message: string;
  readonly reason: string;
  readonly code: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Reasons of the causes, for example `ResourceVersionTooLarge`. */
  readonly causes: readonly string[];
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A Status object as it came off the wire. */
export const statusOf = (object: unknown): Status => {
  const told: Bag = isBag(object) ? object : {};
  const details: Bag = isBag(told.details) ? told.details : {};
  const causes = Array.isArray(details.causes) ? details.causes.filter(isBag) : [];
  return {
    message: text(told.message),
    reason: text(told.reason),
    code: number(told.code),
    retryAfterSeconds: number(details.retryAfterSeconds),
    causes: causes.map((cause) => text(cause.reason)),
  };
};

const longestText = 300;

/** The body of a refusal: a Status in the encoding that was asked for, or what a proxy had to say, as one line. */
export const readStatus = (body: Buffer, contentType: string): Status => {
  try {
    if (!contentType.startsWith(protobufType)) return statusOf(JSON.parse(body.toString('utf8')));
    const { start, end } = readEnvelope(body, 0, body.length);
    return statusOf(readMessage(status, body, start, end));
  } catch {
    return statusOf({ message: body.toString('utf8', 0, longestText).replace(/\s+/g, ' ').trim() });
  }
};
