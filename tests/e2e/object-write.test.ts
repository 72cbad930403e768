/** Writing an object's text on a real API server: every way it can go. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discover } from '../../src/cluster/discovery.ts';
import type { Transport } from '../../src/cluster/transport.ts';
import { type Json, type JsonMap, pathText } from '../../src/objects/json.ts';
import { type Showing, shownOf } from '../../src/objects/shown.ts';
import { objectText } from '../../src/objects/text.ts';
import { carryOut, type Draft, planWrite, uidIn, type WritePlan, type Writer } from '../../src/objects/write.ts';
import { resourcePath, type Target } from '../../src/protocol/resource.ts';
import { labTransport, makeNamespace, mergePatch } from './parity/lab-api.ts';

const plain: Showing = { all: false, secret: false };

let api: Transport;
let writer: Writer;
let namespace: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  api = await labTransport();
  writer = { transport: api, now: Date.now };
  ({ name: namespace, remove } = await makeNamespace(api, 'write'));
});

afterAll(async () => {
  await remove();
  api.dispose();
});

const targetOf = async (typed: string, name: string): Promise<Target> => {
  const resource = (await discover(api)).find(typed);
  return { context: 'lab', resource, namespace: resource.namespaced ? namespace : '', name };
};

const pathOf = ({ resource, namespace: inside, name }: Target): string => resourcePath(resource, inside, name);

const read = (target: Target): Promise<JsonMap> => api.json<JsonMap>({ path: pathOf(target) });

/** Applied by another manager, as `kubectl apply --server-side` does. */
const applyAs = (manager: string, target: Target, object: object): Promise<JsonMap> =>
  api.json<JsonMap>({
    method: 'PATCH',
    path: pathOf(target),
    query: { fieldManager: manager, force: 'true' },
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify({
      apiVersion: target.resource.group === '' ? 'v1' : `${target.resource.group}/${target.resource.version}`,
      kind: target.resource.kind,
      metadata: { name: target.name, namespace },
      ...object,
    }),
  });

const deployment = (replicas: number, image = 'example/main:1'): object => ({
  spec: {
    replicas,
    selector: { matchLabels: { app: 'cart' } },
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: {
        schedulerName: 'nobody',
        containers: [
          {
            name: 'main',
            image,
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
        ],
      },
    },
  },
});

/** A fresh deployment of kubectl's, and its text. */
const cart = async (replicas = 0): Promise<{ target: Target; draft: Draft }> => {
  const target = await targetOf('deployments', `cart-${randomBytes(3).toString('hex')}`);
  const base = await applyAs('kubectl', target, deployment(replicas));
  return { target, draft: { target, base, text: objectText(shownOf(base, plain)), showing: plain } };
};

const edited = (draft: Draft, ...changes: readonly (readonly [from: string | RegExp, to: string])[]): Draft => {
  const text = changes.reduce((held, [from, to]) => {
    const after = held.replace(from, to);
    if (after === held) throw new Error(`${from} is not in:\n${held}`);
    return after;
  }, draft.text);
  return { ...draft, text };
};

type Ready = Extract<WritePlan, { kind: 'ready' }>;

const ready = async (draft: Draft): Promise<Ready> => {
  const plan = await planWrite(draft, writer);
  if (plan.kind !== 'ready') throw new Error(`not ready: ${JSON.stringify(plan)}`);
  return plan;
};

const changesOf = ({ changes }: Ready): string[] =>
  changes.map(({ path, before, after }) => `${pathText(path)}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`);

const spec = (object: JsonMap): JsonMap => object.spec as JsonMap;

describe('writing an object', () => {
  test('does nothing where nothing changed, whatever the comments and the order of keys', async () => {
    const { draft } = await cart();
    const commented = edited(draft, ['spec:\n', '# mine\nspec: # here\n']);
    expect(await planWrite(commented, writer)).toMatchObject({ kind: 'unchanged' });
  });

  test('applies what changed, and only that', async () => {
    const { target, draft } = await cart();
    const plan = await ready(edited(draft, ['metadata:\n', 'metadata:\n  annotations:\n    note: hello\n']));
    expect(changesOf(plan)).toEqual(['metadata.annotations.note: undefined → "hello"']);
    expect(plan.conflicts).toEqual([]);
    const after = await carryOut(target, plan, [], writer);
    expect(after).toMatchObject({ metadata: { annotations: { note: 'hello' } } });
    const ours = ((after.metadata as JsonMap).managedFields as JsonMap[]).filter(
      (each) => each.manager === 'kubectl-live',
    );
    expect(ours.map(({ operation, fieldsV1 }) => ({ operation, fieldsV1 }))).toEqual([
      { operation: 'Apply', fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:note': {} } } } },
    ]);
    // What we applied can be taken out again, by apply.
    const base = await read(target);
    const again: Draft = { ...draft, base, text: objectText(shownOf(base, plain)) };
    const back = await ready(edited(again, [/ {4}note: hello\n/, '']));
    expect(back.prepared.map(({ how }) => how)).toEqual(['apply']);
    expect((await carryOut(target, back, [], writer)).metadata).not.toHaveProperty('annotations.note');
  });

  test('names the manager of a field, leaves the field to it, or takes it by force', async () => {
    const { target, draft } = await cart(0);
    const both = edited(
      draft,
      ['replicas: 0', 'replicas: 2'],
      ['metadata:\n', 'metadata:\n  annotations:\n    note: hello\n'],
    );
    const plan = await ready(both);
    expect(plan.conflicts).toEqual([{ field: '.spec.replicas', manager: 'kubectl' }]);
    expect(plan.changes.map(({ path, owners }) => [pathText(path), owners])).toContainEqual([
      'spec.replicas',
      ['kubectl'],
    ]);
    const partly = await carryOut(target, plan, [], writer);
    expect(partly).toMatchObject({ metadata: { annotations: { note: 'hello' } }, spec: { replicas: 0 } });
    const rest = await ready(both);
    expect(changesOf(rest)).toEqual(['spec.replicas: 0 → 2']);
    expect(spec(await carryOut(target, rest, ['.spec.replicas'], writer)).replicas).toBe(2);
  });

  test('refuses to send nothing when every field stays with its owner', async () => {
    const { target, draft } = await cart(0);
    const plan = await ready(edited(draft, ['replicas: 0', 'replicas: 2']));
    await expect(carryOut(target, plan, [], writer)).rejects.toThrow(/every change is of a field another manager has/);
  });

  test('takes out what others have set, in one request', async () => {
    const { target, draft } = await cart();
    const plan = await ready(edited(draft, [/ +- name: B\n +value: "2"\n/, ''], ['replicas: 0', 'replicas: 1']));
    expect(plan.prepared.map(({ how }) => how)).toEqual(['patch']);
    expect(plan.changes.every(({ owners }) => owners.includes('kubectl'))).toBe(true);
    const after = await carryOut(target, plan, [], writer);
    expect(JSON.stringify(after.spec)).not.toContain('"B"');
    expect(spec(after).replicas).toBe(1);
  });

  test('merges what another changed meanwhile elsewhere', async () => {
    const { target, draft } = await cart();
    await applyAs('other', target, { metadata: { name: target.name, namespace, labels: { theirs: 'yes' } } });
    const plan = await ready(edited(draft, ['metadata:\n', 'metadata:\n  annotations:\n    note: mine\n']));
    expect(plan.merged).toBe(true);
    expect(changesOf(plan)).toEqual(['metadata.annotations.note: undefined → "mine"']);
    expect(await carryOut(target, plan, [], writer)).toMatchObject({
      metadata: { annotations: { note: 'mine' }, labels: { theirs: 'yes' } },
    });
  });

  test('stops where another changed the same field meanwhile, and has their version', async () => {
    const { target, draft } = await cart(0);
    await api.json(mergePatch(pathOf(target), { spec: { replicas: 7 } }));
    const plan = await planWrite(edited(draft, ['replicas: 0', 'replicas: 2']), writer);
    expect(plan).toMatchObject({ kind: 'clash', paths: [['spec', 'replicas']], live: { spec: { replicas: 7 } } });
  });

  test('never writes over a change that came between the plan and the write', async () => {
    const { target, draft } = await cart(0);
    const plan = await ready(edited(draft, ['replicas: 0', 'replicas: 2']));
    await api.json(mergePatch(pathOf(target), { spec: { replicas: 7 } }));
    await expect(carryOut(target, plan, ['.spec.replicas'], writer)).rejects.toMatchObject({ code: 'conflict' });
    expect(spec(await read(target)).replicas).toBe(7);
  });

  test('says when the object is gone, or another has its name', async () => {
    const { target, draft } = await cart();
    await api.json({ method: 'DELETE', path: pathOf(target) });
    const change = edited(draft, ['replicas: 0', 'replicas: 2']);
    expect(await planWrite(change, writer)).toMatchObject({
      kind: 'gone',
      message: expect.stringContaining('was deleted'),
    });
    await applyAs('kubectl', target, deployment(0));
    expect(await planWrite(change, writer)).toMatchObject({
      kind: 'gone',
      message: expect.stringContaining('Another object'),
    });
  });

  test('changes the status through its subresource', async () => {
    const target = await targetOf('pods', `quiet-${randomBytes(3).toString('hex')}`);
    const base = await applyAs('kubectl', target, {
      spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'example/main' }] },
    });
    const text = objectText(shownOf(base, plain)).replace('status:\n', 'status:\n  message: by hand\n');
    const plan = await ready({ target, base, text, showing: plain });
    expect(plan.prepared.map(({ subresource }) => subresource)).toEqual(['status']);
    expect(await carryOut(target, plan, [], writer)).toMatchObject({ status: { message: 'by hand' } });
  });
});

describe('a refused write', () => {
  const problems = async (draft: Draft): Promise<string[]> => {
    const plan = await planWrite(draft, writer);
    if (plan.kind !== 'refused') throw new Error(`not refused: ${JSON.stringify(plan)}`);
    const lines = draft.text.split('\n');
    return plan.problems.map(({ line, message }) => `${lines[line]?.trim()} | ${message}`);
  };

  test('puts a value that is not allowed on its line', async () => {
    const { draft } = await cart();
    const [problem] = await problems(edited(draft, ['imagePullPolicy: IfNotPresent', 'imagePullPolicy: Often']));
    expect(problem).toMatch(/^imagePullPolicy: Often \| .*imagePullPolicy: .*Unsupported value: "Often"/);
  });

  test('puts an unknown field and a wrong type on their lines', async () => {
    const { draft } = await cart();
    expect(await problems(edited(draft, ['replicas: 0', 'replicass: 2\n  replicas: 0']))).toEqual([
      expect.stringMatching(/^replicass: 2 \| .*replicass/),
    ]);
    expect(await problems(edited(draft, ['replicas: 0', 'replicas: many']))).toEqual([
      expect.stringMatching(/^replicas: many \| spec.replicas: .*string/),
    ]);
  });

  test('puts an immutable field on its line', async () => {
    const { draft } = await cart();
    const [problem] = await problems(
      edited(
        draft,
        [/matchLabels:\n +app: cart/, 'matchLabels:\n      app: other'],
        [/labels:\n( +)app: cart/, 'labels:\n$1app: other'],
      ),
    );
    expect(problem).toMatch(/^selector: \| .*field is immutable/);
  });

  test('shows broken YAML and another name where they are', async () => {
    const { draft, target } = await cart();
    expect((await problems(edited(draft, ['spec:\n', 'spec: [\n'])))[0]).toMatch(/ \| /);
    expect(await problems(edited(draft, [`name: ${target.name}`, 'name: other']))).toEqual([
      expect.stringMatching(/^name: other \| This buffer is about name cart-.*, not other/),
    ]);
  });

  test('tells what an admission policy says', async () => {
    const { draft } = await cart();
    const policy = `no-big-${namespace}`;
    const base = '/apis/admissionregistration.k8s.io/v1';
    const post = (plural: string, body: object) => api.json({ method: 'POST', path: `${base}/${plural}`, body });
    await post('validatingadmissionpolicies', {
      metadata: { name: policy },
      spec: {
        matchConstraints: {
          resourceRules: [
            { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['deployments'] },
          ],
        },
        validations: [{ expression: 'object.spec.replicas < 50', message: 'at most 49 replicas in this shop' }],
      },
    });
    await post('validatingadmissionpolicybindings', {
      metadata: { name: policy },
      spec: {
        policyName: policy,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
      },
    });
    try {
      // The policy is compiled by the server some moments after it was made.
      await expect
        .poll(() => problems(edited(draft, ['replicas: 0', 'replicas: 60'])).catch(() => []), { timeout: 30_000 })
        .toEqual([expect.stringMatching(/^replicas: 60 \| .*at most 49 replicas in this shop/)]);
      // Of two changes it may be either.
      const two = edited(draft, ['replicas: 0', 'replicas: 60'], ['image: example/main:1', 'image: example/main:2']);
      expect(await problems(two)).toEqual([expect.stringMatching(/^apiVersion: .*at most 49 replicas in this shop/)]);
    } finally {
      for (const plural of ['validatingadmissionpolicybindings', 'validatingadmissionpolicies']) {
        await api.json({ method: 'DELETE', path: `${base}/${plural}/${policy}` });
      }
    }
  });

  test('tells of a webhook that cannot be reached', async () => {
    const { draft } = await cart();
    const name = `deaf-${namespace}`;
    const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    await api.json({
      method: 'POST',
      path,
      body: {
        metadata: { name },
        webhooks: [
          {
            name: 'deaf.example.com',
            clientConfig: { url: 'https://127.0.0.1:9/' },
            rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['deployments'] }],
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            timeoutSeconds: 1,
          },
        ],
      },
    });
    try {
      // No line of the text is to blame.
      await expect
        .poll(() => planWrite(edited(draft, ['replicas: 0', 'replicas: 3']), writer), { timeout: 30_000 })
        .toMatchObject({
          kind: 'refused',
          message: expect.stringContaining('failed calling webhook "deaf.example.com"'),
          problems: [],
        });
    } finally {
      await api.json({ method: 'DELETE', path: `${path}/${name}` });
    }
  });

  test('tells what a quota says', async () => {
    const target = await targetOf('resourcequotas', 'few');
    await applyAs('kubectl', target, { spec: { hard: { 'count/configmaps': '0' } } });
    const quotas = await targetOf('services', 'lb');
    const base = await applyAs('kubectl', quotas, { spec: { ports: [{ port: 80 }], selector: { app: 'x' } } });
    await applyAs('kubectl', target, { spec: { hard: { 'services.nodeports': '0' } } });
    const text = objectText(shownOf(base, plain)).replace('type: ClusterIP', 'type: NodePort');
    const draft = { target: quotas, base, text, showing: plain };
    await expect
      .poll(() => problems(draft).catch(() => []), { timeout: 30_000 })
      .toEqual([expect.stringMatching(/exceeded quota: few/)]);
  });
});

describe('a secret', () => {
  const secret = async (): Promise<{ target: Target; base: JsonMap }> => {
    const target = await targetOf('secrets', `token-${randomBytes(3).toString('hex')}`);
    const encoded = (text: string): Json => Buffer.from(text).toString('base64');
    const base = await applyAs('kubectl', target, { data: { user: encoded('jane'), word: encoded('s3cret') } });
    return { target, base };
  };

  test('keeps its masked values, and takes an edited one decoded', async () => {
    const { target, base } = await secret();
    const showing: Showing = { all: false, secret: { revealed: new Set(['user']) } };
    const text = objectText(shownOf(base, showing));
    expect(text).toContain('user: jane');
    expect(text).toContain('word: "***"');
    expect(text).not.toContain('s3cret');
    const plan = await ready({ target, base, showing, text: text.replace('user: jane', 'user: joe') });
    expect(plan.changes.map(({ path }) => pathText(path))).toEqual(['data.user']);
    const after = await carryOut(
      target,
      plan,
      plan.conflicts.map(({ field }) => field),
      writer,
    );
    const value = (key: string): string => Buffer.from(String((after.data as JsonMap)[key]), 'base64').toString();
    expect([value('user'), value('word')]).toEqual(['joe', 's3cret']);
    expect(uidIn(after)).toBe(uidIn(base));
  });
});
