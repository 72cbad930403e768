/** 45. What a broken backend says: no error of the editor's, no loop, and the next whole view repairs everything. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { line, type Stage, spliceOf, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const say = (message: unknown): void => stage.backend.send(message as never);

/** Waits until everything said so far has been heard. */
const heard = async (): Promise<void> => {
  stage.backend.send({ type: 'event', name: 'K8sDataLoaded', data: {} });
  await stage.editor.until('the event', async () => (await stage.editor.lua('return _G.heard == true')) === true);
};

const history = () => stage.editor.lua<string[]>(`return require('kubectl.report').history`);

const unharmed = async (): Promise<void> => {
  expect(await stage.editor.messages()).not.toMatch(/E\d+:|stack traceback|Error executing/);
};

const good = { start: 0, removed: -1, count: 1, text: 'a', codes: '', keys: 'a' };

test.each([
  ['splices that are none', { gen: 1, seq: 2, splices: 'all', total: 1, last: true }],
  ['a splice that is no table', { gen: 1, seq: 2, splices: [7], total: 1, last: true }],
  ['a splice without text', { gen: 1, seq: 2, splices: [{ ...good, text: null }], total: 1, last: true }],
  ['half a line', { gen: 1, seq: 2, splices: [{ ...good, start: 0.5 }], total: 1, last: true }],
  ['a negative start', { gen: 1, seq: 2, splices: [{ ...good, start: -3 }], total: 1, last: true }],
  ['fewer texts than lines', { gen: 1, seq: 2, splices: [{ ...good, count: 3 }], total: 3, last: true }],
  ['no generation', { seq: 2, splices: [good], total: 1, last: true }],
  ['another total', { gen: 1, seq: 2, splices: [good], total: 9, last: true }],
])('a frame with %s asks for the whole view, which repairs the table', async (_, rest) => {
  stage = await startTable([line('a'), line('b')]);
  const acknowledged = stage.backend.all('view.ack').length;
  say({ type: 'frame', view: 1, ...rest });
  await stage.backend.asked('view.resend');
  expect(stage.backend.all('view.ack')).toHaveLength(acknowledged);
  await stage.backend.applied(1, [spliceOf(0, -1, [line('a'), line('c')])], 2);
  expect(await stage.editor.lines()).toEqual(['a', 'c']);
  expect(await history()).toEqual([]);
  await unharmed();
});

test('a backend that has nothing but broken frames is asked ever more seldom', async () => {
  stage = await startTable([line('a')]);
  let asked = 0;
  const began = performance.now();
  while (asked < 5) {
    say({ type: 'frame', view: 1, gen: 1, seq: 9, splices: [{ ...good, start: 99 }], total: 1, last: true });
    asked += 1;
    await stage.backend.asked('view.resend', asked);
  }
  // 0.1 + 0.2 + 0.4 + 0.8 + 1.6 s.
  expect(performance.now() - began).toBeGreaterThan(3000);
  await stage.backend.applied(1, [spliceOf(0, -1, [line('a'), line('z')])], 2);
  expect(await stage.editor.lines()).toEqual(['a', 'z']);
});

test('messages of any shape: at most one complaint a kind, and the table goes on', async () => {
  stage = await startTable([line('a')]);
  await stage.editor.lua(
    `vim.api.nvim_create_autocmd('User', { pattern = 'K8sDataLoaded', callback = function() _G.heard = true end })`,
  );
  const kinds = ['state', 'layout', 'notify', 'completion', 'event', 'dashboard-ended', 'terminal', 'open', 'frame'];
  const member = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(1, 'x', [], {}));
  const message = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.record(
      {
        type: fc.constantFrom(...kinds),
        view: fc.constantFrom<unknown>(1, 2, 'x', null),
        ...Object.fromEntries(
          ['gen', 'seq', 'splices', 'total', 'titles', 'columns', 'data'].map((name) => [name, member]),
        ),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ type: fc.constant('reply'), id: member, ok: member, error: member }, { requiredKeys: ['type'] }),
  );
  for (const each of fc.sample(message, { numRuns: 300, seed: 7 })) say(each);
  await heard();
  const complaints = (await history()).filter((text) => text.includes('bug in the plugin'));
  expect(complaints.length).toBeLessThanOrEqual(kinds.length + 1);
  await stage.backend.applied(1, [spliceOf(0, -1, [line('fine')])], 1, { gen: 2 ** 52, turned: true });
  expect(await stage.editor.lines()).toEqual(['fine']);
});
