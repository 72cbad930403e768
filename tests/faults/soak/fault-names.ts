/** What the proxy can do to a burst, and how often it does. */
const quick = {
  close: 2,
  reset: 3,
  'cut event': 3,
  hold: 2,
  'expired watch': 3,
  'expired twice': 1,
  'lost events': 3,
  throttled: 1,
  unavailable: 3,
  'bad gateway': 1,
  'refused list': 2,
  'half a list': 3,
  garbage: 3,
  'expired stream': 2,
  'future version': 1,
  'bookmarks only': 1,
  drip: 2,
  'slow answers': 1,
  'login once': 1,
  'login refused': 1,
};

const slow = { 'watch forbidden': 0.5, 'dark connections': 0.4, dark: 0.4 };

export type FaultName = keyof typeof quick | keyof typeof slow;

export const faultNames = (long: boolean): Readonly<Record<FaultName, number>> =>
  long ? { ...quick, ...slow } : { ...quick, 'watch forbidden': 0, 'dark connections': 0, dark: 0 };
