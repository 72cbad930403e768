import { defineChange, dryRunFlag, named } from './change.ts';

export default defineChange({
  id: 'remove-finalizers',
  title: 'remove finalizers…',
  key: '',
  danger: true,
  verb: 'remove finalizers',
  fits: ({ metadata }) => ((metadata?.finalizers ?? []).length > 0 ? true : 'it has no finalizers'),
  note: async (targets, ability) => {
    const [target] = targets;
    if (target === undefined || targets.length > 1) return undefined;
    return (await ability.live(target)).metadata?.finalizers?.join(', ');
  },
  change: ({ metadata }) => ({
    text: `${(metadata?.finalizers ?? []).join(', ')}${metadata?.deletionTimestamp === undefined ? '' : ' (it is gone then)'}`,
    patch: { type: 'merge', body: { metadata: { finalizers: null } } },
  }),
  around: async () => [
    '! What the finalizers stand for is not cleaned up: volumes, load balancers, records elsewhere.',
  ],
  command: (target, _inputs, dryRun) => [
    'patch',
    ...named(target),
    '--type=merge',
    '--patch={"metadata":{"finalizers":null}}',
    ...dryRunFlag(dryRun),
  ],
});
