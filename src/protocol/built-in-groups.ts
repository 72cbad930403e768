import type { Resource } from './resource.ts';

/** Groups of k8s.io/api, of the API server's own definitions and of those that aggregate others. */
const builtInGroups = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'extensions',
  'policy',
  ...[
    'admissionregistration',
    'apiextensions',
    'apiregistration',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'discovery',
    'events',
    'flowcontrol.apiserver',
    'imagepolicy',
    'internal.apiserver',
    'metrics',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
    'storagemigration',
  ].map((name) => `${name}.k8s.io`),
]);

/** Whether somebody else than Kubernetes defined the resource. */
export const isCustom = ({ group }: Pick<Resource, 'group'>): boolean => !builtInGroups.has(group);
