import type { Loose } from './objects.ts';

/** What services and ingresses say of the load balancer in front of them. */
export type Balanced = Loose<{ status: { loadBalancer: { ingress: { ip: string; hostname: string }[] } } }>;

export const balancerFields: readonly string[] = [
  'status.loadBalancer.ingress.ip',
  'status.loadBalancer.ingress.hostname',
];

/**
 * printers.go, loadBalancerStatusStringer and ingressLoadBalancerStatusStringer; the API always prints them whole,
 * never clipped to 16 characters.
 */
export const balancerAddresses = (object: Balanced): readonly string[] => {
  const addresses = new Set<string>();
  for (const ingress of object.status?.loadBalancer?.ingress ?? []) {
    const found = ingress.ip || ingress.hostname;
    if (found) addresses.add(found);
  }
  return [...addresses].sort();
};
