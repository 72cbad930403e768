/** Imported with `import()`: a bundler gives a CommonJS package imported that way no names of its own. */
export { LineCounter, parseDocument } from 'yaml';
