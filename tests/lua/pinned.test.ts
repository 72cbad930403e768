/** A table stays where it was opened, and a new backend is told where the user was. */
import { afterEach, expect, test } from 'vitest';
import { line, Refusal, type Stage, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const chosen = (method: 'use_context' | 'use_namespaces', argument: string | string[]) =>
  stage.editor.lua(`require('kubectl').${method}(...)`, argument);

/** What was asked of the second backend, in order. */
const afterRestart = () => {
  const methods = stage.backend.requests.map(({ method }) => method);
  return methods.slice(methods.lastIndexOf('hello') + 1);
};

test('a table opened without a context stays in the one it was opened in', async () => {
  stage = await startTable([line('a', 'row a')]);
  expect(stage.backend.all('view.open')[0]?.query).toEqual({ resource: 'pods' });
  await chosen('use_context', 'staging');
  await chosen('use_namespaces', ['pay']);
  await stage.backend.asked('namespace.use');
  stage.backend.kill();
  await stage.editor.shows('✕ backend ended');
  await stage.editor.keys('gr');
  const { query } = await stage.backend.asked('view.open', 2);
  expect(query).toMatchObject({ resource: 'pods', context: 'prod', namespaces: ['shop'] });
});

test('namespaces chosen for a table are those it comes back with', async () => {
  stage = await startTable([line('a', 'row a')]);
  await stage.editor.command('Kubens pay,ship');
  await stage.backend.asked('view.update');
  await chosen('use_namespaces', ['other']);
  await stage.backend.asked('namespace.use', 2);
  stage.backend.kill();
  await stage.editor.shows('✕ backend ended');
  await stage.editor.keys('gr');
  const { query } = await stage.backend.asked('view.open', 2);
  expect(query).toMatchObject({ resource: 'pods', context: 'prod', namespaces: ['pay', 'ship'] });
});

test('a table opened with a filter, wide, comes back without them when they were taken off', async () => {
  stage = await startTable([line('a', 'row a')]);
  await stage.editor.lua(`require('kubectl').open({ resource = 'pods', filter = 'cart', wide = true })`);
  const first = await stage.backend.asked('view.open', 2);
  expect(first.query).toMatchObject({ filter: 'cart', wide: true });
  const view = `require('kubectl.view')`;
  await stage.editor.until('it is open', () => stage.editor.lua<boolean>(`return ${view}.of(0).ready`));
  await stage.editor.lua(`${view}.update(${view}.of(0), { filter = '', wide = false })`);
  stage.backend.kill();
  await stage.editor.shows('✕ backend ended');
  await stage.editor.keys('gr');
  await stage.backend.asked('view.open', 4);
  const again = stage.backend.all('view.open').filter((each, index) => index > 1 && each.view === first.view);
  expect(again[0]?.query).toMatchObject({ resource: 'pods', context: 'prod' });
  expect(Object.keys(again[0]?.query ?? {})).not.toEqual(expect.arrayContaining(['filter']));
  expect(Object.keys(again[0]?.query ?? {})).not.toEqual(expect.arrayContaining(['wide']));
});

test('a table that slept wakes where it was', async () => {
  stage = await startTable([line('a', 'row a')]);
  await chosen('use_context', 'staging');
  await stage.backend.asked('context.use');
  await stage.editor.lua(`require('kubectl.view').of(0).asleep = true`);
  await stage.editor.command('enew | buffer #');
  const { query } = await stage.backend.asked('view.open', 2);
  expect(query).toMatchObject({ context: 'prod', namespaces: ['shop'] });
});

test('a new backend hears the chosen context, then its namespaces, before anything else', async () => {
  stage = await startTable([line('a', 'row a')], { setup: `default_namespace = 'from-setup'` });
  stage.backend.on('context.use', async ({ context }) => ({ context, namespaces: ['theirs'] }));
  await chosen('use_context', 'staging');
  await stage.backend.asked('context.use');
  await chosen('use_namespaces', ['pay']);
  await stage.backend.asked('namespace.use', 2);
  // Messages arrive in order: what is shown now came after the answer.
  stage.backend.state(1, { right: 'answered' });
  await stage.editor.shows('answered');
  let answer = (): void => undefined;
  stage.backend.on('context.use', async ({ context }) => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { context, namespaces: ['theirs'] };
  });
  stage.backend.kill();
  await stage.editor.shows('✕ backend ended');
  await stage.editor.command('Kubectl');
  await stage.backend.asked('context.use', 2);
  await stage.editor.lua('return 1');
  expect(afterRestart()).toEqual(['context.use']);
  answer();
  await stage.backend.asked('contexts', 2);
  expect(afterRestart().slice(0, 4)).toEqual(['context.use', 'namespace.use', 'view.open', 'contexts']);
  expect(stage.backend.all('context.use').at(-1)).toEqual({ context: 'staging' });
  expect(stage.backend.all('namespace.use').at(-1)).toEqual({ namespaces: ['pay'] });
});

test('a refused context is not remembered', async () => {
  stage = await startTable([line('a', 'row a')]);
  stage.backend.on('context.use', () => {
    throw new Refusal({ code: 'not-found', message: 'there is no context staging' });
  });
  await chosen('use_context', 'staging');
  await stage.editor.reports('there is no context staging');
  stage.backend.kill();
  await stage.editor.shows('✕ backend ended');
  await stage.editor.keys('gr');
  await stage.backend.asked('view.open', 2);
  expect(afterRestart()).toEqual(['view.open']);
});
