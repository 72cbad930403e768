/** Written by src/tools/gen-actions.ts from the files of this folder. */
import type { Action } from './define-action.ts';
import deleteEntry from './delete.ts';
import scaleEntry from './scale.ts';

export const actions: readonly Action[] = [
  deleteEntry,
  scaleEntry,
];
