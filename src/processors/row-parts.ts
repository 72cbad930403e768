import type { Health } from '../protocol/row.ts';
import type { Style } from '../protocol/styles.ts';
import type { ObjectMeta } from './objects.ts';

const noLabels: Readonly<Record<string, string>> = {};
const noOwners: readonly string[] = [];

type Texts = Readonly<Record<string, string>>;

/** What is a text of a map of texts: aggregated servers are free in what they send. */
export const onlyTexts = (map: Readonly<Record<string, unknown>>): Texts => {
  for (const key in map) {
    if (typeof map[key] === 'string') continue;
    return Object.fromEntries(
      Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
  return map as Texts;
};

const labelsOf = (labels: unknown): Texts =>
  typeof labels === 'object' && labels !== null && !Array.isArray(labels)
    ? onlyTexts(labels as Readonly<Record<string, unknown>>)
    : noLabels;

const uidOf = (reference: { readonly uid?: unknown } | null | undefined): string | readonly never[] =>
  typeof reference?.uid === 'string' ? reference.uid : [];

type Family = { readonly owners: readonly string[]; labels: Readonly<Record<string, string>> };

/** The labels and owner list of the latest child of each owner; siblings mostly have equal ones and then share them. */
const families = new Map<string, Family>();
const familyLimit = 4096;

const sameLabels = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean => {
  let count = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
};

const familyOf = (owner: string, labels: Readonly<Record<string, string>>): Family => {
  const known = families.get(owner);
  if (known !== undefined) return known;
  if (families.size >= familyLimit) families.clear();
  const family: Family = { owners: [owner], labels };
  families.set(owner, family);
  return family;
};

/** Labels and owners of an object, shared with its siblings where they are equal. */
export const relations = (
  metadata: ObjectMeta,
): { readonly labels: Readonly<Record<string, string>>; readonly owners: readonly string[] } => {
  const labels = labelsOf(metadata.labels);
  const references = metadata.ownerReferences;
  if (!Array.isArray(references) || references.length === 0) return { labels, owners: noOwners };
  const first = references[0]?.uid;
  if (references.length > 1 || typeof first !== 'string') {
    return { labels, owners: references.flatMap(uidOf) };
  }
  const family = familyOf(first, labels);
  if (family.labels !== labels && !sameLabels(family.labels, labels)) family.labels = labels;
  return family;
};

/** The style of a status word that stands for this health. */
export const healthStyle = (health: Health): Style | undefined => {
  switch (health) {
    case 'ok':
      return 'KubectlOk';
    case 'pending':
      return 'KubectlPending';
    case 'warning':
      return 'KubectlWarning';
    case 'error':
      return 'KubectlError';
    case 'done':
      return 'KubectlDone';
    case 'unknown':
      return undefined;
    default:
      return health satisfies never;
  }
};
