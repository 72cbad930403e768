import type { CommandPlan } from '../../protocol/wire.ts';
import type { Key } from '../use-keys.ts';
import { firstDirection, type Sort, sortColumns, type TopRow } from './rows.ts';
import { moveTo, type Selection, unselected } from './selection.ts';
import type { Kind } from './usage.ts';

/** What the user has chosen; everything else on the screen follows from it and from the data. */
export type Ui = {
  readonly kind: Kind;
  readonly sort: Readonly<Record<Kind, Sort>>;
  readonly selection: Readonly<Record<Kind, Selection>>;
  readonly filter: string;
  /** The text being typed; undefined when not typing. */
  readonly typing: string | undefined;
  /** A first `g` waits for its second. */
  readonly pending: boolean;
};

export type View = {
  readonly rows: readonly TopRow[];
  /** Rows that fit on the screen. */
  readonly height: number;
  readonly context: string;
};

export type Effect =
  | { readonly do: 'open'; readonly plan: CommandPlan }
  | { readonly do: 'close' }
  | { readonly do: 'refresh' };

export type Step = { readonly ui: Ui; readonly effect?: Effect };

export const startUi = (kind: Kind): Ui => ({
  kind,
  sort: {
    nodes: { column: 'cpu%', descending: true },
    pods: { column: 'cpu', descending: true },
  },
  selection: { nodes: unselected, pods: unselected },
  filter: '',
  typing: undefined,
  pending: false,
});

const typed = (ui: Ui, key: Key): Step => {
  const text = ui.typing ?? '';
  switch (key.name) {
    case 'return':
      return { ui: { ...ui, filter: text.trim(), typing: undefined } };
    case 'escape':
      return { ui: { ...ui, typing: undefined } };
    case 'backspace':
    case 'delete':
      return { ui: { ...ui, typing: [...text].slice(0, -1).join('') } };
    default:
      if (key.ctrl && key.name === 'u') return { ui: { ...ui, typing: '' } };
      return { ui: { ...ui, typing: text + key.text } };
  }
};

const movement = (key: Key, index: number, { rows, height }: View): number | undefined => {
  const page = Math.max(1, height - 1);
  if (key.ctrl) {
    const half = Math.max(1, Math.floor(height / 2));
    const steps: Readonly<Record<string, number>> = { d: half, u: -half, f: page, b: -page };
    const step = steps[key.name];
    return step === undefined ? undefined : index + step;
  }
  switch (key.name) {
    case 'j':
    case 'down':
      return index + 1;
    case 'k':
    case 'up':
      return index - 1;
    case 'pagedown':
      return index + page;
    case 'pageup':
      return index - page;
    case 'home':
      return 0;
    case 'G':
    case 'end':
      return rows.length - 1;
    default:
      return undefined;
  }
};

const withSort = (ui: Ui, sort: Sort): Ui => ({ ...ui, sort: { ...ui.sort, [ui.kind]: sort } });

const nextSort = (ui: Ui): Ui => {
  const columns = sortColumns[ui.kind];
  const at = columns.indexOf(ui.sort[ui.kind].column);
  const column = columns[(at + 1) % columns.length] ?? 'name';
  return withSort(ui, { column, descending: firstDirection(column) });
};

const planFor = (
  name: 'table' | 'describe' | 'logs',
  kind: Kind,
  row: TopRow,
  context: string,
): CommandPlan | undefined => {
  const where = context === '' ? {} : { context };
  const namespace = kind === 'pods' ? { namespace: row.namespace } : {};
  const source = { resource: kind, name: row.name, ...where, ...namespace };
  if (name === 'describe') return { do: 'describe', sources: [source] };
  if (name === 'logs') return kind === 'pods' ? { do: 'logs', source, options: { follow: true } } : undefined;
  const query =
    kind === 'pods'
      ? { resource: 'pods', ...where, namespaces: [row.namespace], names: [row.name] }
      : { resource: 'pods', ...where, namespaces: [], fieldSelector: `spec.nodeName=${row.name}` };
  return { do: 'table', queries: [query] };
};

const opening: Readonly<Record<string, 'table' | 'describe' | 'logs'>> = { return: 'table', d: 'describe', l: 'logs' };

const commanded = (ui: Ui, key: Key, view: View): Step => {
  const kind = opening[key.name];
  const row = view.rows[ui.selection[ui.kind].index];
  if (kind !== undefined && row !== undefined) {
    const plan = planFor(kind, ui.kind, row, view.context);
    return plan === undefined ? { ui } : { ui, effect: { do: 'open', plan } };
  }
  switch (key.name) {
    case 'q':
      return { ui, effect: { do: 'close' } };
    case 'r':
      return { ui, effect: { do: 'refresh' } };
    case 'escape':
      return { ui: { ...ui, filter: '' } };
    case '/':
      return { ui: { ...ui, typing: ui.filter } };
    case 's':
      return { ui: nextSort(ui) };
    case 'S': {
      const sort = ui.sort[ui.kind];
      return { ui: withSort(ui, { ...sort, descending: !sort.descending }) };
    }
    case 'tab':
      return { ui: { ...ui, kind: ui.kind === 'nodes' ? 'pods' : 'nodes' } };
    default:
      return { ui };
  }
};

/** What a key does, given what is on the screen. Pure. */
export const press = (before: Ui, key: Key, view: View): Step => {
  if (before.typing !== undefined) return typed(before, key);
  const first = key.name === 'g' && !key.ctrl;
  const ui = { ...before, pending: first && !before.pending };
  const selection = ui.selection[ui.kind];
  const index = first ? (before.pending ? 0 : undefined) : movement(key, selection.index, view);
  if (index !== undefined) {
    const moved = moveTo(selection, view.rows, view.height, index);
    return { ui: { ...ui, selection: { ...ui.selection, [ui.kind]: moved } } };
  }
  return first || key.ctrl ? { ui } : commanded(ui, key, view);
};
