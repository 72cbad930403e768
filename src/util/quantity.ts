/** Kubernetes quantities (`500m`, `1.5Gi`, `2e3`): k8s.io/apimachinery/pkg/api/resource/quantity.go. */

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Quantities are whole nano-units: the API has nothing finer and rounds away from zero. */
const nanosPerUnit = 1_000_000_000n;
const largestBinary = (2n ** 63n - 1n) * nanosPerUnit;

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,9})?$/;

type Scale = { readonly base: 2 | 10; readonly exponent: number };

const scaleOf = (suffix: string): Scale => {
  const binary = suffix === '' ? -1 : binarySuffixes.indexOf(suffix);
  if (binary > 0) return { base: 2, exponent: binary * 10 };
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { base: 10, exponent: (decimal - 3) * 3 };
  return { base: 10, exponent: Number(suffix.slice(1)) };
};

/** Beyond this many decimal places nothing fits the API's numbers; it keeps a hostile exponent from eating memory. */
const largestExponent = 400;

const nanosOf = (text: string): bigint | undefined => {
  const parts = pattern.exec(text.trim());
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = parts;
  // Go reads a bare suffix (`Mi`) as zero; in a table's cell it is a word.
  if (whole === '' && fraction === '') return undefined;
  const { base, exponent } = scaleOf(suffix);
  if (Math.abs(exponent) > largestExponent) return undefined;
  const digits = BigInt(whole + fraction);
  const places = 9 - fraction.length + (base === 10 ? exponent : 0);
  const multiplied = digits * (base === 2 ? 2n ** BigInt(exponent) : 1n) * (places > 0 ? 10n ** BigInt(places) : 1n);
  const divisor = places < 0 ? 10n ** BigInt(-places) : 1n;
  // Too small an amount is rounded up to one nano-unit: who asks for something gets something.
  let nano = (multiplied + divisor - 1n) / divisor;
  if (base === 2 && nano > largestBinary) nano = largestBinary;
  return sign === '-' ? -nano : nano;
};

/** The amount as a number, `1.5Gi` → 1610612736; undefined for what is no quantity. */
export const parseQuantity = (text: string): number | undefined => {
  const nanos = nanosOf(text);
  if (nanos === undefined) return undefined;
  const whole = nanos / nanosPerUnit;
  return Number(whole) + Number(nanos - whole * nanosPerUnit) / 1e9;
};
