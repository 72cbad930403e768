import { accessFamilies } from './access.ts';
import type { Family } from './awkward.ts';
import { networkFamilies } from './network.ts';
import { policyFamilies } from './policy.ts';
import { storageFamilies } from './storage.ts';
import { workloadFamilies } from './workloads.ts';

export const families: readonly Family[] = [
  ...workloadFamilies,
  ...networkFamilies,
  ...storageFamilies,
  ...policyFamilies,
  ...accessFamilies,
];
