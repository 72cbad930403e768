import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkpoint } from '../../../src/journal/checkpoint.ts';
import type { Begun } from '../../../src/journal/entry.ts';
import { Journal } from '../../../src/journal/journal.ts';
import { migrate, migrations } from '../../../src/journal/schema.ts';
import { stateFolder } from '../../../src/journal/state-file.ts';

let root: string;
let folder: string;
const open: Journal[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kubectl-live-journal-'));
  folder = join(root, 'state', 'kubectl-live');
});
afterEach(() => {
  for (const journal of open.splice(0)) journal.dispose();
  rmSync(root, { recursive: true, force: true });
});

const start = (): Journal => {
  const journal = new Journal(folder);
  open.push(journal);
  return journal;
};

const begun = (name: string, more: Partial<Begun> = {}): Begun => ({
  at: 1_000,
  batch: 'b',
  context: 'prod',
  user: 'jane',
  action: 'scale',
  target: {
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    kind: 'Deployment',
    namespace: 'shop',
    name,
    uid: 'u',
  },
  command: `kubectl scale ${name}`,
  ...more,
});

const web = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', resourceVersion: String(replicas) },
  spec: { replicas },
});

test('an entry is there before the request and complete after it; it is there for the next editor', () => {
  const journal = start();
  const id = journal.begin(begun('web'));
  expect(journal.list(10)).toEqual([{ ...begun('web'), id, state: 'started', message: '' }]);
  journal.finish(id, { ok: true, message: '3 → 5', change: { kind: 'update', before: web(3), after: web(5) } });
  const second = journal.begin(begun('other', { reverts: id }));
  journal.finish(second, { ok: false, message: 'forbidden' });
  journal.reverted(id, second);
  const entries = start().list(10);
  expect(entries.map((entry) => [entry.id, entry.state, entry.message, entry.revertedBy, entry.reverts])).toEqual([
    [second, 'failed', 'forbidden', undefined, id],
    [id, 'done', '3 → 5', second, undefined],
  ]);
  expect(start().read(id)).toMatchObject({
    change: 'update',
    before: { spec: { replicas: 3 } },
    after: { spec: { replicas: 5 } },
    reverse: [
      { op: 'test', path: '/spec/replicas', value: 5 },
      { op: 'replace', path: '/spec/replicas', value: 3 },
    ],
  });
});

test('listeners hear of each change', () => {
  const journal = start();
  let heard = 0;
  const end = journal.onChange(() => {
    heard += 1;
  });
  const id = journal.begin(begun('web'));
  journal.finish(id, { ok: true, message: '' });
  end();
  journal.begin(begun('web'));
  expect(heard).toBe(2);
});

test('neither values of secrets nor applied configurations are in any of its files', () => {
  const journal = start();
  const applied = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"key":"SuperSecret1"}}' };
  const secret = (value: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's', annotations: { ...applied, kept: 'yes' } },
    data: { key: value },
    stringData: { plain: `${value}Plain` },
  });
  const update = journal.begin(begun('s'));
  const [before, after] = [secret('SuperSecret1'), secret('SuperSecret2')];
  journal.finish(update, { ok: true, message: '', change: { kind: 'update', before, after } });
  const gone = journal.begin(begun('s'));
  journal.finish(gone, { ok: true, message: '', change: { kind: 'delete', before, dependents: [after] } });
  const made = journal.begin(begun('s'));
  journal.finish(made, { ok: true, message: '', change: { kind: 'create', after } });
  expect(journal.read(update)).toMatchObject({ lost: ['/data/key', '/stringData/plain'], reverse: [] });
  expect(journal.read(gone)?.before).toMatchObject({
    data: { key: '***' },
    metadata: { annotations: { kept: 'yes' } },
  });
  for (const file of readdirSync(folder)) {
    expect(readFileSync(join(folder, file)).includes('SuperSecret'), file).toBe(false);
  }
});

test('its files are the user’s alone, also in a folder that was open', () => {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const journal = start();
  journal.begin(begun('web'));
  expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
  for (const file of readdirSync(folder)) {
    expect((statSync(join(folder, file)).mode & 0o777).toString(8), file).toBe('600');
  }
});

test('a link in place of the file or the folder is refused', () => {
  mkdirSync(join(root, 'elsewhere'), { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  symlinkSync(join(root, 'elsewhere', 'x'), join(folder, 'journal.sqlite'));
  expect(start).toThrow('is a link');
  rmSync(folder, { recursive: true });
  symlinkSync(join(root, 'elsewhere'), folder);
  expect(start).toThrow('is no folder of its own');
});

test('a newer plugin’s journal is left alone; an older one is brought forward with its entries', () => {
  start().begin(begun('web'));
  const database = new DatabaseSync(join(folder, 'journal.sqlite'));
  migrate(database, [...migrations, 'ALTER TABLE entries ADD COLUMN note TEXT']);
  expect(database.prepare('SELECT note, command FROM entries').all()).toMatchObject([
    { note: null, command: 'kubectl scale web' },
  ]);
  database.close();
  expect(start).toThrow('was written by a newer plugin');
});

test('a script that fails leaves the database as it was', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  expect(() => migrate(database, [...migrations, 'CREATE TABLE t (x); SELECT nonsense'])).toThrow();
  expect(database.prepare('SELECT name FROM sqlite_master').all()).toHaveLength(1);
  database.close();
});

test('the log is moved into the database beside the work, and what was in it is still there', async () => {
  const journal = start();
  for (let index = 0; index < 100; index += 1) {
    journal.finish(journal.begin(begun(`web-${index}`)), { ok: true, message: '' });
  }
  const size = statSync(journal.file).size;
  await checkpoint(journal.file);
  expect(statSync(journal.file).size).toBeGreaterThan(size);
  expect(journal.list(200)).toHaveLength(100);
  await checkpoint(join(folder, 'nowhere', 'none'));
});

test('a backend that is killed between the request and its answer leaves the line, and nothing broken', () => {
  const module = new URL('../../../src/journal/journal.ts', import.meta.url).href;
  const script = `
    import { Journal } from ${JSON.stringify(module)};
    const journal = new Journal(process.argv[1]);
    journal.finish(journal.begin(${JSON.stringify(begun('first'))}), { ok: true, message: 'done' });
    journal.begin(${JSON.stringify(begun('second'))});
    process.kill(process.pid, 'SIGKILL');`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script, folder]);
  expect(signal).toBe('SIGKILL');
  expect(
    start()
      .list(10)
      .map(({ state, target }) => [target.name, state]),
  ).toEqual([
    ['second', 'started'],
    ['first', 'done'],
  ]);
});

test('two backends write into one journal', async () => {
  const [one, two] = [start(), start()];
  const version = one.version();
  for (let index = 0; index < 20; index += 1) {
    for (const journal of [one, two]) journal.finish(journal.begin(begun(`web-${index}`)), { ok: true, message: '' });
  }
  expect(one.list(100)).toHaveLength(40);
  expect(two.list(100)).toEqual(one.list(100));
  expect(one.version()).not.toBe(version);
});

test('where it is', () => {
  expect(stateFolder({ XDG_STATE_HOME: '/s', HOME: '/h' })).toBe('/s/kubectl-live');
  for (const chosen of ['', 'relative']) {
    expect(stateFolder({ XDG_STATE_HOME: chosen, HOME: '/h' })).toBe('/h/.local/state/kubectl-live');
  }
});

test('an entry costs main far less than a frame', () => {
  const journal = start();
  const object = { ...web(3), filler: 'x'.repeat(8_000) };
  const times = Array.from({ length: 200 }, () => {
    const from = performance.now();
    journal.finish(journal.begin(begun('web')), {
      ok: true,
      message: '3 → 5',
      change: { kind: 'update', before: object, after: { ...object, spec: { replicas: 5 } } },
    });
    return performance.now() - from;
  }).sort((a, b) => a - b);
  expect(times[100]).toBeLessThan(4);
});
