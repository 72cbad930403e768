import { defineOpening, whatRollsOut } from './opening.ts';

export default defineOpening('rollout-status', 'rollout status, live', whatRollsOut);
