import { ClusterError } from '../util/error.ts';

/** What to set and what to remove, from kubectl's words: `tier=web owner-`. */
export type Pairs = { readonly set: ReadonlyMap<string, string>; readonly remove: ReadonlySet<string> };

const wrong = (word: string, what: string): ClusterError =>
  new ClusterError('invalid', `${what}: "${word}" is neither KEY=VALUE nor KEY-.`, { hint: 'Nothing was done.' });

/** Values with blanks stand in double quotes: `note="two words"`. */
const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:"[^"]*"|\S)+/g)].map(([word]) => word.replaceAll('"', ''));

export const readPairs = (text: string, what: string): Pairs => {
  const set = new Map<string, string>();
  const remove = new Set<string>();
  for (const word of wordsOf(text)) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (key !== undefined && value !== undefined) set.set(key, value);
    else if (/^[^=]+-$/.test(word)) remove.add(word.slice(0, -1));
    else throw wrong(word, what);
  }
  if (set.size === 0 && remove.size === 0) throw wrong('', what);
  return { set, remove };
};

/** The words again, as kubectl takes them. */
export const pairWords = ({ set, remove }: Pairs): readonly string[] => [
  ...[...set].map(([key, value]) => `${key}=${value}`),
  ...[...remove].map((key) => `${key}-`),
];
