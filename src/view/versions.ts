/** `v1.28.3`, `1.10.0-rc.1`, `v1.29.0+k3s1`: numbers, then what is before (`-`) or after (`+`) their release. */
const pattern = /^v?(\d+(?:\.\d+)*)(?:([-+])(.*))?$/;

export const isVersion = (text: string): boolean => /^v?\d+\.\d/.test(text) && pattern.test(text);

const partsOf = (text: string): { readonly numbers: readonly number[]; readonly pre: string } => {
  const [, numbers = '', mark = '', rest = ''] = pattern.exec(text) ?? [];
  return { numbers: numbers.split('.').map(Number), pre: mark === '-' ? rest : '' };
};

/** Below, at or above zero as `a` comes before, with or after `b`; absent numbers count as zero. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.max(left.numbers.length, right.numbers.length); index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre === right.pre) return 0;
  if (left.pre === '' || right.pre === '') return left.pre === '' ? 1 : -1;
  return left.pre < right.pre ? -1 : 1;
};
