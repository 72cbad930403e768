import { deciding } from './approve.ts';
import { defineChange } from './change.ts';

export default defineChange({ ...deciding('Denied', 'deny'), danger: true });
