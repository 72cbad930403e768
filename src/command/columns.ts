import type { CustomColumn, Query } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import type { Parsed } from './arguments.ts';

const customPrefix = 'custom-columns=';

/** kubectl's title for a label: what comes behind its last slash. */
const labelColumn = (label: string): CustomColumn => ({
  title: (label.split('/').at(-1) ?? label).toUpperCase(),
  label,
});

/** `NAME:.metadata.name,IMAGE:.spec.image`, cut at every comma as kubectl does. */
const customColumns = (spec: string): readonly CustomColumn[] =>
  spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon >= 0) return { title: part.slice(0, colon), jsonpath: part.slice(colon + 1) };
    throw new ClusterError('invalid', `custom-columns: '${part}' is no column`, {
      hint: 'A column is HEADER:JSONPATH, for example NAME:.metadata.name; commas separate columns, also inside [ ].',
    });
  });

/** The columns that `-L`, `--show-labels` and `-o custom-columns=…` of `kubectl get` ask for. */
export const columnsOf = (parsed: Parsed, output: string): Pick<Query, 'columns' | 'only'> => {
  // kubectl prints nothing but the custom columns then.
  if (output.startsWith(customPrefix)) return { columns: customColumns(output.slice(customPrefix.length)), only: true };
  const labels = parsed.flags.get('label-columns')?.split(',').filter(Boolean) ?? [];
  const all = parsed.flags.get('show-labels') === 'true' ? [{ title: 'LABELS', labels: true }] : [];
  const columns = [...labels.map(labelColumn), ...all];
  return columns.length === 0 ? {} : { columns };
};
