/** Label selectors as the API's queries take them, matched here: k8s.io/apimachinery/pkg/labels, Parse. */

type Labels = Readonly<Record<string, string>>;

export type LabelMatcher = (labels: Labels) => boolean;

const key = '[A-Za-z0-9./_-]+';
const membership = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const comparison = new RegExp(`^(${key})\\s*(==|=|!=|>|<)\\s*([A-Za-z0-9._-]*)$`);
const presence = new RegExp(`^(!?)\\s*(${key})$`);

/** At the commas outside parentheses. */
const requirements = (text: string): readonly string[] =>
  text
    .split(/,(?![^()]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const labelOf = (labels: Labels, name: string): string | undefined =>
  Object.hasOwn(labels, name) ? labels[name] : undefined;

const whole = /^-?\d+$/;

/** `>` and `<` compare whole numbers, and nothing that is no number. */
const compared = (operator: string, value: string | undefined, limit: string): boolean => {
  if (value === undefined || !whole.test(value)) return false;
  return operator === '>' ? BigInt(value) > BigInt(limit) : BigInt(value) < BigInt(limit);
};

const requirement = (text: string): LabelMatcher | string => {
  const set = membership.exec(text);
  if (set !== null) {
    const [, name = '', operator = '', list = ''] = set;
    const values = new Set(list.split(',').map((each) => each.trim()));
    const isIn = operator === 'in';
    // What has no such label is not in any set.
    return (labels) => {
      const value = labelOf(labels, name);
      return value === undefined ? !isIn : values.has(value) === isIn;
    };
  }
  const equal = comparison.exec(text);
  if (equal !== null) {
    const [, name = '', operator = '', wanted = ''] = equal;
    if (operator === '!=') return (labels) => labelOf(labels, name) !== wanted;
    if (operator === '=' || operator === '==') return (labels) => labelOf(labels, name) === wanted;
    if (!whole.test(wanted)) return `'${wanted}' is no whole number`;
    return (labels) => compared(operator, labelOf(labels, name), wanted);
  }
  const there = presence.exec(text);
  if (there === null) return `'${text}' is no label requirement`;
  const [, not = '', name = ''] = there;
  return (labels) => Object.hasOwn(labels, name) === (not === '');
};

/** A selector as a matcher, or what is wrong with it. An empty one matches everything. */
export const parseLabels = (text: string): LabelMatcher | string => {
  const all: LabelMatcher[] = [];
  for (const part of requirements(text)) {
    const one = requirement(part);
    if (typeof one === 'string') return one;
    all.push(one);
  }
  return (labels) => all.every((matches) => matches(labels));
};
