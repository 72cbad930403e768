/** Custom resources that come, go, change their version or borrow a name under open tables. */
import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { create, freshNamespace, kubectl, openTable, rowsOf, withEditor } from '../e2e/support.ts';
import type { Editor } from '../lua/harness.ts';
import { patience } from '../patience.ts';

/** For kubectl, which waits itself. */
const atMost = `--timeout=${20 * patience}s`;

const own = randomBytes(3).toString('hex');
const group = `g${own}.kubectl-live.test`;
/** A name may be taken once in a group only. */
const otherGroup = `h${own}.kubectl-live.test`;

type Names = {
  readonly plural: string;
  readonly kind: string;
  readonly shortNames?: readonly string[];
  readonly in?: string;
};

const definition = (
  { plural, kind, shortNames = [], in: inGroup = group }: Names,
  version = 'v1',
  column = 'Size',
): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${inGroup}` },
  spec: {
    group: inGroup,
    scope: 'Namespaced',
    names: { plural, kind, singular: kind.toLowerCase(), shortNames },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        additionalPrinterColumns: [{ name: column, type: 'string', jsonPath: '.spec.value' }],
      },
    ],
  },
});

const define = async (...definitions: readonly object[]): Promise<void> => {
  await create(...definitions);
  for (const each of definitions) {
    const { name } = (each as { metadata: { name: string } }).metadata;
    await kubectl(['wait', `customresourcedefinition/${name}`, '--for=condition=Established', atMost]);
    onTestFinished(() => void kubectl(['delete', 'customresourcedefinition', name, '--wait=false']).catch(() => ''));
  }
};

const undefine = async (plural: string): Promise<void> => {
  await kubectl(['delete', 'customresourcedefinition', `${plural}.${group}`, atMost]);
};

const object = (namespace: string, kind: string, name: string, value: string, version = 'v1'): object => ({
  apiVersion: `${group}/${version}`,
  kind,
  metadata: { name, namespace },
  spec: { value },
});

const ownNamespace = async (): Promise<string> => {
  const name = await freshNamespace();
  onTestFinished(() => void kubectl(['delete', 'namespace', name, '--wait=false']).catch(() => ''));
  return name;
};

/** A new definition is served a moment before everything can be made of it. */
const createSoon = async (editor: Editor, ...items: readonly object[]): Promise<void> => {
  await editor.until(
    'the objects',
    () =>
      create(...items).then(
        () => true,
        () => false,
      ),
    20_000,
  );
};

const shown = async (editor: Editor): Promise<string> => (await rowsOf(editor)).map(({ name }) => name).join();

test('a definition that goes, comes back and comes back in another version', () =>
  withEditor(
    async (editor) => {
      const namespace = await ownNamespace();
      const names = { plural: `widgets${own}`, kind: `Widget${own}` };
      // Discovery is read before there is such a thing.
      await openTable(editor, `get configmaps -n ${namespace}`);
      await define(definition(names));
      await createSoon(editor, object(namespace, names.kind, 'one', 'small'));
      await openTable(editor, `get ${names.plural} -n ${namespace}`);
      await editor.shows(/one\s+small/);

      await undefine(names.plural);
      await editor.shows('✕ the server has no such resource', 10_000);

      await define(definition(names));
      await createSoon(editor, object(namespace, names.kind, 'two', 'big'));
      await editor.shows(/two\s+big/, 10_000);
      await editor.shows('● live');
      await editor.until('it alone', async () => (await shown(editor)) === 'two');

      await undefine(names.plural);
      await editor.shows('✕ the server has no such resource', 10_000);
      await define(definition(names, 'v2', 'Weight'));
      await createSoon(editor, object(namespace, names.kind, 'three', 'heavy', 'v2'));
      await editor.shows(/WEIGHT/, 10_000);
      await editor.shows(/three\s+heavy/, 10_000);
      await editor.shows('● live');
      await editor.until('it alone', async () => (await shown(editor)) === 'three');
    },
    undefined,
    { columns: 160, rows: 40 },
  ));

test('words mean what kubectl reads them as, also where kinds share names, cold and warm', async () => {
  const namespace = await ownNamespace();
  const short = `x${own}`;
  await define(
    definition({ plural: 'pods', kind: 'Pod' }),
    definition({ plural: 'services', kind: 'Service', shortNames: [`s${own}`] }),
    definition({ plural: `alphas${own}`, kind: `Alpha${own}`, shortNames: [short] }),
    definition({ plural: short, kind: `Beta${own}`, in: otherGroup }),
  );
  await withEditor((editor) =>
    createSoon(
      editor,
      object(namespace, 'Pod', 'custom', '1'),
      object(namespace, 'Service', 'custom', '1'),
      object(namespace, `Alpha${own}`, 'custom', '1'),
      { ...object(namespace, `Beta${own}`, 'custom', '1'), apiVersion: `${otherGroup}/v1` },
    ),
  );
  const kubectlReads = async (word: string): Promise<string> => {
    const said = await kubectl(['get', word, `--namespace=${namespace}`, '--output=json']).then(
      (text) => JSON.parse(text) as { items: { apiVersion: string; kind: string }[] },
    );
    return [...new Set(said.items.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))].join();
  };
  const opened = async (editor: Editor): Promise<string> => {
    // Rows may be there before the answer that says of what they are.
    let found: { readonly resource: string; readonly kind: string } | null = null;
    await editor.until('what was opened', async () => {
      found = await editor.lua(
        `local o = require('kubectl.view').of(0).opened return o and { resource = o.resource, kind = o.kind }`,
      );
      return found !== null;
    });
    const { resource, kind } = found ?? { resource: '', kind: '' };
    const [, ...of] = resource.split('.');
    const version = [...(of.length === 0 ? [] : [of.join('.')]), 'v1'].join('/');
    return (await rowsOf(editor)).length === 0 ? '' : `${version} ${kind}`;
  };
  const words = [
    'pods',
    'po',
    `pods.${group}`,
    `pods.v1.${group}`,
    'services',
    'svc',
    `s${own}`,
    `services.${group}`,
    short,
  ];
  for (const word of words) {
    // A backend of its own for each: what is guessed before discovery is there must not be what is shown.
    await withEditor(async (editor) => {
      await openTable(editor, `get ${word} -n ${namespace}`);
      expect([word, await opened(editor)]).toEqual([word, await kubectlReads(word)]);
    });
  }
  await withEditor(async (editor) => {
    await openTable(editor, `get configmaps -n ${namespace}`);
    for (const word of words) {
      await openTable(editor, `get ${word} -n ${namespace}`);
      const expected = await kubectlReads(word);
      await editor.until(`${word} as kubectl reads it`, async () => (await opened(editor)) === expected);
    }
  });
});

test('gr in the table of resources shows a new definition, and completion offers it', () =>
  withEditor(async (editor) => {
    const names = { plural: `gadgets${own}`, kind: `Gadget${own}` };
    await openTable(editor, 'api-resources');
    await editor.keys(`<C-f>gadgets${own}<CR>`);
    await define(definition(names));
    await editor.until('the definition', async () => {
      await editor.keys('gr');
      return (await rowsOf(editor)).some(({ name }) => name === names.plural);
    });
  }));
