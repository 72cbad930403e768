import type { CommandPlan, TextKind } from '../protocol/wire.ts';
import { type Parsed, parseArguments } from './arguments.ts';
import { type Verb, verbs } from './typed-verbs.ts';

/** `--dry-run` in any of its forms; only the server's is ours. */
const dryRun = { '--dry-run': 'dry-run' };
const dryRuns: Readonly<Record<string, boolean>> = { server: true, none: false };

const everywhere = ['namespace', 'context', 'dry-run'];

const texts: readonly TextKind[] = ['rollout-history', 'rollout-status'];

const verbOf = ({ verb, words }: Parsed): { readonly found: Verb; readonly own: number } | undefined => {
  const two = `${verb} ${words[0] ?? ''}`;
  if (Object.hasOwn(verbs, two)) return { found: verbs[two] as Verb, own: 1 };
  return Object.hasOwn(verbs, verb) ? { found: verbs[verb] as Verb, own: 0 } : undefined;
};

/**
 * A line that an action of the plugin does, with the objects' uids, the journal and the way back. Only where every
 * word and flag of it is understood; undefined leaves it to kubectl whole.
 */
export const planTyped = (args: readonly string[]): CommandPlan | undefined => {
  const verb = verbOf(parseArguments(args));
  if (verb === undefined) return undefined;
  const { found, own } = verb;
  const parsed = parseArguments(args, {
    valued: found.flags.valued,
    switches: { ...found.flags.switches, ...dryRun },
  });
  if (verbOf(parsed)?.found !== found || parsed.unknown.length > 0 || parsed.rest !== undefined) return undefined;
  const known = [...everywhere, ...Object.values(found.flags.valued), ...Object.values(found.flags.switches)];
  if (![...parsed.flags.keys()].every((flag) => known.includes(flag))) return undefined;
  const tries = dryRuns[parsed.flags.get('dry-run') ?? 'none'];
  const namespace = parsed.flags.get('namespace');
  const context = parsed.flags.get('context');
  const { objects, inputs } = found.read(parsed.words.slice(own), parsed) ?? {};
  if (tries === undefined || namespace === '' || namespace?.includes(',') || context === '') return undefined;
  if (objects === undefined || inputs === undefined) return undefined;
  const where = { ...(namespace !== undefined && { namespace }), ...(context !== undefined && { context }) };
  const what = texts.find((each) => each === found.action);
  if (what === undefined) {
    const typed = objects.map((object) => ({ ...object, ...where }));
    return { do: 'action', action: found.action, objects: typed, inputs, dryRun: tries };
  }
  const [only, second] = objects;
  if (only === undefined || second !== undefined || tries) return undefined;
  return { do: 'text', what, source: { ...only, ...where } };
};
