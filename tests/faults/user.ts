import { expect } from 'vitest';
import type { World } from './support.ts';

export type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
};

/** A user who may do that in the world's namespace, and nothing else; known to the API server when this resolves. */
export const userWith = async ({ transport, namespace }: World, rules: readonly Rule[]): Promise<string> => {
  const user = `${namespace}-user`;
  const group = 'rbac.authorization.k8s.io';
  const root = `/apis/${group}/v1/namespaces/${namespace}`;
  const make = (kind: string, body: object) => transport.json({ method: 'POST', path: `${root}/${kind}`, body });
  await make('roles', { metadata: { name: 'some' }, rules });
  await make('rolebindings', {
    metadata: { name: 'some' },
    roleRef: { apiGroup: group, kind: 'Role', name: 'some' },
    subjects: [{ apiGroup: group, kind: 'User', name: user }],
  });
  const [
    { apiGroups: [ruled = ''] = [], resources: [resource = ''] = [], verbs: [verb = ''] = [], resourceNames } = {},
  ] = rules as readonly [Partial<Rule>];
  const review = () =>
    transport.json<{ status: { allowed: boolean } }>({
      method: 'POST',
      path: `/apis/authorization.k8s.io/v1/subjectaccessreviews`,
      body: {
        spec: { user, resourceAttributes: { namespace, group: ruled, resource, verb, name: resourceNames?.[0] } },
      },
    });
  await expect.poll(async () => (await review()).status.allowed, { timeout: 10_000 }).toBe(true);
  return user;
};
