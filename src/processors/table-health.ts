import type { Cell, Column, Health } from '../protocol/row.ts';

/** Words servers and operators write into status columns, by what they mean; everything else is unknown. */
const words: Readonly<Record<string, Health>> = {
  Active: 'ok',
  Available: 'ok',
  Bound: 'ok',
  Deployed: 'ok',
  Established: 'ok',
  Healthy: 'ok',
  Ready: 'ok',
  Running: 'ok',
  Synced: 'ok',
  Complete: 'done',
  Completed: 'done',
  Succeeded: 'done',
  Creating: 'pending',
  Deleting: 'pending',
  Pending: 'pending',
  Progressing: 'pending',
  Provisioning: 'pending',
  Suspended: 'pending',
  Terminating: 'pending',
  Updating: 'pending',
  Degraded: 'warning',
  NotReady: 'warning',
  OutOfSync: 'warning',
  Released: 'warning',
  Unknown: 'warning',
  Error: 'error',
  Failed: 'error',
  Lost: 'error',
  Unhealthy: 'error',
};

export const wordHealth = (word: string): Health =>
  Object.hasOwn(words, word) ? (words[word] ?? 'unknown') : 'unknown';

const statusTitles = new Set(['STATUS', 'PHASE', 'STATE', 'HEALTH']);

export const isStatusTitle = (title: string): boolean => statusTitles.has(title);

const readyHealth = (cell: Cell, desired: Cell | undefined): Health => {
  if (cell.text === 'True' || cell.text === 'true') return 'ok';
  if (cell.text === 'False' || cell.text === 'false') return 'warning';
  const [ready, wanted] = cell.text.split('/').map(Number);
  const whole = wanted ?? (typeof desired?.value === 'number' ? desired.value : undefined);
  if (ready === undefined || whole === undefined || Number.isNaN(ready) || Number.isNaN(whole)) return 'unknown';
  if (whole === 0) return 'done';
  return ready < whole ? 'warning' : 'ok';
};

/** From what says nothing to what is worst. */
const ranks: readonly Health[] = ['unknown', 'done', 'ok', 'pending', 'warning', 'error'];

export const worse = (a: Health, b: Health): Health => (ranks.indexOf(b) > ranks.indexOf(a) ? b : a);

/** Health of a row of which only cells are known: obvious words in status columns, READY and its counterpart. */
export const tableHealth = (columns: readonly Column[]): ((cells: readonly Cell[]) => Health) => {
  const statuses = columns.flatMap(({ title }, index) => (isStatusTitle(title) ? [index] : []));
  const ready = columns.findIndex(({ title }) => title === 'READY');
  const desired = columns.findIndex(({ title }) => title === 'DESIRED');
  return (cells) => {
    let health: Health = 'unknown';
    for (const index of statuses) health = worse(health, wordHealth(cells[index]?.text ?? ''));
    const readyCell = cells[ready];
    return readyCell === undefined ? health : worse(health, readyHealth(readyCell, cells[desired]));
  };
};
