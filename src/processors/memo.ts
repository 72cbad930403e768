/** Several columns of a row read one summary of the object: it is computed for the first of them only. */
export const rememberLast = <T, R>(compute: (object: T) => R): ((object: T) => R) => {
  // Holds on to one object a kind, which costs less than a WeakRef a row.
  let last: { readonly object: T; readonly result: R } | undefined;
  return (object) => {
    if (last === undefined || last.object !== object) last = { object, result: compute(object) };
    return last.result;
  };
};
