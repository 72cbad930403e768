/** `:w` past those whom the server asks before it takes a text: a policy that denies, a webhook that does not answer. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Editor } from '../lua/harness.ts';
import { ask, told } from './acting.ts';
import { marked, ownRoom, problemCount, replace, stays, write, written } from './object-support.ts';
import { create, kubectl, openTable, putCursorOn, withEditor } from './support.ts';

const room = ownRoom();
const group = 'admissionregistration.k8s.io/v1';

/** Changes of config maps of this file's namespace: nobody else is asked about. */
const rules = (more: object = {}) => [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['configmaps'], ...more },
];
const here = () => ({ matchLabels: { 'kubernetes.io/metadata.name': room.namespace } });

const cleared = { a: 'free' };

/** Waits until a change of a key of a config map is answered so: what is registered is heard of moments later. */
const answered = (name: string, value: string, answer: RegExp): Promise<void> =>
  expect
    .poll(
      () =>
        kubectl([
          ...['patch', 'configmap', name, '-n', room.namespace, '--dry-run=server'],
          `--patch=${JSON.stringify({ data: { a: value } })}`,
        ]).catch(({ stderr }: { stderr: string }) => stderr),
      { timeout: 30_000 },
    )
    .toMatch(answer);

const said = (editor: Editor): Promise<string> =>
  editor.lua(`return table.concat(require('kubectl.report').history, '\\n')`);

test('what a policy denies is told by its own words, before it is asked about or after, and nothing is lost', async () => {
  const policy = `no-gold-${room.namespace}`;
  const message = 'gold is not for this shop';
  await create(room.map('plated', cleared), room.map('gilded', { a: 'gold' }));
  const body = async (editor: Editor): Promise<void> => {
    await room.edit(editor, 'configmaps', 'plated');
    await replace(editor, 'a: free', 'a: gold');
    await editor.command('write');
    await editor.shows('~ data.a: free → gold');
    try {
      await create(
        {
          apiVersion: group,
          kind: 'ValidatingAdmissionPolicy',
          metadata: { name: policy },
          spec: {
            matchConstraints: { resourceRules: rules() },
            validations: [{ expression: "object.data.a != 'gold'", message }],
          },
        },
        {
          apiVersion: group,
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata: { name: policy },
          spec: { policyName: policy, validationActions: ['Deny'], matchResources: { namespaceSelector: here() } },
        },
      );
      await answered('plated', 'gold', new RegExp(message));
      // It came between the plan and the answer.
      await editor.keys('y');
      await editor.reports(`ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: ${message}`);
      await editor.reports('Your text is still here');
      await stays(editor, 'a: gold');
      await editor.command('write');
      const [line, problem] = await marked(editor);
      expect(line.trim()).toBe('a: gold');
      expect(problem).toContain(message);
      await editor.reports('The lines are marked');
      await stays(editor, 'a: gold');
      expect(await room.value('plated', 'a')).toBe('free');
      await replace(editor, 'a: gold', 'a: silver');
      await write(editor);
      await written(editor);
      expect(await problemCount(editor)).toBe(0);
      expect(await room.value('plated', 'a')).toBe('silver');
      // Of several objects those are changed whose change is taken.
      await openTable(editor, `get configmaps -n ${room.namespace}`);
      await putCursorOn(editor, 'gilded');
      await editor.keys('<Tab>');
      await putCursorOn(editor, 'plated');
      await editor.keys('<Tab>');
      const patch = {
        by: 'patch…',
        form: ['patch (JSON)', '<Tab><C-u>{"metadata":{"labels":{"x":"y"}}}'],
        tells: 'is patched',
      } as const;
      await ask(editor, 'plated', patch);
      await editor.keys('d');
      const denied = `✗ configmaps/gilded in ${room.namespace}: configmaps "gilded" is forbidden: ValidatingAdmissionPolicy`;
      await told(editor, `Dry run:\n${denied}`);
      await ask(editor, 'plated', patch);
      await editor.keys('y');
      await told(editor, denied);
      const failed = await editor.lua<{ text: string }[]>('return vim.fn.getqflist()');
      expect(failed.map(({ text }) => text)).toEqual([expect.stringContaining(message)]);
      expect(await room.get('configmaps', '{.items[?(@.metadata.labels.x=="y")].metadata.name}')).toBe('plated');
    } finally {
      await kubectl(['delete', `validatingadmissionpolicybinding,validatingadmissionpolicy`, policy]);
    }
  };
  // Room for the questions beside what was told.
  await withEditor(body, undefined, { columns: 120, rows: 40 });
});

test('a webhook that takes a request and never answers it: the editor does not wait, the text stays', async () => {
  const name = `deaf-${room.namespace}`;
  await create(room.map('waiting', cleared));
  const sockets = new Set<Socket>();
  const deaf = createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(deaf, 'listening');
  try {
    await create({
      apiVersion: group,
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name },
      webhooks: [
        {
          name: 'deaf.example.com',
          clientConfig: { url: `https://127.0.0.1:${(deaf.address() as AddressInfo).port}/` },
          rules: rules(),
          namespaceSelector: here(),
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          timeoutSeconds: 1,
        },
      ],
    });
    await answered('waiting', 'taken', /failed calling webhook/);
    await withEditor(async (editor) => {
      await room.edit(editor, 'configmaps', 'waiting');
      await replace(editor, 'a: free', 'a: taken');
      const heard = sockets.size;
      await editor.command('write');
      await editor.until('the webhook to be asked', () => sockets.size > heard);
      // The server waits; who types does not.
      await editor.keys('Go# typed meanwhile<Esc>');
      await editor.shows('# typed meanwhile');
      await editor.until('an answer', async () => /failed calling|text changed while/.test(await said(editor)));
      // The next one may be told of in the same words.
      await editor.lua(`require('kubectl.report').history = {}`);
      await editor.command('write');
      await editor.reports('failed calling webhook "deaf.example.com"');
      await editor.reports('context deadline exceeded');
      await editor.reports('Your text is still here: :w tries again.');
      // No line of it is to blame.
      expect(await problemCount(editor)).toBe(0);
      await stays(editor, 'a: taken');
      expect(await room.value('waiting', 'a')).toBe('free');
      await kubectl(['delete', 'validatingwebhookconfiguration', name]);
      await answered('waiting', 'taken', /patched/);
      await write(editor);
      await written(editor);
      expect(await room.value('waiting', 'a')).toBe('taken');
    });
  } finally {
    await kubectl(['delete', 'validatingwebhookconfiguration', name, '--ignore-not-found']);
    for (const socket of sockets) socket.destroy();
    deaf.close();
  }
});
