import { expect, test } from 'vitest';
import { type Action, defineAction } from '../../../src/actions/define-action.ts';
import { planAction, runAction } from '../../../src/actions/run.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { failure } from '../cluster/support.ts';
import { abilityOf, deployments, nodes, targetOf } from './support.ts';

const { ability } = abilityOf(() => ({}));

const action = (more: Partial<Action> = {}): Action =>
  defineAction({
    id: 'poke',
    title: 'poke…',
    key: '',
    danger: false,
    verb: 'poke',
    applies: async () => true,
    inputs: async () => [{ name: 'times', label: 'times', type: 'number', value: 1 }],
    plan: async () => ['it is poked'],
    run: async () => ({ message: 'poked' }),
    command: ({ name }, { times }) => ['poke', name, `--times=${times}`],
    ...more,
  });

const targets = Array.from({ length: 30 }, (_, index) => targetOf(`pod-${index}`));

test('runs at most eight at once; a failure stops nobody and results keep the order', async () => {
  let running = 0;
  let most = 0;
  const poke = action({
    run: async ({ name }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (name === 'pod-3') throw new ClusterError('forbidden', 'no right', { hint: 'Ask for it.' });
      if (name === 'pod-4') throw new Error('a bug');
      return { message: `poked ${name}`, undo: ['unpoke', name] };
    },
  });
  const results = await runAction(poke, targets, { times: '2' }, { dryRun: false }, ability);
  expect(most).toBe(8);
  const source = { context: 'prod', resource: 'pods', namespace: 'shop' };
  const command = expect.any(String);
  expect(results.filter(({ ok }) => !ok)).toEqual([
    {
      ...{ object: 'pods/pod-3 in shop', ok: false, message: 'no right Ask for it.', command },
      source: { ...source, name: 'pod-3' },
    },
    {
      ...{ object: 'pods/pod-4 in shop', ok: false, message: 'a bug', command },
      source: { ...source, name: 'pod-4' },
    },
  ]);
  expect(results.map(({ object }) => object)).toEqual(targets.map(({ name }) => `pods/${name} in shop`));
  expect(results[7]).toEqual({
    object: 'pods/pod-7 in shop',
    ok: true,
    message: 'poked pod-7',
    command: 'kubectl --context prod poke pod-7 --times=2',
    undo: 'kubectl --context prod unpoke pod-7',
  });
});

test('an abort lets no further object be touched', async () => {
  const abort = new AbortController();
  let done = 0;
  const poke = action({
    run: async () => {
      done += 1;
      abort.abort();
      return { message: 'poked' };
    },
  });
  const results = await runAction(poke, targets, {}, { dryRun: false, signal: abort.signal }, ability);
  expect(done).toBeLessThanOrEqual(8);
  expect(results.filter(({ ok }) => ok)).toHaveLength(done);
  expect(results.at(-1)).toMatchObject({ ok: false, message: 'not done: cancelled' });
});

test('words of a command are quoted for a shell', async () => {
  const odd = { ...ability, context: "it's $(x)" };
  const target = targetOf('a', { context: odd.context });
  const [result] = await runAction(action(), [target], {}, { dryRun: true }, odd);
  expect(result?.command).toBe(`kubectl --context 'it'\\''s $(x)' poke a --times=1`);
});

test.each([
  [{ times: 'x' }, 'times: a whole number is expected, not "x".'],
  [{ times: 1.5 }, 'times: a whole number is expected, not "1.5".'],
  [{ often: 1 }, 'There is no option "often" here; the options are times.'],
])('wrong inputs %o are refused before anything is done', async (inputs, message) => {
  let ran = false;
  const poke = action({
    run: async () => {
      ran = true;
      return { message: '' };
    },
  });
  const error = await failure(runAction(poke, targets, inputs as never, { dryRun: false }, ability));
  expect(error).toMatchObject({ code: 'invalid', message });
  expect(ran).toBe(false);
});

test('nothing selected, and an object of another context, are refused', async () => {
  const options = { dryRun: false };
  expect(await failure(runAction(action(), [], {}, options, ability))).toMatchObject({ code: 'invalid' });
  const stranger = [targetOf('a'), targetOf('b', { context: 'other' })];
  const error = await failure(runAction(action(), stranger, {}, options, ability));
  expect(error.message).toBe('pods/b in shop belongs to context "other", not to "prod". Nothing was done.');
});

test('when its inputs cannot be read, every object says so', async () => {
  const poke = action({ inputs: () => Promise.reject(new ClusterError('unreachable', 'down')) });
  const results = await runAction(poke, targets.slice(0, 2), {}, { dryRun: false }, ability);
  expect(results.map(({ ok, message }) => [ok, message])).toEqual([
    [false, 'down'],
    [false, 'down'],
  ]);
});

test('a plan names the place, and what a guarded context wants typed', async () => {
  const one = await planAction(action(), [targetOf('cart')], { times: 3 }, ability, { guard: 'typed' });
  expect(one).toEqual({
    title: 'Poke pod cart · prod ▸ shop',
    lines: ['context prod · namespace shop', 'it is poked'],
    verb: 'poke',
    inputs: [{ name: 'times', label: 'times', type: 'number', value: 3 }],
    type: 'cart',
  });
  const mixed = [targetOf('a'), targetOf('b', { namespace: 'web', resource: deployments })];
  const several = await planAction(action(), mixed, {}, ability, { guard: 'typed' });
  expect(several).toMatchObject({ title: 'Poke 2 objects · prod ▸ shop, web', type: 'prod' });
  expect(several.lines[0]).toBe('context prod · namespaces shop, web');
  const node = targetOf('n', { namespace: '', resource: nodes });
  const locked = await planAction(action(), [node], {}, ability, { guard: 'read-only' });
  expect(locked.title).toBe('Poke node n · prod');
  expect(locked.lines.slice(0, 2)).toEqual([
    'Context prod is read-only: only a dry run is possible.',
    'context prod · no namespace',
  ]);
  expect(locked).not.toHaveProperty('type');
});

test('a read-only context lets only a dry run through', async () => {
  const options = { guard: 'read-only' as const };
  const error = await failure(runAction(action(), [targetOf('a')], {}, { ...options, dryRun: false }, ability));
  expect(error).toMatchObject({ code: 'forbidden' });
  expect(await runAction(action(), [targetOf('a')], {}, { ...options, dryRun: true }, ability)).toMatchObject([
    { ok: true },
  ]);
});
