import type { KubeObject } from '../journal/kept-object.ts';
import type { TextKind } from '../protocol/wire.ts';
import { type Action, defineAction } from './define-action.ts';
import { rollsOut } from './fields.ts';

/** An entry of the menu that opens a text about one object and changes nothing. */
export const defineOpening = (opens: TextKind, title: string, fits: (object: KubeObject) => true | string): Action =>
  defineAction({
    ...{ id: opens, title, key: '', danger: false, verb: 'open', opens },
    applies: async (targets, ability) => {
      const [target] = targets;
      if (target === undefined || targets.length > 1) return 'it is shown of one object at a time';
      return fits(await ability.live(target));
    },
    inputs: async () => [],
    plan: async () => [],
    run: async () => ({ message: 'is shown in a buffer of its own' }),
    command: () => [],
  });

export const whatRollsOut = (object: KubeObject): true | string =>
  rollsOut(object) ? true : 'it does not roll out its pods';
