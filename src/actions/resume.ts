import { defineChange } from './change.ts';
import { pausing } from './pause.ts';

export default defineChange(pausing(false));
