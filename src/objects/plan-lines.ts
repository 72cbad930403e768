import { type Json, pathText } from './json.ts';
import { mask } from './shown.ts';
import { isByHand, type PlannedChange, type WritePlan } from './write.ts';

const longest = 60;

const brief = (value: Json | undefined, hidden: boolean): string => {
  if (hidden) return mask;
  const text = typeof value === 'string' && !/["\n]/.test(value) ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
};

const isValueOfSecret = ({ path }: PlannedChange): boolean => path[0] === 'data' || path[0] === 'stringData';

const changeLine = (change: PlannedChange, secret: boolean): string => {
  const { path, before, after, owners } = change;
  const place = pathText(path);
  const hidden = secret && isValueOfSecret(change);
  const set = owners.length === 0 ? '' : `   set by ${owners.join(', ')}`;
  if (before === undefined) return `+ ${place}: ${brief(after, hidden)}`;
  if (after === undefined) return `- ${place}: ${brief(before, hidden)}${set}`;
  return `~ ${place}: ${brief(before, hidden)} → ${brief(after, hidden)}${set}`;
};

/** More are a number. */
const mostLines = 40;

/** What a write would change, line by line. Values of secrets are not in it. */
export const planLines = (plan: Extract<WritePlan, { kind: 'ready' }>, secret: boolean): readonly string[] => {
  const { changes, warnings, merged, conflicts, live } = plan;
  const left = conflicts.filter((conflict) => !isByHand(conflict, live));
  const lines = changes.slice(0, mostLines).map((change) => changeLine(change, secret));
  const more = changes.length - lines.length;
  return [
    `server dry run: accepted${warnings.length === 0 ? '' : `, ${warnings.length} warning${warnings.length > 1 ? 's' : ''}`}`,
    ...(merged ? ['with what others changed elsewhere since this text was read'] : []),
    // What to beware of first: a long list of changes may not be seen to its end.
    ...left.map(
      ({ field, manager }) => `! ${field.replace(/^\./, '')} stays as ${manager} has it, unless you take it over`,
    ),
    ...warnings.map((warning) => `! ${warning}`),
    ...lines,
    ...(more > 0 ? [`… and ${more} more changes`] : []),
  ];
};
