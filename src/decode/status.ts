import { isBag } from './meta.ts';

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
  const status: Bag = isBag(object) ? object : {};
  const details: Bag = isBag(status.details) ? status.details : {};
  const causes = Array.isArray(details.causes) ? details.causes.filter(isBag) : [];
  return {
    message: text(status.message),
    reason: text(status.reason),
    code: number(status.code),
    retryAfterSeconds: number(details.retryAfterSeconds),
    causes: causes.map((cause) => text(cause.reason)),
  };
};

const longestText = 300;

/** The body of a refusal: a Status in JSON, or whatever a proxy in between had to say, as one short line. */
export const readStatus = (body: Buffer, _contentType: string): Status => {
  const text = body.toString('utf8');
  try {
    return statusOf(JSON.parse(text));
  } catch {
    return statusOf({ message: text.replace(/\s+/g, ' ').trim().slice(0, longestText) });
  }
};
