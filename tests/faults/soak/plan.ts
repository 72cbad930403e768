/** What a soak does, from a seed alone: the same seed is the same bursts, whatever the machine is like. */
import { type FaultName, faultNames } from './fault-names.ts';
import { Random } from './random.ts';

export const kinds = ['pods', 'deployments', 'widgets'] as const;
export type Kind = (typeof kinds)[number];

/** The namespaces of a soak by what they are called in its plan. */
export const places = ['a', 'b'] as const;
export type Place = (typeof places)[number];

export type Thing = { readonly kind: Kind; readonly place: Place; readonly name: string };

export const colours = ['red', 'green', 'blue'] as const;
export type Colour = (typeof colours)[number];

/** One change in the cluster; `value` says which of the states its kind can be in. */
export type Change = Thing & {
  readonly do: 'create' | 'delete' | 'recreate' | 'touch' | 'label' | 'status';
  readonly colour: Colour;
  readonly value: number;
};

/** A table as it is asked for. `all`: every namespace, so only what the soak itself has made is asked for. */
export type Spec = {
  readonly kind: Kind;
  readonly scope: Place | 'both' | 'all';
  readonly colour?: Colour;
};

export type Act =
  | { readonly do: 'open'; readonly spec: Spec; readonly how: 'here' | 'split' | 'vsplit' }
  | { readonly do: 'filter'; readonly text: string; readonly labels?: string; readonly fields?: string }
  | { readonly do: 'sort'; readonly column: number }
  | { readonly do: 'hide'; readonly column: number }
  | { readonly do: 'namespaces'; readonly places: readonly Place[] }
  | { readonly do: 'move'; readonly keys: string }
  | { readonly do: 'select'; readonly keys: string }
  | { readonly do: 'focus'; readonly window: number }
  | { readonly do: 'wipe'; readonly view: number }
  | { readonly do: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly do: 'split' | 'close' | 'wide' | 'drill' | 'pause' | 'refresh' | 'reopen' | 'end engine' | 'kill' };

export type Step = { readonly by: 'cluster'; readonly change: Change } | { readonly by: 'user'; readonly act: Act };

/** `patient`: nobody presses `gr` when the fault is over. */
export type Burst = {
  readonly fault: FaultName | undefined;
  readonly steps: readonly Step[];
  readonly patient: boolean;
};

export type PlanOptions = {
  readonly seed: number;
  readonly bursts: number;
  /** Also what takes more than a few seconds: connections that go dark, waits for a back-off, ended processes. */
  readonly long: boolean;
};

const texts: Readonly<Record<Kind, readonly string[]>> = {
  pods: [
    '',
    '-1',
    '!blue',
    'red|green',
    'red,!2',
    '/-[13]$/',
    '~p1',
    'STATUS:Pend',
    'STATUS=Evicted',
    '@faults',
    '@pending',
  ],
  deployments: ['', '-1', '!blue', 'red|green', 'READY:/[1-9]$/', '~d2', 'AVAILABLE<1', 'UP-TO-DATE>0', '@ok|@done'],
  widgets: ['', '-1', '!blue', 'red|green', 'SIZE>3', 'PHASE:Bro', 'PHASE!=Ready', '/widget-.*-2/', '!@faults'],
};
const hopeless: readonly string[] = ['zzz', 'NAME=nobody'];

/** No counts: digits open tables. */
const movements = [
  'gg',
  'G',
  '<C-d>',
  '<C-u>',
  'jjj',
  'kk',
  ':7<CR>',
  ':12<CR>',
  ':30<CR>',
  'zt',
  'zb',
  'zz',
  '<C-e><C-e>',
  '<C-y>',
];
const selections = ['<Tab>', '<Tab><Tab>', 'Vjj<Tab>', '<S-Tab>', '<S-Tab>Vk<Tab>'];

const planFilter = (random: Random, kind: Kind): Act => {
  const text = random.chance(0.15) ? random.pick(hopeless) : random.pick(texts[kind]);
  const form = random.weighted({ none: 6, labels: 2, fields: 1 });
  if (form === 'labels') {
    return { do: 'filter', text, labels: random.pick(['app=red', 'app in (red,blue)', 'app!=green', '!app']) };
  }
  if (form !== 'fields') return { do: 'filter', text };
  return {
    do: 'filter',
    text,
    fields: random.pick(['status.phase=Failed', 'status.phase!=Running', 'metadata.name=nobody']),
  };
};

const planSpec = (random: Random): Spec => {
  const spec: Spec = {
    kind: random.pick<Kind>(['pods', 'pods', ...kinds]),
    scope: random.pick<Spec['scope']>([...places, 'both', 'all']),
  };
  return random.chance(0.25) ? { ...spec, colour: random.pick(colours) } : spec;
};

const usual = {
  open: 3,
  filter: 4,
  sort: 4,
  hide: 1,
  namespaces: 1,
  move: 10,
  select: 4,
  focus: 4,
  wipe: 1,
  resize: 1,
  split: 2,
  close: 2,
  wide: 2,
  drill: 2,
  pause: 2,
  refresh: 1,
  reopen: 1,
};
const weights = { ...usual, 'end engine': 0, kill: 0 };
const longWeights = { ...usual, 'end engine': 0.3, kill: 0.3 };

const planAct = (random: Random, long: boolean): Act => {
  const what = random.weighted(long ? longWeights : weights);
  switch (what) {
    case 'open':
      return { do: what, spec: planSpec(random), how: random.pick(['here', 'split', 'vsplit']) };
    case 'filter':
      return planFilter(random, random.pick(['pods', 'pods', ...kinds]));
    case 'sort':
    case 'hide':
      return { do: what, column: random.below(9) };
    case 'namespaces':
      return { do: what, places: random.pick([['a'], ['b'], ['a', 'b']]) };
    case 'move':
      return { do: what, keys: random.pick(movements) };
    case 'select':
      return { do: what, keys: random.pick(selections) };
    case 'focus':
      return { do: what, window: random.below(4) };
    case 'wipe':
      return { do: what, view: random.below(4) };
    case 'resize':
      return { do: what, columns: random.pick([60, 80, 120, 200]), rows: random.pick([16, 24, 40]) };
    default:
      return { do: what };
  }
};

/** A lab is shared: no soak fills it. */
const mostThings = 150;

/** The cluster as the plan makes it. */
class Cluster {
  readonly #random: Random;
  readonly #things = new Map<string, Thing>();

  constructor(random: Random) {
    this.#random = random;
  }

  #key({ kind, place, name }: Thing): string {
    return `${kind} ${place} ${name}`;
  }

  change(): Change {
    const random = this.#random;
    const base = { colour: random.pick(colours), value: random.below(6) };
    const held = [...this.#things.values()];
    const room = held.length < mostThings;
    const what = random.weighted({ create: room ? 3 : 0, delete: 2, recreate: 2, touch: 2, label: 3, status: 4 });
    if (what === 'create' || held.length === 0) return { do: 'create', ...this.#fresh(base.colour), ...base };
    const thing = random.pick(held);
    if (what === 'delete') this.#things.delete(this.#key(thing));
    return { do: what, ...thing, ...base };
  }

  #fresh(colour: Colour): Thing {
    const random = this.#random;
    for (;;) {
      const kind = random.pick(['pods', 'pods', ...kinds] as const);
      const name = `${kind.slice(0, -1)}-${colour}-${random.below(kind === 'pods' ? 30 : 8)}`;
      const thing: Thing = { kind, place: random.pick(places), name };
      if (this.#things.has(this.#key(thing))) continue;
      this.#things.set(this.#key(thing), thing);
      return thing;
    }
  }

  first(): readonly Change[] {
    return Array.from({ length: 40 }, (_, value) => {
      const colour = this.#random.pick(colours);
      return { do: 'create', ...this.#fresh(colour), colour, value: value % 6 };
    });
  }
}

const byCluster = (change: Change): Step => ({ by: 'cluster', change });

export const planSoak = ({
  seed,
  bursts,
  long,
}: PlanOptions): { first: readonly Change[]; bursts: readonly Burst[] } => {
  const random = new Random(seed);
  const cluster = new Cluster(random);
  const first = cluster.first();
  const burst = (): Burst => {
    const fault = random.chance(0.6) ? random.weighted(faultNames(long)) : undefined;
    const busy = random.chance(0.8);
    const quiet = random.chance(0.4);
    const steps: Step[] = [];
    const many = 3 + random.below(25);
    for (let i = 0; i < many; i++) {
      if (!quiet && random.chance(0.35)) steps.push({ by: 'user', act: planAct(random, long) });
      else if (busy) steps.push(byCluster(cluster.change()));
    }
    // Who was refused is tried again ever more seldom, up to minutes: each time may ask a person.
    const patient = long && random.chance(0.1) && !fault?.startsWith('login');
    return { fault, steps, patient };
  };
  return { first, bursts: Array.from({ length: bursts }, burst) };
};
