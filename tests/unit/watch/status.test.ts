import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../src/decode/status.ts';
import { refusal } from '../../../src/watch/status.ts';

const refused = (http: number, status: object, retryAfterMs?: number) => refusal(http, statusOf(status), retryAfterMs);

describe('refusal', () => {
  it.each([
    [
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"',
      'forbidden: list pods in shop (user jane)',
    ],
    [
      'deployments.apps is forbidden: User "system:serviceaccount:a:b" cannot watch resource "deployments" in API group "apps" at the cluster scope',
      'forbidden: watch deployments.apps in all namespaces (user system:serviceaccount:a:b)',
    ],
    [
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop": RBAC: role "x" not found',
      'forbidden: list pods in shop (user jane)',
    ],
    ['no access on Sundays', 'forbidden: no access on Sundays'],
  ])('words %s', (message, words) => {
    expect(refused(403, { message })).toMatchObject({ code: 'forbidden', message: words, status: 403 });
  });

  it.each([
    [401, 'unauthorized'],
    [404, 'not-found'],
    [405, 'unsupported'],
    [410, 'expired'],
    [429, 'throttled'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('gives %i the code %s', (http, code) => expect(refused(http, { message: 'm' }).code).toBe(code));

  it('takes a version from the future for an expired one, by its cause or by its words', () => {
    const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
    expect(refused(504, { reason: 'Timeout', message: 'x', details: { causes } }).code).toBe('expired');
    expect(refused(504, { message: 'Timeout: Too large resource version: 9, current: 5' }).code).toBe('expired');
    expect(refused(504, { message: 'slow' }).code).toBe('timeout');
  });

  it('knows how long to wait from the header or from the Status', () => {
    expect(refused(429, { details: { retryAfterSeconds: 3 } }).retryAfterMs).toBe(3_000);
    expect(refused(429, {}, 2_000).retryAfterMs).toBe(2_000);
    expect(refused(429, {}).retryAfterMs).toBeUndefined();
  });

  it('says something even when the server does not, and never passes on control characters', () => {
    expect(refused(502, {}).message).toBe('the server answered 502');
    expect(refused(500, { message: 'a\u001b[31mb\nc' }).message).toBe('ab c');
  });
});
