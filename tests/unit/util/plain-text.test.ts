import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText, withoutSecrets } from '../../../src/util/plain-text.ts';

test('nothing that a terminal or an editor would act on is left', () => {
  expect(plainText('a\u001b[31mb\u001b[0m\r\nc\td\u0007\u202ee\u2028f')).toBe('ab c d e f');
  expect(plainText('x'.repeat(20), 5)).toBe('xxxxx…');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plainText(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test.each([
  ['token eyJhbGciOiJSUzI1NiJ9.c2VjcmV0LXBheWxvYWQ.c2ln is bad', 'token <hidden> is bad'],
  ['Authorization: Bearer abc.def', 'Authorization: Bearer <hidden>'],
  ['{"password":"hunter2","user":"jane"}', '{"password":"<hidden>","user":"jane"}'],
  ['password=hunter2 next', 'password=<hidden> next'],
  ['-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY----- done', '<hidden> done'],
  ['-----BEGIN PRIVATE KEY-----\nMIIB', '<hidden>'],
  ['run aws-iam-authenticator in /usr/local/bin first', 'run aws-iam-authenticator in /usr/local/bin first'],
  ['a-very-long-but-plain-plugin-name failed', 'a-very-long-but-plain-plugin-name failed'],
])('%s', (text, expected) => {
  expect(withoutSecrets(text)).toBe(expected);
});
