import { age, count, flag, name, text } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { KubeObject, Loose } from '../objects.ts';

type PriorityClass = KubeObject & Loose<{ value: number; globalDefault: boolean; preemptionPolicy: string }>;

/** printers.go, printPriorityClass. */
export default defineKind<PriorityClass>({
  groups: ['scheduling.k8s.io'],
  kind: 'PriorityClass',
  columns: [
    name,
    count('VALUE', (of: PriorityClass) => of.value),
    flag('GLOBAL-DEFAULT', (of: PriorityClass) => of.globalDefault),
    age,
    text('PREEMPTIONPOLICY', (of: PriorityClass) => of.preemptionPolicy),
  ],
  fields: ['value', 'globalDefault', 'preemptionPolicy'],
});
