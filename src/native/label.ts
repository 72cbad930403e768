import { resourceKey } from '../protocol/resource.ts';
import type { Target } from './types.ts';

/** How messages name an object: `deployments.apps default/web`. */
export const label = (target: Target): string =>
  `${resourceKey(target)} ${target.namespace ? `${target.namespace}/` : ''}${target.name}`;
