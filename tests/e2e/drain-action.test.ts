/** Draining a node as the action does it: what its buffer shows, what a cancel leaves, and what the journal keeps. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import drain from '../../src/actions/drain.ts';
import { runAction } from '../../src/actions/run.ts';
import { createTasks } from '../../src/backend/tasks.ts';
import { playedNodes } from './played-nodes.ts';
import { until } from './until.ts';
import { WriteStage } from './write-stage.ts';

let stage: WriteStage;
const node = playedNodes(() => stage);
beforeAll(async () => {
  stage = await WriteStage.start();
});
afterAll(() => stage?.dispose());
afterEach(() => node.open());

test('the plan counts pods and names budgets; a drain cordons, evicts, and is undone as far as it can be', async () => {
  const target = await node.fresh();
  await node.deployment('free', 2);
  const plan = await stage.plan('drain', [target]);
  expect(plan.lines).toContain(`${target.name}  2 pods go`);
  const entry = await stage.does('drain', target);
  expect(entry.said).toBe('drained: 2 pods evicted');
  expect(await node.isCordoned()).toBe(true);
  expect(await stage.undo(entry.id)).toMatchObject([
    { ok: true, message: expect.stringContaining('spec.unschedulable') },
  ]);
  expect(await node.isCordoned()).toBe(false);
});

test('a pod a budget keeps is shown with it; a cancel half way leaves the node cordoned and says so', async () => {
  const target = await node.fresh();
  await node.deployment('kept', 2);
  await node.keep('kept', 2);
  expect((await stage.plan('drain', [target])).lines.join('\n')).toContain(
    'PDB keep-kept: allows 0 disruptions, you ask 2: it waits',
  );
  const abort = new AbortController();
  let shown: readonly string[] = [];
  const running = stage.run(
    'drain',
    [target],
    {},
    {
      signal: abort.signal,
      show: (_index, lines) => {
        shown = lines;
      },
    },
  );
  await until('both to be kept', async () => shown.filter((line) => line.includes('◐ blocked')).length === 2);
  expect(shown.join('\n')).toContain(`kept by PDB ${stage.namespace}/keep-kept`);
  expect(shown[0]).toBe(`node ${target.name}: 0 of 2 pods settled`);
  abort.abort();
  const [result] = await running;
  expect(result).toMatchObject({
    ok: false,
    message: expect.stringContaining('It stays cordoned'),
    undo: expect.stringContaining('uncordon'),
  });
  const entry = stage.journal.read(stage.journal.list(1)[0]?.id ?? 0);
  expect(entry).toMatchObject({ action: 'drain', state: 'failed', change: 'update' });
  expect(await node.isCordoned()).toBe(true);
  expect(await stage.undo(entry?.id ?? 0)).toMatchObject([{ ok: true }]);
  expect(await node.isCordoned()).toBe(false);
});

test('a node that is gone, or another of its name, is not drained', async () => {
  const target = await node.fresh();
  await stage.transport.json({ method: 'DELETE', path: stage.path('nodes', target.name) });
  await until('it to go', () => stage.isGone('nodes', target.name));
  expect(await stage.run('drain', [target])).toMatchObject([
    { ok: false, message: expect.stringContaining('not found') },
  ]);
  node.again();
  await node.fresh();
  expect(await stage.run('drain', [target])).toMatchObject([
    { ok: false, message: expect.stringContaining('is another object now') },
  ]);
  expect(await node.isCordoned()).toBe(false);
});

test.each([
  ['deleted', false],
  ['deleted and made again', true],
])('a node that is %s while it is drained: the drain stops and says so', async (what, again) => {
  const target = await node.fresh();
  const name = `held-${again}`;
  await node.deployment(name, 2);
  await node.keep(name, 2);
  let shown: readonly string[] = [];
  const show = (_index: number, lines: readonly string[]): void => {
    shown = lines;
  };
  const running = stage.run('drain', [target], {}, { show });
  await until('both to be kept', async () => shown.filter((line) => line.includes('◐ blocked')).length === 2);
  await stage.transport.json({ method: 'DELETE', path: stage.path('nodes', target.name) });
  if (again) {
    node.again();
    await node.fresh();
  }
  const [result] = await running;
  // Who looks between the two sees that it is gone.
  const words = again ? 'was deleted(?: and made again)?' : 'was deleted';
  expect(result).toMatchObject({
    ok: false,
    message: expect.stringMatching(
      new RegExp(`^nodes/${target.name} ${words} while it was drained\\. Stopped: 0 of 2 pods settled\\.$`),
    ),
  });
  expect(result?.undo, what).toBeUndefined();
  if (again) expect(await node.isCordoned()).toBe(false);
  const entry = stage.journal.read(stage.journal.list(1)[0]?.id ?? 0);
  expect(entry).toMatchObject({ action: 'drain', state: 'failed' });
  expect(entry?.change).toBeUndefined();
});

test('without the addon it goes through the kubectl program, and says so', async () => {
  const target = await node.fresh();
  await node.deployment('fallen', 1);
  const bare = mkdtempSync(join(tmpdir(), 'kubectl-live-bare-'));
  try {
    const ability = await stage.fresh(bare);
    const shown: string[] = [];
    const show = (_index: number, lines: readonly string[]): void => {
      shown.splice(0, shown.length, ...lines);
    };
    const results = await runAction(drain, [target], {}, { dryRun: false, recorder: stage.recorder, show }, ability);
    expect(results).toMatchObject([{ ok: true, message: 'drained: 1 pod evicted' }]);
    expect(shown.at(-1)).toMatch(/^Through the kubectl program\. the addon: not found at .*kubectl-live-bare/);
  } finally {
    rmSync(bare, { recursive: true });
  }
});

test('a task goes on without a buffer, tells its end, and is not started again', async () => {
  const told: string[] = [];
  const tasks = createTasks((_client, ok, text) => told.push(`${ok} ${text}`));
  const task = tasks.start(1, 'drain x', async (_signal, show) => {
    show(0, ['line']);
    return [{ object: 'nodes/x', ok: true, message: 'drained' }];
  });
  await until('its end', async () => told.length > 0);
  expect(told).toEqual(['true drain x: ✓ done\n\n✓ nodes/x: drained']);
  const seen: (readonly string[])[] = [];
  const closed = new AbortController().signal;
  const session = tasks.watch(task, { set: (lines) => seen.push(lines), append: () => {}, state: () => {}, closed });
  expect(seen).toEqual([['line', '', '✓ nodes/x: drained']]);
  session.dispose();
  expect(() => createTasks(() => {}).watch(task, { set: () => {}, append: () => {}, state: () => {}, closed })).toThrow(
    'this ended with the backend that ran it',
  );
});
