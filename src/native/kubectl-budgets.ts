import type { Kubectl } from './kubectl-process.ts';

type Selector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
};

type Listed = { readonly metadata: { readonly name: string }; readonly spec: { readonly selector?: Selector } };

/** Which budgets keep a pod; kubectl does not say. It only makes a message better, so a failure gives none. */
export const budgetsOf = async (
  kubectl: Kubectl,
  namespace: string,
  pod: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> => {
  const what = 'find the disruption budgets';
  const get = async (...args: readonly string[]) =>
    JSON.parse(await kubectl(['get', `--namespace=${namespace}`, '--output=json', ...args], { what, signal }));
  try {
    const [{ metadata }, { items }]: [{ metadata: { labels?: Record<string, string> } }, { items: readonly Listed[] }] =
      await Promise.all([get(`pods/${pod}`), get('poddisruptionbudgets')]);
    const labels = metadata.labels ?? {};
    return items
      .filter(({ spec }) => matches(spec.selector, labels))
      .map((item) => `${namespace}/${item.metadata.name}`);
  } catch {
    return [];
  }
};

/** A label selector as Kubernetes means it: absent selects nothing, empty selects all. */
export const matches = (selector: Selector | undefined, labels: Readonly<Record<string, string>>): boolean => {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      return value === undefined || !values.includes(value);
    })
  );
};
