import { expect, test } from 'vitest';
import type { Reply } from '../../../src/protocol/wire.ts';
import { createDispatch } from '../../../src/rpc/dispatch.ts';
import { ClusterError } from '../../../src/util/error.ts';

const setUp = () => {
  const replies: Reply[] = [];
  const problems: string[] = [];
  const handlers = {
    contexts: () => ({ current: 'lab', contexts: [], problems: [] }),
    'view.close': () => {
      throw new ClusterError('not-found', 'no view 3', { hint: 'open one' });
    },
    health: () => {
      throw new TypeError('a bug');
    },
  };
  const dispatch = createDispatch({
    find: async (method) => (Object.hasOwn(handlers, method) ? handlers[method as keyof typeof handlers] : undefined),
    client: 1,
    reply: (reply) => replies.push(reply),
    onProblem: (text) => problems.push(text),
  });
  return { dispatch, replies, problems };
};

test('a request is answered under its id', async () => {
  const { dispatch, replies } = setUp();
  await dispatch({ id: 4, method: 'contexts', params: {} });
  expect(replies).toEqual([{ type: 'reply', id: 4, ok: { current: 'lab', contexts: [], problems: [] } }]);
});

test('an expected failure crosses with code, message and hint', async () => {
  const { dispatch, replies } = setUp();
  await dispatch({ id: 5, method: 'view.close', params: { view: 3 } });
  expect(replies[0]).toMatchObject({ id: 5, error: { code: 'not-found', message: 'no view 3', hint: 'open one' } });
});

test('a bug is answered too', async () => {
  const { dispatch, replies } = setUp();
  await dispatch({ id: 6, method: 'health' });
  expect(replies[0]).toMatchObject({ error: { code: 'internal', message: 'a bug' } });
});

test.each([['__proto__'], ['toString'], ['no.such']])(
  'the unknown method %s is refused, not looked up',
  async (method) => {
    const { dispatch, replies } = setUp();
    await dispatch({ id: 7, method });
    expect(replies[0]).toMatchObject({ error: { code: 'unsupported' } });
  },
);

test.each([[null], ['text'], [7], [{}], [{ id: 'x', method: 3 }]])(
  'the malformed message %j is reported and harmless',
  async (message) => {
    const { dispatch, replies, problems } = setUp();
    await dispatch(message);
    expect(replies).toEqual([]);
    expect(problems).toHaveLength(1);
  },
);

test('a failure without an id is reported, not replied', async () => {
  const { dispatch, replies, problems } = setUp();
  await dispatch({ id: 0, method: 'view.close' });
  expect(replies).toEqual([]);
  expect(problems).toEqual(['view.close']);
});
