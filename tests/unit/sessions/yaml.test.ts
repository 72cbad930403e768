import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withoutValues, yamlLines } from '../../../src/sessions/yaml.ts';

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'db',
    uid: 'u',
    managedFields: [{ manager: 'kubectl' }],
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVudGVyMg=="}}',
      team: 'shop',
    },
  },
  data: { password: 'aHVudGVyMg==', empty: '' },
  stringData: { token: 'hunter2' },
  type: 'Opaque',
};

describe('yamlLines', () => {
  it('shows nothing of a secret’s values, nor how long they are', () => {
    const text = yamlLines(secret, true).join('\n');
    expect(text).not.toMatch(/aHVudGVyMg|hunter2/);
    expect(parse(text)).toMatchObject({
      data: { password: '***', empty: '***' },
      stringData: { token: '***' },
      metadata: { annotations: { team: 'shop' } },
      type: 'Opaque',
    });
  });

  it('leaves the object itself alone', () => {
    withoutValues(secret, true);
    expect(secret.data.password).toBe('aHVudGVyMg==');
  });

  it('masks nothing else, and drops managedFields', () => {
    const text = yamlLines({ ...secret, stringData: null }, false).join('\n');
    expect(text).toContain('aHVudGVyMg==');
    expect(text).not.toContain('managedFields');
  });

  it('is read as the same by readers of YAML 1.1', () => {
    const text = yamlLines({ metadata: {}, data: { answer: 'yes', version: '1.10', octal: '0o17' } }, false).join('\n');
    expect(parse(text, { version: '1.1' })).toEqual({
      metadata: {},
      data: { answer: 'yes', version: '1.10', octal: '0o17' },
    });
  });

  it('keeps lines of text apart and obeys none of them', () => {
    const lines = yamlLines({ metadata: {}, data: { script: 'a\n\tb\n', bad: '\u001b]0;x\u0007' } }, false);
    expect(lines).toContain('    a');
    expect(lines).toContain('    \tb');
    expect(lines.join('')).not.toContain('\u001b');
  });
});

it('a line that an editor would choke on is cut and says so', () => {
  const lines = yamlLines({ spec: { text: 'x'.repeat(1_400_000) } } as object, false);
  const line = lines.find((each) => each.includes('text:')) ?? '';
  expect(line.length).toBeLessThan(10_100);
  expect(line).toMatch(/x … 1,390,00\d more$/);
});
