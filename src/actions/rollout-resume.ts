import { defineChange } from './change.ts';
import { pausing } from './rollout-pause.ts';

export default defineChange(pausing(false));
