/** One served resource, as discovery names it. */
export type Resource = {
  readonly group: string;
  readonly version: string;
  /** Plural name, as in the URL. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Names of subresources, for example 'scale', 'status', 'log'. */
  readonly subresources: readonly string[];
};

/** `pods`, `deployments.apps`: kubectl's own notation for a resource of a group. */
export const resourceKey = (resource: Pick<Resource, 'group' | 'resource'>): string =>
  resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`;

/** `/api/v1/namespaces/shop/pods` or `/apis/apps/v1/deployments/web`. */
export const resourcePath = (
  resource: Pick<Resource, 'group' | 'version' | 'resource' | 'namespaced'>,
  namespace = '',
  name = '',
  subresource = '',
): string => {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const object = name === '' ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${scope}/${resource.resource}${object}${subresource === '' ? '' : `/${subresource}`}`;
};

/** One object an action, describe or log session works on. */
export type Target = {
  readonly context: string;
  readonly resource: Resource;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  /** Absent when the user typed a name; present whenever it came from a row. */
  readonly uid?: string;
  /** It came from the row of one container of this pod. */
  readonly container?: string;
};

/** Its values are never shown, kept or written down unless they are asked for by name. */
export const isSecret = ({ resource }: Pick<Target, 'resource'>): boolean =>
  resource.group === '' && resource.resource === 'secrets';
