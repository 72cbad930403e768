import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstProblem, parseObject } from '../../../src/objects/document.ts';
import type { JsonMap } from '../../../src/objects/json.ts';
import { objectText } from '../../../src/objects/text.ts';

const text = `# who owns this: team shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart # do not rename
  labels:
    app.kubernetes.io/name: cart
spec:
  # keep odd
  replicas: 3
  template:
    spec:
      containers:
      # the main one
      - name: main
        image: example/main:1
      - name: proxy
        image: example/proxy:1
`;

const parsed = (source: string) => {
  const result = parseObject(source);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
};

const problems = (source: string) => {
  const result = parseObject(source);
  return result.ok ? [] : result.problems.map(({ line, message }) => `${line}: ${message}`);
};

describe('an object as text', () => {
  it('is read with its places', () => {
    const document = parsed(text);
    expect((document.object.spec as JsonMap).replicas).toBe(3);
    expect(document.place(['spec', 'replicas'])).toEqual({ line: 9, column: 2 });
    expect(document.place(['spec', 'template', 'spec', 'containers', 1, 'image']).line).toBe(17);
    expect(document.place(['metadata', 'labels', 'app.kubernetes.io/name']).line).toBe(6);
    expect(document.lines(['spec', 'template'])).toEqual([10, 17]);
    expect(document.lines(['status'])).toBeUndefined();
  });

  it('gives the nearest place above one that does not exist', () => {
    expect(parsed(text).place(['spec', 'strategy', 'type'])).toEqual({ line: 7, column: 0 });
  });

  it('takes other values and keeps comments, order and layout', () => {
    const document = parsed(text);
    const object = structuredClone(document.object) as unknown as {
      spec: { replicas: number; template: { spec: { containers: { name: string; image: string }[] } } };
    };
    object.spec.replicas = 5;
    object.spec.template.spec.containers.unshift({ name: 'init', image: 'example/init:1' });
    const after = document.withValues(object as unknown as JsonMap);
    expect(after).toBe(
      text
        .replace('replicas: 3', 'replicas: 5')
        .replace('      # the main one\n', '      - name: init\n        image: example/init:1\n      # the main one\n'),
    );
  });

  it('says what kubectl would read: octal numbers and the words of YAML 1.1, no dates', () => {
    const document = parsed(
      'apiVersion: v1\nkind: X\nmetadata: {name: a}\nmode: 0644\non: yes\nday: 2001-01-01\ntime: 12:30:45\n',
    );
    expect(document.object).toMatchObject({ mode: 420, true: true, day: '2001-01-01', time: '12:30:45' });
  });

  it('tells what is wrong, and where', () => {
    expect(problems('apiVersion: v1\nkind: [\n')[0]).toMatch(/^[12]: /);
    expect(problems('a: 1\na: 2\n')[0]).toMatch(/^1: .*unique/);
    expect(problems('')).toEqual(['0: There is no object in this text.']);
    expect(problems('- a\n')[0]).toContain('This is no object');
    expect(problems('apiVersion: v1\nmetadata: {}\n')[0]).toContain('kind is missing');
    expect(problems(`${text}---\n${text}`)[0]).toMatch(/^20: A second object/);
    const two = parseObject(`${text}---\n${text}`);
    expect(two.ok ? '' : firstProblem(two.problems)).toMatch(/^Line 21: A second object: this buffer holds one/);
  });

  it('reads back whatever it wrote, over any other text', () => {
    const key = fc.stringMatching(/^[a-z][a-zA-Z.]{0,8}$/);
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constantFrom('yes', '0644', '1e3', 'null', '~', '2001-01-01', '12:30', 'a: b', '- x', '#', ' '),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    const objects = fc
      .dictionary(key, value, { maxKeys: 5, noNullPrototype: true })
      .map((rest) => ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'a' }, rest }) as unknown as JsonMap);
    fc.assert(
      fc.property(objects, objects, (one, other) => {
        const document = parsed(objectText(one));
        expect(document.object).toEqual(one);
        expect(parsed(document.withValues(other)).object).toEqual(other);
      }),
      { numRuns: 200 },
    );
  });
});
