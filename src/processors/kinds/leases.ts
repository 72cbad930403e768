import { age, extra, name, namespace, since, text } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Maybe, Time } from '../objects.ts';

type Lease = KubeObject & {
  readonly spec?: Maybe<{ readonly holderIdentity?: Maybe<string>; readonly renewTime?: Time }>;
};

/** printers.go, printLease. Whether a lease has run out depends on the time of looking: RENEWED shows it. */
export default defineKind<Lease>({
  groups: ['coordination.k8s.io'],
  kind: 'Lease',
  columns: [
    namespace,
    name,
    text('HOLDER', (lease: Lease) => lease.spec?.holderIdentity),
    age,
    extra(since('RENEWED', (lease: Lease) => lease.spec?.renewTime, '<none>')),
  ],
  fields: ['spec.holderIdentity', 'spec.renewTime'],
});
