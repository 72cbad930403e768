import { ClusterError } from '../util/error.ts';
import { defineChange, dryRunFlag, named } from './change.ts';
import { containerPatch, containersOf } from './containers.ts';
import type { Inputs } from './define-action.ts';
import { rollsOut } from './fields.ts';

/** Inputs are named after their container; a name with a colon cannot be one of a container. */
const wantedOf = (inputs: Inputs): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(inputs).flatMap(([name, value]) =>
      name.startsWith('image:') ? [[name.slice('image:'.length), String(value).trim()] as const] : [],
    ),
  );

export default defineChange({
  id: 'set-image',
  title: 'set image…',
  key: 'gi',
  verb: 'set image',
  fits: (object) => (containersOf(object).length > 0 ? true : 'it has no containers'),
  inputs: (objects, targets) => {
    const images = new Map(objects.flatMap(containersOf).map(({ name, image }) => [name, image]));
    // Of several each has its own.
    const only = targets.length === 1;
    return [...images].map(([name, image]) => ({
      name: `image:${name}`,
      label: only ? name : `${name} (empty: as it is)`,
      type: 'text',
      value: only ? image : '',
      optional: true,
    }));
  },
  change: (object, inputs) => {
    const wanted = wantedOf(inputs);
    const changes = containersOf(object).flatMap((container) => {
      const image = wanted.get(container.name);
      if (image === undefined || image === container.image) return [];
      if (image !== '' && !/\s/.test(image)) return [{ container, field: 'image', value: image }];
      throw new ClusterError('invalid', `${container.name}: "${image}" is no image.`, { hint: 'Nothing was done.' });
    });
    if (changes.length === 0) return { text: 'has these images already' };
    const texts = changes.map(({ container, value }) => `${container.name}: ${container.image} → ${value}`);
    const rolls = rollsOut(object) ? ' (rolls out)' : '';
    return { text: `${texts.join(', ')}${rolls}`, patch: containerPatch(object, changes) };
  },
  command: (target, inputs, dryRun) => [
    'set',
    'image',
    ...named(target),
    ...dryRunFlag(dryRun),
    ...[...wantedOf(inputs)].map(([name, image]) => `${name}=${image}`),
  ],
});
