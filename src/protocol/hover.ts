import type { Style } from './styles.ts';

/** One line of a hover text; `style` is of the whole line. */
export type HoverLine = { readonly text: string; readonly style?: Style };

/** Lines under a heading. */
export type HoverSection = { readonly title: string; readonly lines: readonly HoverLine[] };

/** A hover as the editor shows it: `codes` as in frames, one for each line. */
export type HoverText = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly codes: readonly string[];
};
