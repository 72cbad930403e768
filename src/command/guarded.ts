import type { CommandPlan, GuardMode } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import type { Parsed } from './arguments.ts';

/**
 * Commands that change no cluster. What is not here (also plugins, and whatever a newer kubectl learns) may, so it is
 * asked about: a guard must not depend on a list of what is dangerous.
 */
const readOnly = new Set(
  (
    'api-resources api-versions cluster-info completion config demo describe diff explain events get help kustomize log ' +
    'logs options plugin port-forward top version wait'
  ).split(' '),
);

/** Of these only some change something. */
const readOnlyWords: Readonly<Record<string, readonly string[]>> = {
  rollout: ['status', 'history'],
  auth: ['can-i', 'whoami'],
  apply: ['view-last-applied'],
};

/** Those that take --dry-run; a plugin may never have heard of it. */
const triers = new Set(
  'annotate apply autoscale cordon create delete drain expose label patch replace rollout run scale set taint uncordon'.split(
    ' ',
  ),
);

/** A flag that our table does not know, and whose value may be the next word: nobody knows what that word means then. */
const takesNext = (word: string | undefined, { unknown }: Parsed): boolean =>
  word !== undefined && unknown.includes(word) && !word.includes('=');

/** Whether what says what is done, the verb or the word after it, may be the value of a flag. */
const hidden = (parsed: Parsed, args: readonly string[]): boolean => {
  const { verb, words } = parsed;
  const at = args.indexOf(verb);
  const word = Object.hasOwn(readOnlyWords, verb) ? words[0] : undefined;
  const end = word === undefined ? at : args.indexOf(word, at + 1);
  return args.slice(0, end < 0 ? args.length : end).some((each) => takesNext(each, parsed));
};

/** Said once and in no other way: of several --dry-run kubectl takes the last. */
const triesOnly = (parsed: Parsed, args: readonly string[]): boolean => {
  const [word = '', ...more] = parsed.unknown.filter((each) => each.startsWith('--dry-run'));
  const before = args[args.indexOf(word) - 1];
  const tries = word === '--dry-run=server' || word === '--dry-run=client';
  return triers.has(parsed.verb) && tries && more.length === 0 && !takesNext(before, parsed);
};

/** Whether kubectl may change something in a cluster with this line. */
export const mayChange = (parsed: Parsed, args: readonly string[]): boolean => {
  const { verb, words } = parsed;
  if (hidden(parsed, args)) return true;
  if (verb === '') return false;
  if (readOnly.has(verb) || readOnlyWords[verb]?.includes(words[0] ?? '') === true) return false;
  return !triesOnly(parsed, args);
};

/** How careful what a line reaches is to be handled. */
export type Verdict = {
  readonly mode: GuardMode;
  /** What a guarded one wants typed. */
  readonly word: string;
  /** What is reached and why it is guarded, as a sentence begins. */
  readonly place: string;
  /** What to do where it is read-only. */
  readonly hint: string;
};

/** The plan as the guard of what it reaches lets it through. */
export const guardedPlan = (
  plan: CommandPlan,
  parsed: Parsed,
  args: readonly string[],
  { mode, word, place, hint }: Verdict,
): CommandPlan => {
  if (plan.do !== 'process' || mode === 'open' || !mayChange(parsed, args)) return plan;
  if (mode === 'read-only') {
    throw new ClusterError('forbidden', `${place} is read-only here: \`${plan.title}\` was not run.`, {
      hint: `It may change something. ${hint}; --dry-run=server is allowed.`,
    });
  }
  const confirm = {
    title: `${parsed.verb} · ${word}`,
    lines: [plan.title, `${place} is guarded, and this may change something.`],
    verb: 'run it',
    type: word,
  };
  return { ...plan, confirm };
};

const modes: readonly GuardMode[] = ['open', 'typed', 'read-only'];

/** `:Kubectl guard [open|typed|read-only]`. */
export const planGuard = ({ words, flags }: Parsed, current: string): CommandPlan => {
  const context = flags.get('context') ?? current;
  const [word, ...more] = words;
  const mode = modes.find((each) => each === word);
  if ((word !== undefined && mode === undefined) || more.length > 0) {
    throw new ClusterError('invalid', `:Kubectl guard does not know '${words.join(' ')}'`, {
      hint: `One of ${modes.join(', ')}; without one it says how the context is handled.`,
    });
  }
  return { do: 'guard', context, ...(mode !== undefined && { mode }) };
};
