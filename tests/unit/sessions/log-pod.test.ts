import { describe, expect, it } from 'vitest';
import { endOf, endText, hasLogs, type LogPod, pickContainer, statusOf } from '../../../src/sessions/log-pod.ts';
import { selectorText } from '../../../src/sessions/log-workload.ts';

const pod = (more: LogPod): LogPod => ({
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { containers: [{ name: 'app' }, { name: 'proxy' }], initContainers: [{ name: 'init' }] },
  ...more,
});

const ended = (exitCode: number, policy?: string, phase = 'Running') =>
  pod({
    spec: { containers: [{ name: 'app' }], ...(policy === undefined ? {} : { restartPolicy: policy }) },
    status: { phase, containerStatuses: [{ name: 'app', state: { terminated: { exitCode } } }] },
  });

describe('pickContainer', () => {
  it('chooses as kubectl does', () => {
    expect(pickContainer(pod({}), undefined)).toBe('app');
    const annotations = { 'kubectl.kubernetes.io/default-container': 'proxy' };
    expect(pickContainer(pod({ metadata: { annotations } }), undefined)).toBe('proxy');
    expect(pickContainer(pod({ metadata: { annotations } }), 'init')).toBe('init');
    const unknown = { 'kubectl.kubernetes.io/default-container': 'nobody' };
    expect(pickContainer(pod({ metadata: { annotations: unknown } }), undefined)).toBe('app');
  });

  it('says which containers there are', () => {
    expect(() => pickContainer(pod({}), 'db')).toThrow('Pod shop/cart has no container db.');
  });
});

describe('endOf', () => {
  it.each([
    [1, 'Always', false],
    [0, undefined, false],
    [1, 'OnFailure', false],
    [0, 'OnFailure', true],
    [1, 'Never', true],
  ])('exit %s under %s ends for good: %s', (code, policy, over) => {
    expect(endOf(ended(code, policy), 'app') !== undefined).toBe(over);
  });

  it('is final when the pod is', () => {
    expect(endText(endOf(ended(137, 'Always', 'Failed'), 'app'))).toBe('exit 137');
    const evicted = pod({ status: { phase: 'Failed', reason: 'Evicted' } });
    expect(endText(endOf(evicted, 'app'))).toBe('Evicted');
    const leaving = { ...ended(0), metadata: { deletionTimestamp: '2026-01-02T03:04:05Z' } };
    expect(endOf(leaving, 'app')).toBeDefined();
  });

  it('knows init containers that are done from those that are tried again', () => {
    const init = (exitCode: number) =>
      pod({ status: { initContainerStatuses: [{ name: 'init', state: { terminated: { exitCode } } }] } });
    expect(endOf(init(0), 'init')).toBeDefined();
    expect(endOf(init(1), 'init')).toBeUndefined();
  });
});

describe('hasLogs', () => {
  it('is so once a process has run', () => {
    const waiting = { state: { waiting: { reason: 'ContainerCreating' } } };
    expect(hasLogs(waiting)).toBe(false);
    expect(hasLogs({ ...waiting, lastState: { terminated: { exitCode: 1 } } })).toBe(true);
    expect(hasLogs(statusOf(pod({}), 'app'))).toBe(false);
  });
});

describe('selectorText', () => {
  it('writes selectors of workloads and services', () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
    ];
    expect(selectorText({ matchLabels: { app: 'cart' }, matchExpressions })).toBe('app=cart,tier in (a,b),!old');
    expect(selectorText({ app: 'cart', env: 'prod' })).toBe('app=cart,env=prod');
    expect(selectorText({})).toBe('');
  });
});
