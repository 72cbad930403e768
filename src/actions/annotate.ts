import { defineChange } from './change.ts';
import { marking } from './label.ts';

export default defineChange(marking('annotations', 'annotate'));
