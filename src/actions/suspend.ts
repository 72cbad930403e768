import { type ChangeSpec, defineChange, dryRunFlag, named } from './change.ts';
import { at, nested } from './fields.ts';

/** Cron jobs, jobs, Flux's and other operators' objects: whatever says whether it is suspended. */
export const suspending = (suspend: boolean): ChangeSpec => ({
  id: suspend ? 'suspend' : 'unsuspend',
  title: suspend ? 'suspend' : 'resume (end the suspension)',
  key: '',
  verb: suspend ? 'suspend' : 'resume',
  fits: (object) => (typeof at(object, 'spec', 'suspend') === 'boolean' ? true : 'it cannot be suspended'),
  change: (object) => {
    if (at(object, 'spec', 'suspend') === suspend)
      return { text: suspend ? 'is suspended already' : 'is not suspended' };
    const running = at(object, 'spec', 'schedule') === undefined;
    const stops = running ? 'stops, its pods are deleted' : 'starts nothing from now on; what runs goes on';
    return {
      text: suspend ? stops : 'goes on',
      patch: { type: 'merge', body: nested(['spec', 'suspend'], suspend) },
    };
  },
  command: (target, _inputs, dryRun) => [
    'patch',
    ...named(target),
    '--type=merge',
    `--patch={"spec":{"suspend":${suspend}}}`,
    ...dryRunFlag(dryRun),
  ],
});

export default defineChange(suspending(true));
