import { expect, test } from 'vitest';
import { readNames } from '../../../src/engine/names.ts';
import { namespacesResource } from '../../../src/engine/permitted.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { transportOf } from '../cluster/fake-transport.ts';

const pods = { ...namespacesResource, resource: 'pods', kind: 'Pod', namespaced: true };

const list = (...names: readonly string[]) => ({ items: names.map((name) => ({ metadata: { name } })) });

/** A server where only these paths may be listed. */
const serverOf = (allowed: Readonly<Record<string, unknown>>) =>
  transportOf(({ path }) => {
    const answer = allowed[path];
    if (answer === undefined) throw new ClusterError('forbidden', `forbidden: ${path}`);
    return answer;
  });

test('names are in order, and what cannot be typed is left out', async () => {
  const { transport } = serverOf({ '/api/v1/pods': list('b', 'a', 'x\u001b[2J', 'y\nz', '') });
  expect(await readNames(transport, pods, [])).toEqual(['a', 'b']);
});

test('names of one namespace are read there, also by who may not list everywhere', async () => {
  const { transport } = serverOf({ '/api/v1/namespaces/shop/pods': list('b', 'a') });
  expect(await readNames(transport, pods, [], 'shop')).toEqual(['a', 'b']);
  await expect(readNames(transport, pods, ['shop'], 'pay')).rejects.toMatchObject({ code: 'forbidden' });
});

test('who may not list everywhere gets the names of known namespaces, and these instead of all', async () => {
  const { transport } = serverOf({
    '/api/v1/namespaces/shop/pods': list('b', 'c'),
    '/api/v1/namespaces/pay/pods': list('a', 'b'),
  });
  expect(await readNames(transport, pods, ['shop', 'other', 'pay'])).toEqual(['a', 'b', 'c']);
  expect(await readNames(transport, namespacesResource, ['shop', 'pay'])).toEqual(['pay', 'shop']);
});

test('who may list nowhere is told so', async () => {
  const { transport } = serverOf({});
  await expect(readNames(transport, pods, ['shop'])).rejects.toMatchObject({
    code: 'forbidden',
    message: 'forbidden: /api/v1/pods',
  });
  await expect(readNames(transport, { ...pods, namespaced: false }, ['shop'])).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('at most eight namespaces are asked about', async () => {
  const { transport, asked } = serverOf({ '/api/v1/namespaces/n0/pods': list('a') });
  await readNames(
    transport,
    pods,
    Array.from({ length: 40 }, (_, index) => `n${index}`),
  );
  expect(asked).toHaveLength(9);
});
