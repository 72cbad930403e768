import { differences } from './differences.ts';
import { type JsonMap, pathText } from './json.ts';
import { shownOf } from './shown.ts';
import { objectText } from './text.ts';

/** One state of an object that was seen. */
export type Version = {
  /** In ms since the epoch. */
  readonly at: number;
  /** Fields that differ from the version before, for example `spec.replicas`; none for the first one. */
  readonly changed: readonly string[];
};

type Kept = Version & { readonly text: string };

/** Kept at most: this many, and this many letters of their texts together. */
const most = { versions: 50, letters: 4_000_000 };

/** Versions that differ in nothing but these are one: a controller counts, nobody changed anything. */
const isCount = (field: string): boolean => field === 'status.observedGeneration';

/** The states of one object seen so far, the oldest first. Values of secrets are in none of them. */
export class Versions {
  readonly #secret: boolean;
  #kept: Kept[] = [];
  #letters = 0;
  #last: JsonMap | undefined;

  constructor(secret: boolean) {
    this.#secret = secret;
  }

  add(object: JsonMap, at: number): void {
    const now = shownOf(object, { all: false, secret: this.#secret ? { revealed: new Set() } : false });
    const before = this.#last;
    const changed = before === undefined ? [] : differences(before, now).map(({ path }) => pathText(path));
    if (before !== undefined && changed.every(isCount)) return;
    this.#last = now;
    const text = objectText(now);
    this.#kept.push({ at, changed, text });
    this.#letters += text.length;
    while (this.#kept.length > most.versions || (this.#letters > most.letters && this.#kept.length > 1)) {
      this.#letters -= this.#kept.shift()?.text.length ?? 0;
    }
  }

  list(): readonly Version[] {
    return this.#kept.map(({ at, changed }) => ({ at, changed }));
  }

  /** Undefined when it was dropped since. */
  text(at: number): string | undefined {
    return this.#kept.findLast((version) => version.at === at)?.text;
  }
}
