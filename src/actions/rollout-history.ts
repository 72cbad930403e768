import { defineOpening, whatRollsOut } from './opening.ts';

export default defineOpening('rollout-history', 'rollout history', whatRollsOut);
