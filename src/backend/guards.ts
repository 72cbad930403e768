import type { GuardMode, GuardRule, ToEditor } from '../protocol/wire.ts';

export type ContextGuard = { readonly mode: GuardMode; readonly colour?: string };

/** How careful each context is to be handled: the user's rules, by name. */
export interface Guards {
  of(context: string): ContextGuard;
  /** Whether anything is guarded at all. */
  any(): boolean;
  set(rules: readonly GuardRule[]): void;
}

const strictness: readonly GuardMode[] = ['open', 'typed', 'read-only'];

export const isStricter = (one: GuardMode, other: GuardMode): boolean =>
  strictness.indexOf(one) > strictness.indexOf(other);

const expression = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'su',
  );

/** A name says more than `prod*`, and that more than `*`. */
const weight = ({ pattern }: GuardRule): number =>
  (/[*?]/.test(pattern) ? 0 : 1_000) + pattern.replaceAll(/[*?]/g, '').length;

/** The rule that says most about a name; of two that say as much, the stricter. */
export const guardFor = (rules: readonly GuardRule[], context: string): ContextGuard => {
  const [best] = rules
    .filter(({ pattern }) => expression(pattern).test(context))
    .sort(
      (left, right) => weight(right) - weight(left) || strictness.indexOf(right.mode) - strictness.indexOf(left.mode),
    );
  if (best === undefined) return { mode: 'open' };
  return { mode: best.mode, ...(best.colour !== undefined && { colour: best.colour }) };
};

export const createGuards = (initial: () => readonly GuardRule[]): Guards => {
  let rules: readonly GuardRule[] | undefined;
  return {
    of: (context) => guardFor(rules ?? initial(), context),
    any: () => (rules ?? initial()).some(({ mode }) => mode !== 'open'),
    set: (now) => {
      rules = now;
    },
  };
};

/** Each editor is told how a context is handled: when it first uses it, and when that changes. */
export const guardNews = (guards: Guards, toEditor: (client: number, message: ToEditor) => void) => {
  const told = new Map<number, Map<string, string>>();
  const tell = (client: number, context: string): void => {
    const guard = guards.of(context);
    const text = JSON.stringify(guard);
    const known = told.get(client) ?? new Map<string, string>();
    const before = known.get(context) ?? JSON.stringify({ mode: 'open' });
    told.set(client, known.set(context, text));
    if (text !== before) toEditor(client, { type: 'guard', context, ...guard });
  };
  const tellAll = (): void => {
    for (const [client, known] of told) for (const context of known.keys()) tell(client, context);
  };
  return { tell, tellAll };
};
