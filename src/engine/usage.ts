import type { Discovery } from '../cluster/discovery.ts';
import type { Transport } from '../cluster/transport.ts';
import { containersResource } from '../processors/containers.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Query, ToEditor } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';
import { podOf } from './own-tables.ts';
import type { Scopes } from './scopes.ts';
import { type Decor, type DecorOptions, usageDecor } from './usage-decor.ts';
import { createUsagePolls } from './usage-polls.ts';

/** As often as metrics-server measures; and the least, whatever a user says. */
const usualSeconds = 15;
const leastSeconds = 2;

export type UsageOptions = {
  readonly context: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly scopes: Scopes;
  readonly toEditor: (client: number, message: ToEditor) => void;
};

type Table = {
  readonly resource: Resource;
  readonly query: Query;
  readonly client: number;
  readonly discovery: Discovery;
};

/** The usage columns of a context's tables, which share their polls. */
export const createUsage = ({ context, transport, clock, scopes, toEditor }: UsageOptions) => {
  let seconds = usualSeconds;
  const polls = createUsagePolls({ transport, clock, intervalMs: () => seconds * 1000 });
  /** A user is told once why there is no usage; the cells say it from then on. */
  const advised = new Set<string>();
  const advise = (client: number, text: string): void => {
    if (advised.has(`${client} ${text}`)) return;
    advised.add(`${client} ${text}`);
    toEditor(client, { type: 'notify', level: 'info', text: `${context}: ${text}` });
  };
  return {
    /** The user's interval; the newest one counts for all. */
    every: (wanted: number | undefined): void => {
      if (wanted !== undefined) seconds = Math.max(leastSeconds, wanted);
    },
    decorOf:
      ({ resource, query, client, discovery }: Table) =>
      (onChange: DecorOptions['onChange']): Decor | undefined =>
        usageDecor({
          resource,
          pod: resource === containersResource ? podOf(query) : undefined,
          polls,
          pods: () => scopes.acquire({ resource: discovery.find('pods'), namespace: '' }),
          onChange,
          onAdvice: (advice) => advise(client, advice),
        }),
  };
};
