/** Edits (insert, delete, replace) from one word to the other. */
export const distance = (from: string, to: string): number => {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
};

/** The names a user may have meant, best first: a mistyped one (a third of it wrong at most) or one that continues it. */
export const nearest = (typed: string, names: Iterable<string>, most = 3): readonly string[] => {
  const wanted = typed.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const scored: { readonly name: string; readonly score: number }[] = [];
  for (const name of new Set(names)) {
    const candidate = name.toLowerCase();
    const near = Math.abs(candidate.length - wanted.length) <= limit ? distance(wanted, candidate) : limit + 1;
    if (near <= limit) scored.push({ name, score: near });
    else if (wanted.length >= 2 && candidate.startsWith(wanted)) scored.push({ name, score: limit + 1 });
  }
  scored.sort((a, b) => a.score - b.score || a.name.localeCompare(b.name));
  return scored.slice(0, most).map(({ name }) => name);
};

/** `Did you mean a, b or c?`, or nothing when nothing is near. */
export const didYouMean = (typed: string, names: Iterable<string>): string | undefined => {
  const found = nearest(typed, names);
  if (found.length === 0) return undefined;
  const last = found.at(-1);
  return `Did you mean ${found.length === 1 ? last : `${found.slice(0, -1).join(', ')} or ${last}`}?`;
};
