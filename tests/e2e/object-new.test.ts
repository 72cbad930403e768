/** New objects from buffers, copies, and what else is done from an object's own text. */
import { expect, test } from 'vitest';
import { marked, ownRoom, textOf, write, written } from './object-support.ts';
import { create, kubectl, openTable, putCursorOn, quietPod, withEditor } from './support.ts';

const room = ownRoom();

test(':Kubectl new begins a text with the cursor on its name; problems are on their lines; :w makes it, then it is live', () =>
  withEditor(async (editor) => {
    await editor.command(`Kubectl new deployment -n ${room.namespace}`);
    await editor.shows('kind: Deployment');
    expect(await editor.lua('return vim.api.nvim_get_current_line()')).toMatch(/^ {2}name: ?$/);
    await editor.command('write');
    await editor.reports('The object has no name yet.');
    await editor.keys('A cart # ours<Esc>');
    await editor.command('write');
    expect((await marked(editor))[0]).toContain('image: ""');
    await editor.command('%s/image: ""/image: example\\/main/');
    await editor.command('%s/replicas: 1/replicas: 0/');
    await editor.command('write');
    await editor.shows('[y] create');
    await editor.shows('server dry run: accepted');
    expect(await room.get('deployment/cart', '{.metadata.name}')).toBe('');
    await editor.keys('y');
    await editor.shows('● live', 20_000);
    await written(editor);
    expect(await room.get('deployment/cart', '{.spec.template.spec.containers[0].image}')).toBe('example/main');
    expect(await textOf(editor)).toContain('name: cart # ours');
    expect(await editor.lua('return vim.api.nvim_buf_get_name(0)')).toBe(
      `kubectl://${room.context}/${room.namespace}/deployments.apps/cart`,
    );
    await kubectl(['label', 'deployment', 'cart', 'tier=after', '-n', room.namespace]);
    await editor.shows('tier: after');
    await editor.command('%s/replicas: 0/replicas: 1/');
    await editor.command('write');
    await editor.shows('~ spec.replicas: 0 → 1');
    await editor.keys('n');
  }));

test('a name nobody has is a new object’s; one that was taken meanwhile is said, never touched', () =>
  withEditor(async (editor) => {
    await editor.command(`new kubectl://${room.context}/${room.namespace}/configmaps/taken`);
    await editor.shows('+ new');
    await editor.until('the text', async () => (await textOf(editor)).includes('  name: taken'));
    await kubectl(['create', 'configmap', 'taken', '-n', room.namespace, '--from-literal=key=theirs']);
    await editor.command('%s/key: value/key: mine/');
    await editor.command('write');
    await editor.shows('configmaps/taken');
    await editor.shows('exists already');
    await editor.keys('y');
    await editor.shows('key: theirs');
    expect(await room.get('configmap/taken', '{.data.key}')).toBe('theirs');
  }));

test(':Kubectl edit opens the object’s own text; a name nobody has is a mistake', () =>
  withEditor(async (editor) => {
    await create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'edited', namespace: room.namespace },
      data: { colour: 'red' },
    });
    await editor.command(`Kubectl edit configmap edited -n ${room.namespace}`);
    await editor.shows('colour: red');
    await editor.command('%s/red/blue/');
    await editor.command('write');
    await editor.shows('~ data.colour: red → blue');
    await editor.keys('y');
    await written(editor);
    expect(await room.get('configmap/edited', '{.data.colour}')).toBe('blue');
    await editor.command(`Kubectl edit configmap editd -n ${room.namespace}`);
    await editor.shows('configmaps "editd" not found');
    await editor.shows('To make it: :Kubectl new');
  }));

test('kinds without a skeleton of ours begin with what their schema requires', () =>
  withEditor(async (editor) => {
    await editor.command('Kubectl new runtimeclass sandbox');
    await editor.shows('kind: RuntimeClass');
    expect(await textOf(editor)).toContain('handler:');
    await editor.command('enew');
    await editor.command(`Kubectl new replicaset twin -n ${room.namespace}`);
    await editor.shows('kind: ReplicaSet');
    expect(await textOf(editor)).toContain('selector:');
  }));

test('gN copies an object without what belongs to that one; values of a secret go along unseen', () =>
  withEditor(async (editor) => {
    await kubectl(['create', 'secret', 'generic', 'first', '-n', room.namespace, '--from-literal=word=hush']);
    await openTable(editor, `get secrets -n ${room.namespace}`);
    await putCursorOn(editor, 'first');
    await editor.keys('gN');
    await editor.shows('name: first-copy');
    const text = await textOf(editor);
    expect(text).not.toMatch(/\b(uid|resourceVersion|creationTimestamp)\b|aHVzaA|hush/);
    expect(text).toContain('word: "***"');
    await editor.keys('Csecond<Esc>');
    await write(editor, 'create');
    await editor.shows('● live', 20_000);
    expect(await room.get('secret/second', '{.data.word}')).toBe(Buffer.from('hush').toString('base64'));
    expect(await room.get('secret/first', '{.metadata.name}')).toBe('first');
  }));

test('from a text: gD deletes its object, and nothing of a copy that was not made; :w! makes it again', () =>
  withEditor(async (editor) => {
    await create(quietPod(room.namespace, 'doomed', { app: 'doomed' }));
    const uid = await room.get('pod/doomed', '{.metadata.uid}');
    await editor.command(`edit kubectl://${room.context}/${room.namespace}/pods/doomed`);
    await editor.shows('● live', 20_000);
    await editor.keys('gN');
    await editor.shows('name: doomed-copy');
    await editor.keys('gD');
    await editor.reports('Nothing was done');
    expect(await room.get('pod/doomed', '{.metadata.uid}')).toBe(uid);
    await editor.command('tabclose!');
    await editor.keys('gD');
    await editor.shows(/Delete pods? doomed/);
    await editor.keys('y');
    await editor.shows('✕ deleted');
    expect(await room.get('pod/doomed', '{.metadata.uid}')).toBe('');
    await editor.command('%s/app: doomed/app: risen/');
    await editor.command('write');
    await editor.reports('`:w!` makes it again');
    await editor.command('write!');
    await editor.shows('[y] create');
    await editor.keys('y');
    await editor.shows('● live', 20_000);
    expect(await room.get('pod/doomed', '{.metadata.labels.app}')).toBe('risen');
    expect(await room.get('pod/doomed', '{.metadata.uid}')).not.toBe(uid);
  }));

test('from a text: its description, its events, its owner, its menu; a description leads on', () =>
  withEditor(async (editor) => {
    await kubectl(['create', 'deployment', 'web', '-n', room.namespace, '--image=example/main', '--replicas=1']);
    const name = async () => await kubectl(['get', 'pods', '-n', room.namespace, '-l', 'app=web', '-o', 'name']);
    await editor.until('a pod', async () => (await name()) !== '');
    const pod = (await name()).trim().replace('pod/', '');
    await editor.command(`edit kubectl://${room.context}/${room.namespace}/pods/${pod}`);
    await editor.shows('● live', 20_000);
    await editor.keys('gd');
    await editor.until('the description', async () => /Controlled By/.test(await textOf(editor)), 20_000);
    await editor.command('/^Containers:/+1');
    await editor.keys('zc');
    expect(await editor.lua(`return vim.fn.foldclosed('.') > 0`)).toBe(true);
    await editor.keys('zo');
    await editor.command('/Controlled By/');
    await editor.keys('gd');
    await editor.until('the owner', async () => /^Selector:/m.test(await textOf(editor)), 20_000);
    // Its lines may be there before the answer that says of what they are.
    const called = (): Promise<string> => editor.lua('return vim.api.nvim_buf_get_name(0)');
    await editor.until('its name', async () => /replicasets\.apps.*web-/.test(await called()));
    await editor.keys('q');
    await editor.keys('q');
    await editor.keys('ga');
    await editor.shows('delete…');
    await editor.keys('<Esc>');
    await editor.keys('gO');
    await editor.until(
      'the table of the owner',
      async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_replicasets',
    );
    await editor.shows(/web-/);
    await room.edit(editor, 'pods', pod);
    await editor.keys('gv');
    await editor.until('its events', async () => (await editor.lua('return vim.bo.filetype')) === 'k8s_events');
  }));
