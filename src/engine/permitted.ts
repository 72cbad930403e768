import type { Freshness } from '../protocol/freshness.ts';
import type { Resource } from '../protocol/resource.ts';
import type { Lease } from '../store/registry.ts';
import type { Clock } from '../util/clock.ts';

export const namespacesResource: Resource = {
  group: '',
  version: 'v1',
  resource: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  namespaced: false,
  verbs: ['get', 'list', 'watch'],
  shortNames: ['ns'],
  categories: [],
  subresources: [],
};

export type PermittedOptions = {
  readonly clock: Clock;
  /** The watch of namespaces; forbidden to many of those who need this. */
  readonly namespaces: Lease;
  /** Names to try where they may not be listed. */
  readonly fallback: readonly string[];
  readonly mayList: (namespace: string) => Promise<boolean>;
  readonly forget: (namespace: string) => void;
  readonly onChange: () => void;
};

/** Questions under way at once. */
const mostQuestions = 8;
/** Denied namespaces are asked about again after a minute, and no more than one each second on the average. */
const againMs = (denied: number): number => Math.max(60_000, denied * 1000);

/** Which namespaces a user may list something in, as namespaces come and go and rights change. */
export class Permitted {
  readonly #options: PermittedOptions;
  readonly #answers = new Map<string, boolean>();
  readonly #waiting = new Set<string>();
  readonly #end: () => void;
  #names: readonly string[] = [];
  readonly #asking = new Set<string>();
  #again: (() => void) | undefined;
  #disposed = false;

  constructor(options: PermittedOptions) {
    this.#options = options;
    this.#end = options.namespaces.store.subscribe(() => this.#read());
    this.#read();
  }

  /** Every namespace that is known, in order. */
  get names(): readonly string[] {
    return this.#names;
  }
  get allowed(): readonly string[] {
    return this.#names.filter((name) => this.#answers.get(name) === true);
  }
  /** The names are those the server lists. */
  get listed(): boolean {
    return this.#freshness.phase !== 'forbidden';
  }
  /** Names are there and every one of them has been asked about. */
  get settled(): boolean {
    return this.#freshness.phase !== 'loading' && this.#names.every((name) => this.#answers.has(name));
  }
  /** What is wrong with the list of namespaces, so that new ones may be missed. */
  get problem(): Freshness | undefined {
    return this.#freshness.phase === 'stale' ? this.#freshness : undefined;
  }

  /** Denied namespaces are asked about anew. */
  recheck(): void {
    for (const name of this.#names) {
      if (this.#answers.get(name) !== false) continue;
      this.#options.forget(name);
      this.#waiting.add(name);
    }
    this.#ask();
  }

  dispose(): void {
    this.#disposed = true;
    this.#end();
    this.#again?.();
    this.#waiting.clear();
    this.#options.namespaces.release();
  }

  get #freshness(): Freshness {
    return this.#options.namespaces.store.freshness;
  }

  #read(): void {
    const { store } = this.#options.namespaces;
    const names = this.listed ? [...store.rows.values()].map(({ name }) => name) : this.#options.fallback;
    this.#names = [...new Set(names)].sort();
    const known = new Set(this.#names);
    for (const name of this.#answers.keys()) if (!known.has(name)) this.#answers.delete(name);
    for (const name of this.#waiting) if (!known.has(name)) this.#waiting.delete(name);
    for (const name of known) if (!this.#answers.has(name) && !this.#asking.has(name)) this.#waiting.add(name);
    this.#ask();
    this.#options.onChange();
  }

  #ask(): void {
    while (this.#asking.size < mostQuestions) {
      const [name] = this.#waiting;
      if (name === undefined) break;
      this.#waiting.delete(name);
      this.#asking.add(name);
      void this.#question(name);
    }
    this.#later();
  }

  /** Where the server cannot say, the list itself will. */
  async #question(name: string): Promise<void> {
    const allowed = await this.#options.mayList(name).catch(() => true);
    this.#asking.delete(name);
    if (this.#disposed) return;
    if (this.#names.includes(name)) this.#answers.set(name, allowed);
    this.#ask();
    this.#options.onChange();
  }

  #later(): void {
    if (this.#again !== undefined || this.#disposed) return;
    const denied = [...this.#answers.values()].filter((allowed) => !allowed).length;
    if (denied === 0) return;
    this.#again = this.#options.clock.after(againMs(denied), () => {
      this.#again = undefined;
      this.recheck();
    });
  }
}
