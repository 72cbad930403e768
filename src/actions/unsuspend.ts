import { defineChange } from './change.ts';
import { suspending } from './suspend.ts';

export default defineChange(suspending(false));
