/** Kubernetes quantities (`500m`, `1.5Gi`, `2e3`): k8s.io/apimachinery/pkg/api/resource/quantity.go. */

/** How a quantity is written: `Ki Mi …`, `n u m k M …` or `e3`. */
export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Quantities are kept in whole nano-units: the API has nothing finer and rounds away from zero. */
type Exact = { readonly nano: bigint; readonly format: QuantityFormat };

const nanosPerUnit = 1_000_000_000n;
const largestBinary = (2n ** 63n - 1n) * nanosPerUnit;

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,9})?$/;

type Scale = { readonly base: 2 | 10; readonly exponent: number; readonly format: QuantityFormat };

const scaleOf = (suffix: string): Scale => {
  const binary = suffix === '' ? -1 : binarySuffixes.indexOf(suffix);
  if (binary > 0) return { base: 2, exponent: binary * 10, format: 'BinarySI' };
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { base: 10, exponent: (decimal - 3) * 3, format: 'DecimalSI' };
  return { base: 10, exponent: Number(suffix.slice(1)), format: 'DecimalExponent' };
};

/** Beyond this many decimal places nothing fits the API's numbers; it keeps a hostile exponent from eating memory. */
const largestExponent = 400;

const parseExact = (text: string): Exact | undefined => {
  const parts = pattern.exec(text.trim());
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = parts;
  // Go reads a bare suffix (`Mi`) as zero; in a table's cell it is a word.
  if (whole === '' && fraction === '') return undefined;
  const { base, exponent, format } = scaleOf(suffix);
  if (Math.abs(exponent) > largestExponent) return undefined;
  const digits = BigInt(whole + fraction);
  const places = 9 - fraction.length + (base === 10 ? exponent : 0);
  const multiplied = digits * (base === 2 ? 2n ** BigInt(exponent) : 1n) * (places > 0 ? 10n ** BigInt(places) : 1n);
  const divisor = places < 0 ? 10n ** BigInt(-places) : 1n;
  // Too small an amount is rounded up to one nano-unit: who asks for something gets something.
  let nano = (multiplied + divisor - 1n) / divisor;
  if (format === 'BinarySI' && nano > largestBinary) nano = largestBinary;
  return { nano: sign === '-' ? -nano : nano, format };
};

/** The amount as a number, `1.5Gi` → 1610612736; undefined for what is no quantity. */
export const parseQuantity = (text: string): number | undefined => {
  const exact = parseExact(text);
  if (exact === undefined) return undefined;
  const whole = exact.nano / nanosPerUnit;
  return Number(whole) + Number(exact.nano - whole * nanosPerUnit) / 1e9;
};

const formatDecimal = (nano: bigint, format: QuantityFormat): string => {
  let mantissa = nano;
  let thousands = 0;
  while (mantissa % 1000n === 0n && (format === 'DecimalExponent' || thousands < decimalSuffixes.length - 1)) {
    mantissa /= 1000n;
    thousands++;
  }
  if (format === 'DecimalSI') return `${mantissa}${decimalSuffixes[thousands]}`;
  const exponent = thousands * 3 - 9;
  return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
};

/** As the API prints it (Quantity.CanonicalizeBytes): no fraction, the largest suffix that loses nothing. */
const formatExact = ({ nano, format }: Exact): string => {
  if (nano === 0n) return '0';
  const size = nano < 0n ? -nano : nano;
  if (format !== 'BinarySI') return formatDecimal(nano, format);
  if (size < 1024n * nanosPerUnit || nano % nanosPerUnit !== 0n) return formatDecimal(nano, 'DecimalSI');
  let mantissa = nano / nanosPerUnit;
  let power = 0;
  while (mantissa % 1024n === 0n && power < binarySuffixes.length - 1) {
    mantissa /= 1024n;
    power++;
  }
  return `${mantissa}${binarySuffixes[power]}`;
};

/** The API's canonical form of a quantity: `0.5` → `500m`, `2048Ki` → `2Mi`; undefined for what is no quantity. */
export const canonicalQuantity = (text: string): string | undefined => {
  const exact = parseExact(text);
  return exact === undefined ? undefined : formatExact(exact);
};

/** An amount in the API's canonical form; finer than a nano-unit is rounded away from zero. */
export const formatQuantity = (value: number, format: QuantityFormat): string => {
  const whole = Math.trunc(value);
  const rest = value - whole;
  // A decimal fraction is not exact in binary: without the rounding 0.1 would become 100000001n.
  const nanos = Number((Math.abs(rest) * 1e9).toFixed(3));
  const nano = BigInt(Math.ceil(nanos)) * (rest < 0 ? -1n : 1n);
  return formatExact({ nano: BigInt(whole) * nanosPerUnit + nano, format });
};
