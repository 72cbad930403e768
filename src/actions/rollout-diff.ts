import { defineOpening, whatRollsOut } from './opening.ts';

export default defineOpening('rollout-diff', 'rollout diff', whatRollsOut);
