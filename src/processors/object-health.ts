import type { Health } from '../protocol/row.ts';
import { wordHealth, worse } from './table-health.ts';

/**
 * Health of objects nobody here knows the kind of, by what custom resources have in common: the rules of
 * sigs.k8s.io/cli-utils/pkg/kstatus, and the conditions of well-known operators and of the Gateway API.
 */

type Bag = Readonly<Record<string, unknown>>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);
const bag = (value: unknown): Bag => (isBag(value) ? value : {});
const list = (value: unknown): readonly Bag[] => (Array.isArray(value) ? value.filter(isBag) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** True is well, False is not. */
const good = new Set([
  'Accepted',
  'Available',
  'Established',
  'Healthy',
  'Programmed',
  'Ready',
  'Reconciled',
  'ResolvedRefs',
  'Synced',
  'Valid',
]);

/** True is not well. */
const bad: Readonly<Record<string, Health>> = {
  Conflicted: 'error',
  Degraded: 'warning',
  Error: 'error',
  Failed: 'error',
  Failure: 'error',
  ReplicaFailure: 'error',
  Stalled: 'error',
};

/** True is on its way. */
const moving = new Set(['Progressing', 'Reconciling', 'Issuing', 'Creating', 'Upgrading']);

const done = new Set(['Complete', 'Completed', 'Succeeded']);

const underWay = /progress|pending|creating|provision|waiting|initiali[sz]|reconcil|starting|installing|issuing/i;
const failing = /fail|error|invalid|denied|refused|forbidden|notfound|missing|unresolved|conflict|unsupported/i;

/** Why a condition that should be true is not: it may come, it may need somebody, or it has gone wrong. */
const missing = (reason: string): Health => {
  if (failing.test(reason)) return 'error';
  return underWay.test(reason) ? 'pending' : 'warning';
};

const conditionHealth = (condition: Bag): Health => {
  const type = text(condition.type);
  const state = text(condition.status);
  if (good.has(type)) {
    if (state === 'True') return 'ok';
    return state === 'False' ? missing(text(condition.reason)) : 'pending';
  }
  if (state !== 'True') return 'unknown';
  if (Object.hasOwn(bad, type)) return bad[type] ?? 'unknown';
  return done.has(type) ? 'done' : 'unknown';
};

/** Those of the object and of its parts: a route has its own for each gateway, a gateway for each listener. */
const conditionsOf = (status: Bag): readonly Bag[] => [
  ...list(status.conditions),
  ...[...list(status.parents), ...list(status.listeners), ...list(status.ancestors)].flatMap((part) =>
    list(part.conditions),
  ),
];

/** The controller has not seen what was asked for last. */
const isBehind = (generation: unknown, status: Bag, conditions: readonly Bag[]): boolean => {
  if (typeof generation !== 'number') return false;
  const seen = status.observedGeneration ?? conditions.find(({ type }) => type === 'Ready')?.observedGeneration;
  return typeof seen === 'number' && seen < generation;
};

const replicasHealth = (spec: Bag, status: Bag): Health => {
  const { replicas: wanted } = spec;
  const ready = status.readyReplicas ?? (status.replicas === undefined ? undefined : status.availableReplicas);
  if (typeof wanted !== 'number' || typeof ready !== 'number') return 'unknown';
  if (wanted === 0) return 'done';
  return ready < wanted ? 'warning' : 'ok';
};

export const objectHealth = (object: unknown): Health => {
  const { metadata: rawMetadata, spec: rawSpec, status: rawStatus } = bag(object);
  const metadata = bag(rawMetadata);
  if (metadata.deletionTimestamp != null) return 'pending';
  const [spec, status] = [bag(rawSpec), bag(rawStatus)];
  const conditions = conditionsOf(status);
  let health: Health = worse(wordHealth(text(status.phase)), wordHealth(text(status.state)));
  health = worse(health, replicasHealth(spec, status));
  for (const condition of conditions) health = worse(health, conditionHealth(condition));
  if (health === 'error') return health;
  if (isBehind(metadata.generation, status, conditions)) return 'pending';
  // What moves and says nothing worse is on its way, though its last state may still be called ready.
  const moves = conditions.some(({ type, status: state }) => moving.has(text(type)) && state === 'True');
  if (moves && (health === 'unknown' || health === 'warning')) return 'pending';
  if (spec.suspend === true && health !== 'warning') return 'done';
  return health;
};
