import type { Discovery } from '../cluster/discovery.ts';
import { type Resource, resourceKey } from '../protocol/resource.ts';

/** Where a description names another object. */
type Rule = {
  /** Its groups: `name`, and where the text says them `namespace` and `kind`. */
  readonly pattern: RegExp;
  /** As users write it; absent: the text says the kind. */
  readonly resource?: string;
};

const named = '(?<name>[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?)';
const field = (titles: string): RegExp => new RegExp(`^\\s*(?:${titles}):\\s+${named}(?=[\\s/]|$)`, 'g');

/** By what stands in kubectl's own texts (staging/src/k8s.io/kubectl/pkg/describe) and in messages of controllers. */
const rules: readonly Rule[] = [
  { pattern: field('Node|NodeName|Node Name'), resource: 'nodes' },
  { pattern: field('Namespace'), resource: 'namespaces' },
  { pattern: field('Service Account'), resource: 'serviceaccounts' },
  { pattern: field('SecretName|Image pull secrets|Mountable secrets'), resource: 'secrets' },
  { pattern: field('ConfigMapName'), resource: 'configmaps' },
  { pattern: field('ClaimName'), resource: 'persistentvolumeclaims' },
  { pattern: field('Volume'), resource: 'persistentvolumes' },
  { pattern: field('StorageClass'), resource: 'storageclasses.storage.k8s.io' },
  { pattern: field('Ingress Class'), resource: 'ingressclasses.networking.k8s.io' },
  { pattern: field('Priority Class Name'), resource: 'priorityclasses.scheduling.k8s.io' },
  { pattern: new RegExp(`^Claim:\\s+(?<namespace>[a-z0-9-]+)/${named}`, 'g'), resource: 'persistentvolumeclaims' },
  { pattern: field('Used By'), resource: 'pods' },
  {
    pattern: new RegExp(
      `(?:^NewReplicaSet:\\s+|^OldReplicaSets:\\s+|, |replica set )${named}(?= \\(\\d+/\\d+ | from \\d)`,
      'g',
    ),
    resource: 'replicasets.apps',
  },
  { pattern: new RegExp(`'[^']+' in secret '${named}'`, 'g'), resource: 'secrets' },
  { pattern: new RegExp(`'[^']+' of config map '${named}'`, 'g'), resource: 'configmaps' },
  { pattern: new RegExp(`^\\s+${named}\\s+ConfigMap\\s+Optional:`, 'g'), resource: 'configmaps' },
  { pattern: new RegExp(`^\\s+${named}\\s+Secret\\s+Optional:`, 'g'), resource: 'secrets' },
  { pattern: new RegExp(`Successfully assigned (?<namespace>[a-z0-9-]+)/${named} to `, 'g'), resource: 'pods' },
  { pattern: new RegExp(`Successfully assigned \\S+ to ${named}`, 'g'), resource: 'nodes' },
  { pattern: new RegExp(`(?:Created|Deleted) pod: ${named}`, 'g'), resource: 'pods' },
  { pattern: new RegExp(`(?:Created|Completed|Saw completed) job:? ${named}`, 'g'), resource: 'jobs.batch' },
  { pattern: new RegExp(`^\\s+/\\S*\\s+${named}:\\S+ \\(`, 'g'), resource: 'services' },
  // `Controlled By:  ReplicaSet/web-1`, `Reference:  Deployment/web`.
  { pattern: new RegExp(`(?:^|\\s)(?<kind>[A-Z][A-Za-z]+)/${named}`, 'g') },
];

/** A volume says first what it is, then its name. */
const volumeKinds: Readonly<Record<string, string>> = { ConfigMap: 'configmaps', Secret: 'secrets' };
const volumeType = /^\s+Type:\s+(?<kind>\w+) \(a volume populated by/;
const volumeName = new RegExp(`^\\s+Name:\\s+${named}$`);

/** `Role:`, then its kind and its name on lines of their own. */
const roleKind = /^\s+Kind:\s+(?<kind>[A-Z]\w+)$/;

export type Link = { readonly resource: string; readonly namespace?: string; readonly name: string };

/** The first of a kind: what kubectl writes of an object leaves its group out. */
const byKind = ({ resources }: Discovery, kind: string): Resource | undefined =>
  resources.find((each) => each.kind === kind);

/** Which objects a line names, in the order of the rules. Only what the server serves is a link. */
export const describeLinks = (
  line: string,
  before: string,
  namespace: string,
  discovery: Discovery,
): readonly Link[] => {
  const found: Link[] = [];
  const add = (resource: Resource | undefined, name: string | undefined, inside = namespace): void => {
    if (resource === undefined || name === undefined) return;
    found.push({ resource: resourceKey(resource), ...(resource.namespaced && { namespace: inside }), name });
  };
  const byKey = (key: string | undefined) => discovery.resources.find((each) => resourceKey(each) === key);
  for (const { pattern, resource } of rules) {
    for (const { groups = {} } of line.matchAll(pattern)) {
      const of = resource === undefined ? byKind(discovery, groups.kind ?? '') : byKey(resource);
      add(of, groups.name, groups.namespace ?? namespace);
    }
  }
  const name = volumeName.exec(line)?.groups?.name;
  add(byKey(volumeKinds[volumeType.exec(before)?.groups?.kind ?? '']), name);
  add(byKind(discovery, roleKind.exec(before)?.groups?.kind ?? ''), name);
  return found;
};
