import type { Transport, TransportRequest } from '../../src/cluster/transport.ts';

type Fields = Readonly<Record<string, unknown>>;

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

const bodyOf = ({ body }: TransportRequest): unknown => (typeof body === 'string' ? JSON.parse(body) : body);

const isUid = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Creating is its own precondition: a namesake refuses it. Anything else says the uid of the object it is for. */
const isBound = (request: TransportRequest): boolean => {
  const body = bodyOf(request);
  switch (request.method ?? 'GET') {
    case 'GET':
    case 'POST':
      return true;
    case 'DELETE':
      return isUid(fields(fields(body).preconditions).uid);
    case 'PUT':
      return isUid(fields(fields(body).metadata).uid);
    case 'PATCH': {
      if (!Array.isArray(body)) return isUid(fields(fields(body).metadata).uid);
      const first = fields(body[0]);
      return first.op === 'test' && first.path === '/metadata/uid' && isUid(first.value);
    }
    default:
      return false;
  }
};

/**
 * A transport that refuses what could change a namesake of the object it is meant for. `meanwhile` runs before each
 * request that changes the object at a path: whatever was read for it has been read by then.
 */
export const bound = (transport: Transport, meanwhile: (path: string) => Promise<void>): Transport => {
  const check = async (request: TransportRequest): Promise<void> => {
    if (!isBound(request)) throw new Error(`${request.method} ${request.path} has no uid as its precondition`);
    if (!['GET', 'POST'].includes(request.method ?? 'GET')) await meanwhile(request.path);
  };
  return {
    ...transport,
    request: async (request) => {
      await check(request);
      return await transport.request(request);
    },
    json: async (request) => {
      await check(request);
      return await transport.json(request);
    },
  };
};
