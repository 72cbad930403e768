import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lua/harness.ts';
import { type Figure, figure } from './measure.ts';

const total = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? total(path) : statSync(path).size);
  }, 0);

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Sizes of what is installed. */
export const sizes = (): Figure[] => {
  const native = join(root, 'dist', 'native');
  const addons = readdirSync(native).filter((name) => name.endsWith('.node'));
  return [
    figure('bundle (dist/ without native)', mb(total(join(root, 'dist')) - total(native)), '≤ 10 MB'),
    ...addons.map((name) => figure(`addon ${name}`, mb(statSync(join(native, name)).size), '≤ 40 MB')),
  ];
};
