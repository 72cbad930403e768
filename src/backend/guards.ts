import type { GuardMode, GuardRule } from '../protocol/wire.ts';

export type ContextGuard = { readonly mode: GuardMode; readonly colour?: string };

/** How careful each context is to be handled: the user's rules, by name. */
export interface Guards {
  of(context: string): ContextGuard;
  set(rules: readonly GuardRule[]): void;
}

const strictness: readonly GuardMode[] = ['open', 'typed', 'read-only'];

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
    set: (now) => {
      rules = now;
    },
  };
};
