import { bringsCells } from '../processors/custom-columns.ts';
import { compilePath, PathError } from '../processors/json-path.ts';
import type { Custom } from '../protocol/added-columns.ts';
import { type Resource, resourceKey } from '../protocol/resource.ts';
import type { ColumnChoice, Query } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import type { Arrangement } from '../view/layout.ts';

/** Every name kubectl knows a resource by, the most exact one first. */
const namesOf = (resource: Resource): readonly string[] => [
  resourceKey(resource),
  `${resource.resource}.${resource.version}.${resource.group}`,
  resource.resource,
  resource.singular,
  ...resource.shortNames,
];

/** What setup() says of a resource, by whichever of its names; an exact one goes before a short one. */
export const choiceFor = (resource: Resource, choices: Query['choices'] = {}): ColumnChoice | undefined => {
  const name = namesOf(resource).find((each) => Object.hasOwn(choices, each));
  return name === undefined ? undefined : choices[name];
};

/** The columns a query and setup() add to a resource's own; those of the query go before, a title at a time. */
const customOf = (resource: Resource, query: Query): Custom | undefined => {
  const asked = query.columns ?? [];
  const only = query.only === true;
  const chosen = only ? [] : (choiceFor(resource, query.choices)?.columns ?? []);
  const columns = [
    ...chosen.filter((each) => bringsCells(each) && asked.every(({ title }) => title !== each.title)),
    ...asked,
  ];
  return columns.length === 0 ? undefined : { columns, only };
};

/** The part of a scope that says so. */
export const customIn = (resource: Resource, query: Query): { readonly custom?: Custom } => {
  const custom = customOf(resource, query);
  return custom === undefined ? {} : { custom };
};

/** How the columns of a new table are arranged. */
export const arrangementOf = (resource: Resource, query: Query): Arrangement => {
  const choice = query.only === true ? undefined : choiceFor(resource, query.choices);
  const columns = [...(choice?.columns ?? []), ...(query.columns ?? [])];
  return {
    wide: query.wide ?? choice?.wide ?? false,
    hidden: new Set(choice?.hidden ?? []),
    order: choice?.order ?? [],
    limits: Object.fromEntries(columns.flatMap(({ title, width }) => (width === undefined ? [] : [[title, width]]))),
    ...(query.only === true ? { only: new Set(query.columns?.map(({ title }) => title)) } : {}),
  };
};

/** Refuses what was typed and cannot be read; what setup() says wrongly is told in the column's cells instead. */
export const checkColumns = ({ columns = [] }: Query): void => {
  for (const { title, jsonpath } of columns) {
    if (jsonpath === undefined) continue;
    try {
      compilePath(jsonpath);
    } catch (thrown) {
      if (!(thrown instanceof PathError)) throw thrown;
      throw new ClusterError('invalid', `column ${title}: '${jsonpath}' is no JSONPath: ${thrown.message}`, {
        hint: 'For example .spec.containers[*].image, as with `kubectl get -o custom-columns`.',
      });
    }
  }
};
