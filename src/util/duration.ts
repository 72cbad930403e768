/** Durations as Kubernetes writes them: k8s.io/apimachinery/pkg/util/duration. Milliseconds throughout. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** Two or three significant figures, as `kubectl get` prints ages: `45s`, `5m30s`, `3h12m`, `4d2h`, `2y31d`. */
export const humanDuration = (ms: number): string => {
  const seconds = Math.trunc(ms / second);
  // Clocks of two machines differ: up to two seconds in the future count as now.
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(ms / minute);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(ms / hour);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
};

const pair = (large: number, unit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`;

/** One figure: `45s`, `5m`, `3h`, `4d`, `2y`. */
export const shortHumanDuration = (ms: number): string => {
  const seconds = Math.trunc(ms / second);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 60) return `${seconds}s`;
  if (ms < hour) return `${Math.floor(ms / minute)}m`;
  if (ms < day) return `${Math.floor(ms / hour)}h`;
  if (ms < year) return `${Math.floor(ms / day)}d`;
  return `${Math.floor(ms / year)}y`;
};

/** When `humanDuration(t - since)` next differs from its text at `now`, in ms since the epoch; always after `now`. */
export const nextDurationChange = (since: number, now: number): number => {
  const elapsed = now - since;
  if (elapsed <= -2 * second) return since - 2 * second + 1;
  if (elapsed < second) return since + second;
  const step = stepAt(elapsed);
  return since + (Math.floor(elapsed / step) + 1) * step;
};

/** How long the text stays as it is, for a duration of this length. */
const stepAt = (elapsed: number): number => {
  if (elapsed < 10 * minute) return second;
  if (elapsed < 8 * hour) return minute;
  if (elapsed < 8 * day) return hour;
  return elapsed < 8 * year ? day : year;
};

const unitMs: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day, w: 7 * day, y: year };

/** `5m30s` → 330000. Undefined for anything but whole numbers with the units y w d h m s. */
export const parseDuration = (text: string): number | undefined => {
  let total = 0;
  let number = 0;
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index) - 48;
    if (code >= 0 && code <= 9) {
      number = number * 10 + code;
      digits++;
      continue;
    }
    const unit = unitMs[text.charAt(index)];
    if (unit === undefined || digits === 0) return undefined;
    total += number * unit;
    number = 0;
    digits = 0;
  }
  return digits > 0 || text === '' ? undefined : total;
};
