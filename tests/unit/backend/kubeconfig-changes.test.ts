import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createContexts } from '../../../src/backend/contexts.ts';
import { createWorkers } from '../../../src/engine/workers.ts';
import { systemClock } from '../../../src/util/clock.ts';

const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

const config = (names: string, { token = 'old', namespace = 'shop' } = {}): string => `
current-context: ${names.split(' ')[0]}
clusters: [{ name: k, cluster: { server: 'https://127.0.0.1:1' } }]
users: [{ name: u, user: { token: ${token} } }]
contexts:
${names
  .split(' ')
  .map((name) => `  - { name: ${name}, context: { cluster: k, user: u, namespace: ${namespace} } }`)
  .join('\n')}
`;

const folderOf = (): string => mkdtempSync(join(tmpdir(), 'kubectl-live-changes-'));

const setUp = (variable: string) => {
  const folder = folderOf();
  const engine = join(folder, 'engine.mjs');
  writeFileSync(engine, `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => undefined);`);
  const heard: string[] = [];
  const contexts = createContexts({
    env: { KUBECONFIG: variable, HOME: folder },
    clock: systemClock,
    workers: createWorkers({
      url: pathToFileURL(engine),
      clock: systemClock,
      onLog: () => undefined,
    }),
    toEditor: () => undefined,
    fallback: () => [],
    ambiwidth: () => 'single',
    onEngineEnd: () => undefined,
    onRetired: ({ name }, problem) => heard.push(`${name} retired${problem === undefined ? '' : `: ${problem}`}`),
    onClosed: () => undefined,
    onWait: () => {},
    onOpened: () => {},
    onWritten: () => {},
    onKubeconfig: (now, problems) => heard.push([[...now.contexts.keys()].join(' '), ...problems].join(' | ')),
    onLog: (text) => heard.push(text),
  });
  disposals.push(contexts.dispose);
  return { contexts, heard };
};

/** A watch that begins has no sign of its own: the file is touched until something is heard. */
const heardAfter = async (heard: string[], act: () => void): Promise<string[]> => {
  heard.length = 0;
  act();
  await expect.poll(() => heard.length, { timeout: 5000 }).toBeGreaterThan(0);
  return [...heard];
};

const watching = async (heard: string[], touch: (round: number) => void): Promise<void> => {
  let round = 0;
  await expect
    .poll(
      () => {
        touch(++round);
        return heard.length;
      },
      { timeout: 5000, interval: 300 },
    )
    .toBeGreaterThan(0);
  heard.length = 0;
};

test('a rewritten kubeconfig retires the contexts that changed, and only those', async () => {
  const folder = folderOf();
  const path = join(folder, 'config');
  writeFileSync(path, config('one two'));
  const { contexts, heard } = setUp(path);
  const one = await contexts.open('one');
  await watching(heard, (round) => writeFileSync(path, config(`one two extra${round}`)));

  // The namespace only says where to begin.
  await heardAfter(heard, () => writeFileSync(path, config('one two', { namespace: 'other' })));
  expect(heard).toEqual(['one two']);
  expect((await contexts.open('one')) === one).toBe(true);
  expect(one.namespace).toBe('other');

  // Another token: whoever uses the context comes back with it.
  expect(await heardAfter(heard, () => writeFileSync(path, config('one two', { token: 'new' })))).toEqual([
    'one retired',
    'one two',
  ]);
  const now = await contexts.open('one');
  expect(now === one).toBe(false);
  expect((await now.spec()).token).toBe('new');

  // Replaced as editors and kubectl do it, without the context.
  expect(
    await heardAfter(heard, () => {
      writeFileSync(join(folder, 'next'), config('two'));
      renameSync(join(folder, 'next'), path);
    }),
  ).toEqual([expect.stringMatching(/^one retired: There is no context "one"/), 'two']);
});

test('a broken or missing kubeconfig changes nothing and is told once', async () => {
  const path = join(folderOf(), 'config');
  writeFileSync(path, config('one'));
  const { contexts, heard } = setUp(path);
  const one = await contexts.open('one');
  await watching(heard, (round) => writeFileSync(path, config(`one extra${round}`)));
  const before = [...(await contexts.kubeconfig()).contexts.keys()].join(' ');
  const [broken = ''] = await heardAfter(heard, () => writeFileSync(path, 'contexts: [\n  nonsense: {'));
  expect(broken).toMatch(new RegExp(`^${before} \\| ${path}:\\d+:\\d+: not valid YAML .* is still used\\.$`));
  expect(await heardAfter(heard, () => rmSync(path))).toEqual([
    `${before} | ${path} is gone. What it held before is still used.`,
  ]);
  expect((await contexts.open('one')) === one).toBe(true);
  expect(await heardAfter(heard, () => writeFileSync(path, config('one')))).toEqual(['one']);
  expect((await contexts.open('one')) === one).toBe(true);
});

test('a second file, one behind a link and one in a folder that comes later are watched too', async () => {
  const folder = folderOf();
  mkdirSync(join(folder, 'real'));
  const [first, link, late] = [join(folder, 'first'), join(folder, 'link'), join(folder, 'later', 'config')];
  writeFileSync(first, config('one'));
  writeFileSync(join(folder, 'real', 'v1'), config('two'));
  writeFileSync(join(folder, 'real', 'v2'), config('three'));
  symlinkSync(join('real', 'v1'), link);
  const { contexts, heard } = setUp([first, link, late].join(delimiter));
  await contexts.open('one');
  await watching(heard, (round) => writeFileSync(first, config(`one extra${round}`)));
  await heardAfter(heard, () => writeFileSync(first, config('one')));

  expect(await heardAfter(heard, () => writeFileSync(join(folder, 'real', 'v1'), config('deux')))).toEqual([
    'one deux',
  ]);
  expect(
    await heardAfter(heard, () => {
      symlinkSync(join('real', 'v2'), join(folder, 'swap'));
      renameSync(join(folder, 'swap'), link);
    }),
  ).toEqual(['one three']);
  await heardAfter(heard, () => {
    mkdirSync(join(folder, 'later'));
    writeFileSync(late, config('four'));
  });
  expect(heard.at(-1)).toBe('one three four');
  expect(await heardAfter(heard, () => writeFileSync(late, config('vier')))).toEqual(['one three vier']);
});
