/** Written by src/tools/gen-dashboards.ts from the files of this folder. */
import type { Dashboard } from './dashboard.ts';
import topEntry from './top.tsx';

export const dashboards: readonly Dashboard[] = [
  topEntry,
];
