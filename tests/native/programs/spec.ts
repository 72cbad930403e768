/** For programs that tests start: the way and the client's spec, from the environment. */
import { loadAddon } from '../../../src/native/addon.ts';
import { loadSidecar } from '../../../src/native/sidecar.ts';
import type { Native, Target } from '../../../src/native/types.ts';
import type { ClientSpec } from '../../../src/protocol/client-spec.ts';

/** Every namespace has it, and it takes the server two small requests. */
export const settings: Target = {
  group: '',
  version: 'v1',
  resource: 'configmaps',
  kind: 'ConfigMap',
  namespace: 'default',
  name: 'kube-root-ca.crt',
};

export const load = (): Promise<Omit<Native, 'why'>> => {
  const file = process.env.NATIVE_FILE ?? '';
  return process.env.NATIVE_WAY === 'sidecar' ? loadSidecar(file) : loadAddon(file);
};

export const spec = (): ClientSpec => JSON.parse(process.env.NATIVE_SPEC ?? '{}');
