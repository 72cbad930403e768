import { parseObject } from './document.ts';
import { type JsonMap, sameJson } from './json.ts';
import { mergeObjects } from './merge.ts';
import { type Showing, shownOf } from './shown.ts';

/**
 * A user's text with what others changed elsewhere since `base`, comments and order of keys kept. Where both changed the
 * same place it stays the user's.
 */
export const mergedText = (text: string, base: JsonMap, theirs: JsonMap, showing: Showing): string => {
  const parsed = parseObject(text);
  if (!parsed.ok) return text;
  const { document } = parsed;
  // Compared as they are shown, so that a masked value is the same on all sides.
  const { value } = mergeObjects(shownOf(base, showing), document.object, shownOf(theirs, showing));
  return sameJson(value, document.object) ? text : document.withValues(value);
};
