import type { Transport } from '../cluster/transport.ts';
import { resourceKey, resourcePath, type Target } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { labelOf } from './session-state.ts';

type Requirement = { readonly key?: string; readonly operator?: string; readonly values?: readonly string[] | null };

type Selector = {
  readonly matchLabels?: Readonly<Record<string, string>> | null;
  readonly matchExpressions?: readonly Requirement[] | null;
};

type Selecting = { readonly spec?: { readonly selector?: Selector | Readonly<Record<string, string>> | null } };

const requirement = ({ key = '', operator, values }: Requirement): string => {
  switch (operator) {
    case 'In':
      return `${key} in (${(values ?? []).join(',')})`;
    case 'NotIn':
      return `${key} notin (${(values ?? []).join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      throw new ClusterError('unsupported', `its selector has the operator ${operator}, which is not known here`);
  }
};

const equalities = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([key, value]) => `${key}=${value}`);

const isSelector = (selector: object): selector is Selector =>
  'matchLabels' in selector || 'matchExpressions' in selector;

/** A selector in the API's query syntax: of a workload, or the plain labels of a service. */
export const selectorText = (selector: Selector | Readonly<Record<string, string>>): string =>
  (isSelector(selector)
    ? [...equalities(selector.matchLabels ?? {}), ...(selector.matchExpressions ?? []).map(requirement)]
    : equalities(selector)
  ).join(',');

const withPods: readonly string[] = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'services',
];

export const isPod = ({ resource }: Target): boolean => resourceKey(resource) === 'pods';

/** The label selector of the pods whose logs are meant. */
export const podSelector = async (transport: Transport, target: Target, signal: AbortSignal): Promise<string> => {
  const label = labelOf(target);
  if (!withPods.includes(resourceKey(target.resource))) {
    throw new ClusterError(
      'unsupported',
      `${label} has no logs: it is neither a pod nor a workload with pods of its own.`,
      {
        hint: 'Open its pods first.',
      },
    );
  }
  const path = resourcePath(target.resource, target.namespace, target.name);
  const { spec } = await transport.json<Selecting>({ path, signal });
  const text = spec?.selector === undefined || spec.selector === null ? '' : selectorText(spec.selector);
  // An empty selector would take every pod of the namespace.
  if (text === '') throw new ClusterError('invalid', `${label} selects no pods: it has no selector.`);
  return text;
};
