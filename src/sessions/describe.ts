import type { Transport } from '../cluster/transport.ts';
import type { NativeClient } from '../native/types.ts';
import type { Target } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { describeCodes } from './describe-codes.ts';
import { LiveText } from './live-text.ts';
import { sanitizeKeepingTabs, titleOf } from './session-state.ts';
import type { Session, TextView } from './text-view.ts';

export type DescribeOptions = {
  readonly target: Target;
  readonly view: TextView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly describer: Pick<NativeClient, 'describe'>;
};

/** kubectl's description of an object, read again when the object or its events changed. */
export const openDescribe = ({ target, view, transport, clock, describer }: DescribeOptions): Session => {
  const { group, version, resource, kind } = target.resource;
  const namespace = target.namespace === '' ? {} : { namespace: target.namespace };
  const object = { group, version, resource, kind, name: target.name, ...namespace };
  const text = new LiveText({
    ...{ what: 'describe', target, view, transport, clock },
    withEvents: true,
    read: async (signal) => {
      const described = await describer.describe(object, { signal });
      const lines = described.trimEnd().split('\n').map(sanitizeKeepingTabs);
      return { lines, codes: describeCodes(lines) };
    },
  });
  return {
    opened: { title: titleOf(target, 'describe'), filetype: 'k8s_describe' },
    uid: () => text.uid,
    dispose: () => text.dispose(),
  };
};
