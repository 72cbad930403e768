import type { Cell, Health } from '../../protocol/row.ts';
import { parseQuantity } from '../../util/quantity.ts';
import { sanitize } from '../../util/width.ts';
import { sharedText } from '../cells.ts';
import { age, type Column, extra, name, namespace, uniqueText } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { rememberLast } from '../memo.ts';
import type { KubeObject, Loose } from '../objects.ts';

type Quota = KubeObject & Loose<{ status: { hard: Record<string, string>; used: Record<string, string> } }>;

/** From here on a quota is nearly full. */
const nearlyFull = 90;

const namesOf = (quota: Quota): readonly string[] => Object.keys(quota.status?.hard ?? {}).sort();

const isLimit = (resource: string): boolean => resource.startsWith('limits.');

const amounts = (quota: Quota, wanted: (resource: string) => boolean): string =>
  namesOf(quota)
    .filter(wanted)
    .map((resource) => `${resource}: ${quota.status?.used?.[resource] ?? '0'}/${quota.status?.hard?.[resource]}`)
    .join(', ');

type Fullest = { readonly resource: string; readonly percent: number };

/** The resource of which least is left, by its share; one with a limit of nothing has no share. */
const fullest: (quota: Quota) => Fullest | undefined = rememberLast((quota) => {
  let found: Fullest | undefined;
  for (const resource of namesOf(quota)) {
    const hard = parseQuantity(quota.status?.hard?.[resource] ?? '') ?? 0;
    const used = parseQuantity(quota.status?.used?.[resource] ?? '') ?? 0;
    if (hard <= 0) continue;
    const percent = Math.floor((used / hard) * 100);
    if (found === undefined || percent > found.percent) found = { resource, percent };
  }
  return found;
});

const bar = (percent: number): string => {
  const filled = Math.min(10, Math.floor(percent / 10));
  return '█'.repeat(filled) + '░'.repeat(10 - filled);
};

const none = sharedText('<none>');

const used: Column<Quota> = {
  title: 'USED',
  cell: (quota): Cell => {
    const most = fullest(quota);
    if (most === undefined) return none;
    const { resource, percent } = most;
    const cell = { text: `${bar(percent)} ${percent}% ${sanitize(resource)}`, value: percent };
    return percent < nearlyFull ? cell : { ...cell, style: 'KubectlWarning' };
  },
};

const health = (quota: Quota): Health => ((fullest(quota)?.percent ?? 0) < nearlyFull ? 'ok' : 'warning');

/** printers.go, printResourceQuota. */
export default defineKind<Quota>({
  groups: [''],
  kind: 'ResourceQuota',
  columns: [
    namespace,
    name,
    uniqueText('REQUEST', (quota: Quota) => amounts(quota, (resource) => !isLimit(resource))),
    uniqueText('LIMIT', (quota: Quota) => amounts(quota, isLimit)),
    age,
    extra(used),
  ],
  fields: ['status.hard', 'status.used'],
  health,
});
