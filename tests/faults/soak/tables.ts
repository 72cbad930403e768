/** The tables of a soak as its user left them: what each must go on being. */
import { isDeepStrictEqual } from 'node:util';
import type { Sort } from '../../../src/view/layout.ts';
import type { Wish } from './oracle.ts';
import type { Place, Spec } from './plan.ts';
import type { ViewShot } from './screen.ts';
import type { World } from './world.ts';

export type TableModel = {
  readonly view: number;
  readonly spec: Spec;
  /** The line it was opened with. */
  readonly line: string;
  namespaces: readonly string[];
  selector: string | undefined;
  fieldSelector: string | undefined;
  filter: string;
  /** Undefined until it is seen for the first time: tables are opened as others of their kind were left. */
  sort: Sort | undefined;
  wide: boolean | undefined;
  hidden: readonly string[] | undefined;
  selected: ReadonlySet<string>;
  /** What it showed when it was paused; 'afresh': the backend ended since, and it stands still with newer rows. */
  paused: readonly string[] | 'afresh' | undefined;
};

export const namespacesOf = (world: World, scope: Spec['scope']): readonly string[] => {
  if (scope === 'all') return [];
  const places: readonly Place[] = scope === 'both' ? ['a', 'b'] : [scope];
  return places.map((place) => world.namespace(place));
};

const selectorOf = (world: World, { scope, colour }: Spec): string | undefined => {
  const parts = [scope === 'all' ? `soak=${world.run}` : '', colour === undefined ? '' : `app=${colour}`];
  const selector = parts.filter((part) => part !== '').join(',');
  return selector === '' ? undefined : selector;
};

/** `get …` for a table. */
export const lineOf = (world: World, spec: Spec): string => {
  const selector = selectorOf(world, spec);
  return [
    'get',
    world.typed(spec.kind),
    spec.scope === 'all' ? '-A' : `-n ${namespacesOf(world, spec.scope).join(',')}`,
    ...(selector === undefined ? [] : [`-l ${selector}`]),
  ].join(' ');
};

export const newTable = (world: World, spec: Spec, view: number): TableModel => ({
  view,
  spec,
  line: lineOf(world, spec),
  namespaces: namespacesOf(world, spec.scope),
  selector: selectorOf(world, spec),
  fieldSelector: undefined,
  filter: '',
  sort: undefined,
  wide: undefined,
  hidden: undefined,
  selected: new Set(),
  paused: undefined,
});

/** The selector that a filter of the user's replaces; what keeps other people's objects away stays. */
export const narrowed = (world: World, { spec }: TableModel, labels: string | undefined): string | undefined => {
  const parts = [spec.scope === 'all' ? `soak=${world.run}` : '', labels ?? ''].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(',');
};

export const wishOf = (world: World, table: TableModel, view: ViewShot): Wish => ({
  resource: world.resource(table.spec.kind),
  namespaces: table.namespaces,
  selector: table.selector,
  fieldSelector: table.fieldSelector,
  filter: table.filter,
  sort: table.sort ?? view.sort,
});

/** What a new table came with is what it has to keep. */
export const adopt = (table: TableModel, view: ViewShot): void => {
  table.sort ??= view.sort;
  table.wide ??= view.wide;
  table.hidden ??= view.hidden;
};

/** A table keeps what its user chose. */
export const wrongChoices = (table: TableModel, view: ViewShot): readonly string[] => {
  const wrong: string[] = [];
  const say = (what: string, is: unknown, was: unknown): void => {
    if (!isDeepStrictEqual(is, was)) wrong.push(`${what} is ${JSON.stringify(is)} instead of ${JSON.stringify(was)}`);
  };
  say('the order', view.sort, table.sort ?? view.sort);
  say('wide', view.wide, table.wide ?? view.wide);
  say('what is hidden', view.hidden, table.hidden ?? view.hidden);
  say('the filter', view.filter, table.filter);
  const shown = view.columns.filter(({ title }) => table.hidden?.includes(title));
  if (shown.length > 0) wrong.push(`hidden columns are shown: ${shown.map(({ title }) => title).join()}`);
  return wrong;
};
