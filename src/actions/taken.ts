import type { Target } from '../protocol/resource.ts';
import { mapLimited } from '../util/map-limited.ts';
import type { Ability } from './ability.ts';
import { SHOWN } from './plan-text.ts';

/** Which of the objects to be made are there already: a plan says so, for the server refuses them. */
export const takenLines = async (made: readonly Target[], ability: Ability): Promise<readonly string[]> => {
  const shown = made.slice(0, SHOWN);
  const taken = await mapLimited(shown, 4, (target) =>
    ability.live(target).then(
      () => true,
      () => false,
    ),
  );
  return shown
    .filter((_, index) => taken[index])
    .map(({ resource, namespace, name }) => {
      const place = namespace === '' ? '' : ` in ${namespace}`;
      return `! ${resource.singular || resource.resource}/${name}${place} is there already: this will be refused`;
    });
};
