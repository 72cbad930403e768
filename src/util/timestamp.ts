/** Times as the API writes them: RFC 3339, nearly always `2026-01-02T03:04:05Z`. */

const digit = (text: string, index: number): number => {
  const value = text.charCodeAt(index) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
};

const two = (text: string, index: number): number => digit(text, index) * 10 + digit(text, index + 1);

/** Days from 1970-01-01; the algorithm is Howard Hinnant's days_from_civil, for years from 0. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
};

/** Go's zero time, `0001-01-01T00:00:00Z`, means that there is none. */
const zeroTime = -62_135_596_800_000;

/**
 * A time of the API in ms since the epoch; a number is taken as such already. Undefined for what is no time.
 * The usual 20 characters are read without Date, ten times faster: a list has one to five times an object.
 */
export const parseTimestamp = (time: string | number | null | undefined): number | undefined => {
  if (typeof time === 'number') return time;
  if (typeof time !== 'string') return undefined;
  if (time.length !== 20 || time.charCodeAt(19) !== 90 || time.charCodeAt(10) !== 84) return parseOther(time);
  const year = two(time, 0) * 100 + two(time, 2);
  const days = daysFromCivil(year, two(time, 5), two(time, 8));
  const ms = (((days * 24 + two(time, 11)) * 60 + two(time, 14)) * 60 + two(time, 17)) * 1000;
  return ms === zeroTime || Number.isNaN(ms) ? undefined : ms;
};

/** Date.parse alone takes `web-2` and `9%` for times as well. */
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Fractions of a second and offsets. */
const parseOther = (time: string): number | undefined => {
  if (!rfc3339.test(time)) return undefined;
  const ms = Date.parse(time);
  return Number.isNaN(ms) || ms === zeroTime ? undefined : ms;
};
