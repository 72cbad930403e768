/**
 * A longer text without its end, and how much that is (`… 1,340,000 more`); the cut is never between the halves of a
 * character. `dropped`: what is missing already.
 */
export const cutText = (text: string, most: number, dropped = 0): string => {
  if (text.length <= most && dropped === 0) return text;
  const end = /[\ud800-\udbff]/.test(text[most - 1] ?? '') ? most - 1 : most;
  const rest = Math.max(0, text.length - end) + dropped;
  return rest === 0 ? text : `${text.slice(0, end)} … ${rest.toLocaleString('en')} more`;
};
