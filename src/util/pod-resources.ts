/** What pods ask for and may use at most, as the scheduler and the kubelet count it. */
import { parseQuantity } from './quantity.ts';

/** `{ cpu: '100m', memory: '64Mi' }`. */
export type Amounts = Readonly<Record<string, string>> | null | undefined;

export type Resources = { readonly requests?: Amounts; readonly limits?: Amounts } | null | undefined;

export type MeasuredContainer = { readonly resources?: Resources; readonly restartPolicy?: string | null | undefined };

export type MeasuredPod = {
  readonly spec?:
    | {
        readonly containers?: readonly MeasuredContainer[] | null | undefined;
        readonly initContainers?: readonly MeasuredContainer[] | null | undefined;
        /** Of the pod as a whole, where it has them (KEP-2837). */
        readonly resources?: Resources;
        readonly overhead?: Amounts;
      }
    | null
    | undefined;
};

export const amount = (amounts: Amounts, name: string): number | undefined => {
  const text = amounts?.[name];
  return typeof text === 'string' ? parseQuantity(text) : undefined;
};

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

const isSidecar = (container: MeasuredContainer): boolean => container.restartPolicy === 'Always';

/** What a pod asks for, as the scheduler counts it (k8s.io/component-helpers/resource): sidecars add up, other init containers only raise the peak. */
export const requested = (pod: MeasuredPod, resource: string): number | undefined => {
  const whole = amount(pod.spec?.resources?.requests, resource);
  if (whole !== undefined) return plus(whole, amount(pod.spec?.overhead, resource));
  const of = (container: MeasuredContainer): number | undefined => amount(container.resources?.requests, resource);
  let sidecars: number | undefined;
  let peak: number | undefined;
  for (const container of pod.spec?.initContainers ?? []) {
    if (isSidecar(container)) sidecars = plus(sidecars, of(container));
    const now = isSidecar(container) ? sidecars : plus(sidecars, of(container));
    if (now !== undefined) peak = Math.max(peak ?? 0, now);
  }
  const running = (pod.spec?.containers ?? []).reduce((sum, container) => plus(sum, of(container)), sidecars);
  const most = running === undefined && peak === undefined ? undefined : Math.max(running ?? 0, peak ?? 0);
  return plus(most, most === undefined ? undefined : amount(pod.spec?.overhead, resource));
};

/** The most a pod may use: known only when each container that keeps running has a limit. */
export const limited = (pod: MeasuredPod, resource: string): number | undefined => {
  const whole = amount(pod.spec?.resources?.limits, resource);
  if (whole !== undefined) return whole;
  const running = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter(isSidecar)];
  const limits = running.map((container) => amount(container.resources?.limits, resource));
  if (limits.length === 0 || limits.includes(undefined)) return undefined;
  return limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
};
