const decimal = /^\d+$/;

/**
 * Orders two resourceVersions: decimal ones by length, then as text (KEP-5504 makes them comparable so). What is not
 * a decimal has no order and counts as newer: negative only when `left` is certainly older.
 */
export const compareVersions = (left: string, right: string): number => {
  if (!decimal.test(left) || !decimal.test(right)) return left === right ? 0 : 1;
  if (left.length !== right.length) return left.length - right.length;
  return left === right ? 0 : left < right ? -1 : 1;
};
