import { expect, test } from 'vitest';
import { createPrograms } from '../../../src/native/kubectl-process.ts';

/** A kubectl that says this on stderr and fails. */
const failing = (stderr: string) => {
  const programs = createPrograms(process.execPath);
  const script = `console.error(${JSON.stringify(stderr)}); process.exit(1)`;
  return programs.run(['-e', script], { what: 'describe pods default/web', env: { NODE_OPTIONS: '' } });
};

test.for([
  ['Error from server (NotFound): pods "web" not found', 'not-found', 'pods "web" not found'],
  ['Error from server (Forbidden): pods "web" is forbidden: no', 'forbidden', 'pods "web" is forbidden: no'],
  [
    'error: You must be logged in to the server (Unauthorized)\n',
    'unauthorized',
    'You must be logged in to the server (Unauthorized)',
  ],
  [
    'The connection to the server a:1 was refused - did you specify the right host or port?\n',
    'unreachable',
    undefined,
  ],
  ['Unable to connect to the server: dial tcp: lookup a: no such host', 'unreachable', undefined],
  ['error: the server doesn\'t have a resource type "widgets"', 'unsupported', undefined],
  ['Error from server (Conflict): the object has been modified', 'conflict', undefined],
  ['error: timed out waiting for the condition', 'timeout', undefined],
  ['error: what is this?', 'internal', 'what is this?'],
  ['', 'internal', 'kubectl ended with exit code 1'],
] as const)('it says “%s”', async ([stderr, code, text]) => {
  const message = text === undefined ? expect.anything() : `cannot describe pods default/web: ${text}`;
  await expect(failing(stderr)).rejects.toMatchObject({ code, message });
});

test('a program that does not exist', async () => {
  const call = createPrograms('/nowhere/kubectl').run([], { what: 'ask', env: {} });
  await expect(call).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('/nowhere/kubectl'),
  });
});

test('lines come as they are written, the last also without its end', async () => {
  const lines: string[] = [];
  const script = 'process.stdout.write("a\\nb"); process.stdout.write("c\\nd")';
  const text = await createPrograms(process.execPath).run(['-e', script], {
    what: 'ask',
    env: { NODE_OPTIONS: '' },
    onLine: (line, stream) => lines.push(`${stream} ${line}`),
  });
  expect(text).toBe('a\nbc\nd');
  expect(lines).toEqual(['out a', 'out bc', 'out d']);
});
