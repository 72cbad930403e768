import { describe, expect, it } from 'vitest';
import { nodeFacts, nodeUsage, type Pod, podFacts, podUsage } from '../../../../src/dashboards/top/usage.ts';

const withCpu = (requests: string | undefined, limits?: string, restartPolicy?: string) => ({
  resources: {
    ...(requests === undefined ? {} : { requests: { cpu: requests } }),
    ...(limits === undefined ? {} : { limits: { cpu: limits } }),
  },
  ...(restartPolicy === undefined ? {} : { restartPolicy }),
});

const pod = (spec: Pod['spec']): Pod => ({ metadata: { name: 'a', namespace: 'b', uid: 'u' }, spec: spec ?? {} });

describe('podUsage', () => {
  it('adds up the containers', () => {
    const metrics = {
      metadata: { name: 'cart-0', namespace: 'shop' },
      timestamp: '2026-01-02T03:04:05Z',
      containers: [{ usage: { cpu: '12345678n', memory: '1Ki' } }, { usage: { cpu: '1m', memory: '1Mi' } }, {}],
    };
    const usage = podUsage(metrics, 0);
    expect(usage.cpu).toBeCloseTo(0.013345678, 9);
    expect(usage).toMatchObject({ key: 'shop/cart-0', memory: 2 ** 20 + 1024, at: Date.parse('2026-01-02T03:04:05Z') });
  });

  it('takes odd answers as nothing used now', () => {
    expect(podUsage({ containers: null }, 7)).toMatchObject({ cpu: 0, memory: 0, at: 7 });
    expect(nodeUsage({ metadata: { name: 'n\u001b[31m' }, usage: { cpu: 'rubbish' } }, 7)).toMatchObject({
      name: 'n^[[31m',
      cpu: 0,
      at: 7,
    });
  });
});

describe('podFacts', () => {
  it('adds up requests and limits of containers', () => {
    const facts = podFacts(pod({ containers: [withCpu('100m', '1'), withCpu('50m', '500m')] }));
    expect(facts.cpuRequest).toBeCloseTo(0.15);
    expect(facts.cpuLimit).toBe(1.5);
  });

  it('knows no limit when one container has none', () => {
    expect(podFacts(pod({ containers: [withCpu('100m', '1'), withCpu('50m')] })).cpuLimit).toBeUndefined();
  });

  it('counts the peak of init containers and the sum with sidecars', () => {
    const initContainers = [withCpu('100m', undefined, 'Always'), withCpu('2')];
    expect(podFacts(pod({ initContainers, containers: [withCpu('1')] })).cpuRequest).toBeCloseTo(2.1);
    expect(podFacts(pod({ initContainers, containers: [withCpu('3')] })).cpuRequest).toBeCloseTo(3.1);
  });

  it('prefers what the pod as a whole asks for, and adds its overhead', () => {
    const resources = { requests: { cpu: '4' }, limits: { cpu: '8' } };
    const facts = podFacts(pod({ resources, overhead: { cpu: '250m' }, containers: [withCpu('1', '2')] }));
    expect(facts).toMatchObject({ cpuRequest: 4.25, cpuLimit: 8 });
  });

  it('knows nothing of a pod that asks for nothing', () => {
    expect(podFacts(pod({ containers: [withCpu(undefined)] }))).toMatchObject({
      cpuRequest: undefined,
      cpuLimit: undefined,
    });
  });
});

describe('nodeFacts', () => {
  it('names what presses', () => {
    const conditions = [
      { type: 'Ready', status: 'Unknown' },
      { type: 'DiskPressure', status: 'True' },
      { type: 'MemoryPressure', status: 'False' },
    ];
    const facts = nodeFacts({
      metadata: { name: 'w' },
      status: { allocatable: { cpu: '3920m', memory: '7Gi' }, conditions },
    });
    expect(facts).toMatchObject({
      cpu: 3.92,
      memory: 7 * 2 ** 30,
      pods: undefined,
      ready: false,
      pressures: ['DiskPressure'],
    });
  });
});
