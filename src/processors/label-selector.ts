import type { LabelSelector } from './objects.ts';

/** k8s.io/apimachinery/pkg/labels and pkg/apis/meta/v1/helpers.go: selectors as text, as the API's queries take them. */

const labelPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const isValue = (value: string): boolean => value === '' || (value.length <= 63 && labelPart.test(value));

const isKey = (key: string): boolean => {
  const parts = key.split('/');
  const own = parts[parts.length - 1] ?? '';
  if (parts.length > 2 || own.length > 63 || !labelPart.test(own)) return false;
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined;
  return prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
};

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

type Requirement = { readonly key: string; readonly text: string };

const requirement = (key: string, operator: string, values: readonly string[]): Requirement | undefined => {
  if (!isKey(key) || !values.every(isValue)) return undefined;
  const list = `(${[...values].sort(byText).join(',')})`;
  switch (operator) {
    case 'In':
      return values.length === 0 ? undefined : { key, text: `${key} in ${list}` };
    case 'NotIn':
      return values.length === 0 ? undefined : { key, text: `${key} notin ${list}` };
    case 'Exists':
      return values.length > 0 ? undefined : { key, text: key };
    case 'DoesNotExist':
      return values.length > 0 ? undefined : { key, text: `!${key}` };
    default:
      return undefined;
  }
};

/** LabelSelectorAsSelector(…).String(): '' for a selector that is absent or empty, undefined for an invalid one. */
export const selectorText = (selector: LabelSelector | null | undefined): string | undefined => {
  const requirements: Requirement[] = [];
  const labels = selector?.matchLabels ?? {};
  for (const key in labels) {
    const value = labels[key] ?? '';
    if (!isKey(key) || !isValue(value)) return undefined;
    requirements.push({ key, text: `${key}=${value}` });
  }
  for (const { key, operator, values } of selector?.matchExpressions ?? []) {
    const made = requirement(key, operator, values ?? []);
    if (made === undefined) return undefined;
    requirements.push(made);
  }
  requirements.sort((a, b) => byText(a.key, b.key));
  return requirements.map(({ text }) => text).join(',');
};

/** FormatLabelSelector: an empty selector and none at all have the same text. */
export const selectorLabel = (selector: LabelSelector | null | undefined): string => {
  const selects = selectorText(selector);
  return selects === undefined ? '<error>' : selects || '<none>';
};

/** labels.Set.String(): `a=1,b=2`, sorted; '' for none. */
export const labelsText = (labels: Readonly<Record<string, string>> | null | undefined): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort(byText)
    .join(',');
