import type { Resource } from '../protocol/resource.ts';
import type { Clock } from '../util/clock.ts';
import { canI } from './server.ts';
import type { Transport } from './transport.ts';

type Rule = {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
};

type Rules = { readonly rules: readonly Rule[]; readonly complete: boolean };

type Review = { readonly status?: { readonly resourceRules?: readonly Rule[]; readonly incomplete?: boolean } };

/** What a user may do in a namespace, for many namespaces: one question each, whatever number of resources. */
export interface Rights {
  /** May this user list the resource in the namespace? Rejects when the server cannot say. */
  mayList(resource: Resource, namespace: string): Promise<boolean>;
  /** The next question about the namespace is asked of the server again. */
  forget(namespace: string): void;
}

/** Rights change seldom, and a watch that loses its own is told by the server anyway. */
const keepMs = 300_000;

const includes = (list: readonly string[] | undefined, wanted: string): boolean =>
  list?.some((each) => each === '*' || each === wanted) ?? false;

const lists = ({ group, resource }: Resource, rule: Rule): boolean =>
  includes(rule.verbs, 'list') &&
  includes(rule.apiGroups, group) &&
  includes(rule.resources, resource) &&
  (rule.resourceNames ?? []).length === 0;

const reviewRules = async (transport: Transport, namespace: string): Promise<Rules> => {
  const { status } = await transport.json<Review>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
  });
  return { rules: status?.resourceRules ?? [], complete: status?.incomplete !== true };
};

export const createRights = (transport: Transport, clock: Clock): Rights => {
  const known = new Map<string, { readonly until: number; readonly answer: Promise<Rules> }>();
  const rulesOf = (namespace: string): Promise<Rules> => {
    const remembered = known.get(namespace);
    const left = (remembered?.until ?? 0) - clock.now();
    // More than it was kept for: the clock was set back.
    if (remembered !== undefined && left > 0 && left <= keepMs) return remembered.answer;
    const entry = { until: clock.now() + keepMs, answer: reviewRules(transport, namespace) };
    known.set(namespace, entry);
    entry.answer.catch(() => {
      if (known.get(namespace) === entry) known.delete(namespace);
    });
    return entry.answer;
  };
  return {
    mayList: async (resource, namespace) => {
      const { rules, complete } = await rulesOf(namespace);
      if (rules.some((rule) => lists(resource, rule))) return true;
      // A webhook authorizer cannot enumerate its rules; it can still answer the one question.
      return complete ? false : (await canI(transport, clock, 'list', resource, namespace)).allowed;
    },
    forget: (namespace) => void known.delete(namespace),
  };
};
