import type { ClusterError } from './error.ts';
import type { Kind } from './usage-samples.ts';

const install =
  'kubectl apply -f https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';

/** Why there is no usage, what was tried and what helps. */
export const adviceFor = (error: ClusterError, kind: Kind, path: string): string => {
  if (error.code === 'not-found') {
    return `No usage: the Metrics API is not installed in this cluster (GET ${path} found nothing). Install metrics-server: ${install}`;
  }
  if (error.status === 503) {
    return `No usage: the Metrics API is registered, but its server does not answer (GET ${path}: 503). Look at: kubectl get apiservice v1beta1.metrics.k8s.io, and at the pods of metrics-server.`;
  }
  if (error.code === 'forbidden') {
    const scope =
      kind === 'pods' ? ' Where you may not list all namespaces, name one: :Kubectl top pods -n <namespace>.' : '';
    return `No usage: GET ${path} is forbidden. Ask for the verbs get and list on ${kind} in the group metrics.k8s.io.${scope}`;
  }
  const hint = error.hint === undefined ? '' : ` ${error.hint}`;
  return `No usage: GET ${path} failed: ${error.message}${hint}`;
};

export const emptyAdvice = (kind: Kind, path: string): string =>
  `No usage: the Metrics API answers (GET ${path}), but has no ${kind}. After a start metrics-server needs up to a minute for its first samples; then its log tells which kubelets it cannot reach.`;

/** Failures that waiting a few seconds does not end. */
export const isLasting = (error: ClusterError): boolean =>
  error.code === 'not-found' || error.code === 'forbidden' || error.code === 'unsupported';
