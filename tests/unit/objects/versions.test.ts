import { describe, expect, it } from 'vitest';
import type { JsonMap } from '../../../src/objects/json.ts';
import { Versions } from '../../../src/objects/versions.ts';

const object = (replicas: number, more: JsonMap = {}): JsonMap => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', resourceVersion: String(Math.random()), generation: replicas },
  spec: { replicas },
  ...more,
});

describe('versions of an object', () => {
  it('are those that differ, with what changed', () => {
    const versions = new Versions(false);
    versions.add(object(1), 10);
    versions.add(object(1), 20);
    versions.add(object(1, { status: { observedGeneration: 1 } }), 30);
    versions.add(object(3, { status: { observedGeneration: 2 } }), 40);
    expect(versions.list()).toEqual([
      { at: 10, changed: [] },
      { at: 40, changed: ['spec.replicas', 'status.observedGeneration'] },
    ]);
    expect(versions.text(10)).toContain('replicas: 1');
    expect(versions.text(40)).toContain('replicas: 3');
    expect(versions.text(20)).toBeUndefined();
  });

  it('are bounded by number and by size', () => {
    const many = new Versions(false);
    for (let count = 0; count < 80; count++) many.add(object(count), count);
    expect(many.list().map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, index) => 30 + index));
    const big = new Versions(false);
    for (let count = 0; count < 5; count++) big.add(object(count, { data: { text: 'x'.repeat(1_500_000) } }), count);
    expect(big.list().map(({ at }) => at)).toEqual([3, 4]);
  });

  it('hold no value of a secret', () => {
    const versions = new Versions(true);
    versions.add({ kind: 'Secret', metadata: { name: 'token' }, data: { word: 'aHVzaA==' } }, 1);
    expect(versions.text(1)).toContain('word: "***"');
  });
});
