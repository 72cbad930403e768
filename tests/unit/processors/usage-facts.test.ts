import { expect, test } from 'vitest';
import { podFacts } from '../../../src/processors/usage-facts.ts';

const container = (cpu?: string, memory?: string, limit?: string) => ({
  resources: {
    ...(cpu === undefined && memory === undefined
      ? {}
      : { requests: { ...(cpu && { cpu }), ...(memory && { memory }) } }),
    ...(limit === undefined ? {} : { limits: { cpu: limit } }),
  },
});

test('what a pod asks for and may use, its node, and whether it has ended', () => {
  const pod = {
    spec: {
      nodeName: 'worker',
      containers: [container('100m', '1Mi', '1'), container('50m')],
      initContainers: [{ ...container('10m'), restartPolicy: 'Always' }],
    },
    status: { phase: 'Succeeded' },
  };
  expect(podFacts(pod)).toEqual({ node: 'worker', ended: 'yes', cpuRequest: '0.16', memoryRequest: '1048576' });
  expect(podFacts({ spec: { containers: [container('1', undefined, '2')] } })).toEqual({
    cpuRequest: '1',
    cpuLimit: '2',
  });
  expect(podFacts({})).toEqual({});
});

test('pods that are alike share their facts, pods that are not never do', () => {
  const shapes = [
    { containers: [container('1')] },
    { containers: [container(undefined, '1')] },
    { containers: [container(undefined, undefined, '1')] },
    { containers: [container('1'), container()] },
    { containers: [container(), container('1')] },
    { containers: [container()], initContainers: [container('1')] },
    { containers: [container('1')], initContainers: [container()] },
    { containers: [container('1')], overhead: { cpu: '1' } },
    { containers: [container('1')], resources: { requests: { cpu: '1' } } },
    { containers: [container('1')], resources: { limits: { cpu: '1' } } },
    { containers: [container('1')], nodeName: 'a' },
    { containers: [container('1')], initContainers: [{ ...container('1'), restartPolicy: 'Always' }] },
  ];
  const made = shapes.map((spec) => podFacts({ spec }));
  expect(new Set(made).size).toBe(shapes.length);
  expect(podFacts({ spec: { containers: [container('1')] } })).toBe(made[0]);
});
