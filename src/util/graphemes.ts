/** Making one costs 10–25 ms, so that it is made only where there is a question. */
let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for letters: several characters each where marks, joiners or flags are in the text. */
export const graphemes = (text: string): string[] => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
};
