import { defineChange } from './change.ts';
import { cordoning } from './cordon.ts';

export default defineChange(cordoning(false));
