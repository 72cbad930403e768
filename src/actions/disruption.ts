import { resourcePath } from '../protocol/resource.ts';
import { asClusterError } from '../util/error.ts';
import { mapLimited } from '../util/map-limited.ts';
import type { Ability } from './ability.ts';
import { type LabelSelector, matches } from './objects.ts';

/** Pods that would go: how many with these labels. */
export type Loss = {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly pods: number;
};

type Budget = {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly selector?: LabelSelector };
  readonly status?: { readonly disruptionsAllowed?: number };
};

const lines = (budgets: readonly Budget[], losses: readonly Loss[]): string[] =>
  budgets.flatMap((budget) => {
    const { selector } = budget.spec ?? {};
    if (selector === undefined) return [];
    const asked = losses.filter(({ labels }) => matches(selector, labels)).reduce((sum, { pods }) => sum + pods, 0);
    if (asked === 0) return [];
    const allowed = budget.status?.disruptionsAllowed ?? 0;
    const text = `PDB ${budget.metadata.name}: allows ${allowed} disruption${allowed === 1 ? '' : 's'}, you ask ${asked}`;
    return [asked > allowed ? `! ${text}, and this does not wait for it` : text];
  });

/** What the disruption budgets of the namespaces say to losing these pods; one list a namespace. Never rejects. */
export const budgetLines = async (losses: readonly Loss[], ability: Ability): Promise<readonly string[]> => {
  const resource = ability.discovery.findKind('policy', 'PodDisruptionBudget');
  const relevant = losses.filter(({ pods }) => pods > 0);
  if (resource === undefined || relevant.length === 0) return [];
  const namespaces = [...new Set(relevant.map(({ namespace }) => namespace))];
  const found = await mapLimited(namespaces, 4, async (namespace) => {
    const inside = relevant.filter((loss) => loss.namespace === namespace);
    try {
      const path = resourcePath(resource, namespace);
      const { items = [] } = await ability.transport.json<{ readonly items?: readonly Budget[] }>({ path });
      return lines(items, inside);
    } catch (thrown) {
      return [`disruption budgets in ${namespace} were not looked at: ${asClusterError(thrown).message}`];
    }
  });
  return found.flat();
};
