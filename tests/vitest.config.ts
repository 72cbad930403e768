import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '..');

/**
 * One project a folder; what a project needs is in its global set-up, so a file run alone brings it up too. The time-outs
 * end what hangs and measure nothing: they are longer than all waits of a test on a slow machine.
 */
const project = (name: string, needs: readonly ('nvim' | 'lab')[], timeout: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
    globalSetup: needs.map((need) => `tests/setup/${need}.ts`),
    setupFiles: ['tests/setup/patience.ts'],
    testTimeout: timeout,
    hookTimeout: timeout,
  },
});

export default defineConfig({
  root,
  test: {
    // Two cores: the lab, the backends and the editors want some of them too.
    maxWorkers: 2,
    pool: 'forks',
    restoreMocks: true,
    projects: [
      project('unit', [], 60_000),
      project('lua', ['nvim'], 120_000),
      project('native', ['lab'], 240_000),
      project('e2e', ['nvim', 'lab'], 240_000),
      project('faults', ['nvim', 'lab'], 240_000),
    ],
  },
});
