/** One soak: a plan carried out against a real editor, backend and API server, and checked after every burst. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { editorOn } from '../../e2e/support.ts';
import type { Editor } from '../../lua/harness.ts';
import { patience } from '../../patience.ts';
import { type FaultProxy, startProxy } from '../proxy.ts';
import { adminOf, setting } from '../support.ts';
import { Backend } from './backend.ts';
import { wrongCursor, wrongSelection, wrongTop } from './checks.ts';
import { type FaultStage, faults } from './faults.ts';
import { type Burst, type PlanOptions, planSoak, type Step } from './plan.ts';
import { type AtRest, Rest } from './rest.ts';
import { type Shot, shoot, watchScreen } from './screen.ts';
import { User } from './user.ts';
import { createSoakWorld, type World } from './world.ts';

export type SoakOptions = PlanOptions & { readonly log: (text: string) => void };

/** As much as a burst may take to be true in every table; a back-off that nobody cuts short lasts 30 s at most. */
const restMs = { nudged: 25_000 * patience, patient: 50_000 * patience };
const nudgeMs = 5_000;

/** What is told of an end is no false alarm. */
const endings: ReadonlySet<string> = new Set(['kill', 'end engine']);

/** Claims that are wrong while all is well. */
const doubts: ReadonlySet<string> = new Set(['stale', 'forbidden', 'login', 'gone', 'ended']);

/** Words that no burst excuses. */
const alarming = /bug in the plugin|stack traceback|Error executing|E\d+:|attempt to /;

const kubeconfigOf = (url: string): { readonly path: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-live-soak-'));
  const path = join(folder, 'config');
  const config = {
    'current-context': 'soak',
    clusters: [{ name: 'soak', cluster: { server: url } }],
    users: [{ name: 'soak', user: { token: 'none' } }],
    contexts: [{ name: 'soak', context: { cluster: 'soak', user: 'soak' } }],
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const tell = (step: Step): string => {
  if (step.by === 'user') return `user ${JSON.stringify(step.act)}`;
  const { do: what, kind, place, name, colour, value } = step.change;
  return `${what} ${kind} ${place}/${name} ${colour} ${value}`;
};

class Soak {
  readonly #options: SoakOptions;
  readonly #editor: Editor;
  readonly #proxy: FaultProxy;
  readonly #world: World;
  readonly #user: User;
  readonly #rest: Rest;
  readonly #backend: Backend;
  #before: AtRest | undefined;
  /** A fault is on, or was so recently that its traces are still to be seen. */
  #clean = true;
  steps = 0;

  constructor(options: SoakOptions, editor: Editor, proxy: FaultProxy, world: World) {
    this.#options = options;
    this.#editor = editor;
    this.#proxy = proxy;
    this.#world = world;
    this.#backend = new Backend(editor);
    this.#user = new User(editor, world, {
      killBackend: () => this.#backend.kill(),
      endEngine: () => this.#backend.endEngine(),
    });
    this.#rest = new Rest(editor, world, this.#user.tables);
  }

  async run(bursts: readonly Burst[]): Promise<void> {
    await watchScreen(this.#editor);
    await this.#user.open({ kind: 'pods', scope: 'a' }, 'here');
    await this.#backend.meet();
    await this.#settle({ fault: undefined, steps: [], patient: false });
    for (const [at, burst] of bursts.entries()) {
      this.#options.log(`burst ${at}: ${burst.fault ?? 'no fault'}${burst.patient ? ', patient' : ''}`);
      try {
        await this.#burst(burst);
      } catch (error) {
        const steps = burst.steps.map((step) => `  ${tell(step)}`).join('\n');
        const screen = this.#editor.grid.text();
        throw new Error(
          `seed ${this.#options.seed}, burst ${at} (${burst.fault ?? 'no fault'}):\n${steps}\n${String(error)}\n${screen}`,
          { cause: error },
        );
      }
    }
  }

  #json(): void {
    // Odd seeds read everything as plain JSON, in whose words events can be made up.
    if (this.#options.seed % 2 === 0) return;
    this.#proxy.rewrite(({ accept = '', ...headers }) => ({
      ...headers,
      accept: accept.includes('protobuf') ? 'application/json' : accept,
    }));
  }

  #heal(): void {
    this.#proxy.heal();
    this.#json();
  }

  async #burst(burst: Burst): Promise<void> {
    this.#json();
    const stage: FaultStage = { proxy: this.#proxy, world: this.#world };
    const fault = burst.fault === undefined ? undefined : faults[burst.fault];
    await shoot(this.#editor, true);
    await fault?.begin(stage);
    if (fault?.blindAfterMs !== undefined) await this.#blind(fault.blindAfterMs);
    for (const step of burst.steps) {
      this.#options.log(`  ${tell(step)}`);
      this.steps++;
      if (step.by === 'user') await this.#user.do(step.act);
      else await this.#world.change(step.change);
    }
    if (fault?.blindAfterMs !== undefined) await this.#blind(0);
    if (fault?.blindAfterMs !== undefined || burst.fault === 'drip' || burst.fault === 'slow answers') this.#heal();
    await fault?.end?.(stage);
    if (!burst.patient && fault !== undefined) await this.#user.refreshAll();
    await this.#settle(burst);
    this.#heal();
  }

  /** No table claims to be live while nothing can be heard. */
  async #blind(withinMs: number): Promise<void> {
    const liars = async (): Promise<readonly string[]> => {
      const { views } = await shoot(this.#editor);
      return views.flatMap(({ id, state, problem, asleep }) =>
        !asleep && problem === '' && state.phase === 'live' ? [`view ${id} (${state.left}, ${state.middle})`] : [],
      );
    };
    const end = performance.now() + withinMs * patience;
    let left = await liars();
    while (left.length > 0 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      left = await liars();
    }
    if (left.length === 0) return;
    const now = Date.now();
    const watches = this.#proxy.watching.map(({ path, at }) => `${path} for ${now - at} ms`);
    const asked = this.#proxy.asked.slice(-20).map(({ kind, path, at }) => `${kind} ${path} ${now - at} ms ago`);
    throw new Error(
      [`live although nothing can be heard: ${left.join()}`, 'open:', ...watches, 'asked:', ...asked].join('\n'),
    );
  }

  async #settle(burst: Burst): Promise<void> {
    const nudge = async (): Promise<void> => {
      this.#heal();
      if (!burst.patient) await this.#user.refreshAll();
    };
    const ms = burst.patient ? restMs.patient : restMs.nudged;
    const now = await this.#rest.until(ms, nudge, nudgeMs);
    const told = await shoot(this.#editor, true);
    const wrong = [...this.#wrongSince(now, burst), ...this.#wrongWords(told, burst), ...(await this.#wrongWatches())];
    wrong.push(...(await this.#backend.wrong()));
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    this.#before = now;
    // What a paused table does not say it says later.
    this.#clean =
      burst.fault === undefined && [...this.#user.tables.values()].every(({ paused }) => paused === undefined);
    this.#user.touched.clear();
    this.#user.changed.clear();
    this.#user.ended = false;
  }

  #wrongSince(now: AtRest, burst: Burst): readonly string[] {
    const before = this.#before?.shot;
    if (before === undefined) return [];
    const { touched, changed, tables } = this.#user;
    const wrong: string[] = [];
    for (const window of before.windows) {
      if (touched.has(window.win) || tables.get(window.view) === undefined) continue;
      if (tables.get(window.view)?.paused !== undefined) continue;
      if (changed.has(window.view)) continue;
      wrong.push(...wrongCursor(before, now.shot, window), ...wrongTop(before, now.shot, window));
    }
    const names = new Set(burst.steps.flatMap((step) => (step.by === 'cluster' ? [step.change.name] : [])));
    for (const view of now.shot.views) {
      const table = tables.get(view.id);
      if (table === undefined) continue;
      const disturbed = (key: string): boolean => {
        const row = now.expected.get(view.id)?.rows.find((each) => each.key === key);
        return row === undefined || names.has(row.name);
      };
      wrong.push(...wrongSelection(table.selected, view, disturbed).map((each) => `view ${view.id}: ${each}`));
      table.selected = new Set(view.selected);
    }
    return wrong;
  }

  #wrongWords(told: Shot, burst: Burst): readonly string[] {
    const wrong = told.reports.filter((text) => alarming.test(text) || text.startsWith('bug:'));
    const troubled = burst.steps.some(({ by, ...step }) => by === 'user' && 'act' in step && endings.has(step.act.do));
    if (burst.fault === undefined && !troubled) {
      wrong.push(...told.reports.filter((text) => /^(failure|error):/.test(text)));
      if (this.#clean) {
        const said = told.states.filter(({ phase }) => doubts.has(phase));
        wrong.push(...said.map(({ view, right }) => `view ${view} said '${right}' while all was well`));
      }
    }
    for (const text of told.reports) this.#options.log(`    reported ${text.split('\n')[0]}`);
    return wrong;
  }

  /** One watch for each resource and scope, once those that were replaced are gone. */
  async #wrongWatches(): Promise<readonly string[]> {
    const twice = (): readonly string[] => {
      const open = this.#proxy.watching.map(({ path, query }) =>
        `${path} ${query.labelSelector ?? ''} ${query.fieldSelector ?? ''}`.trim(),
      );
      return open.filter((each, at) => open.indexOf(each) !== at);
    };
    try {
      await this.#editor.until('one watch a scope', () => twice().length === 0, 5_000);
      return [];
    } catch {
      return twice().map((each) => `more than one watch of ${each}`);
    }
  }

  /** Every watch ends after the last table was closed. */
  async close(withinMs: number): Promise<void> {
    await this.#editor.lua(`require('kubectl').close()`);
    const own = () => this.#proxy.watching.filter(({ path }) => path.includes(this.#world.run));
    await this.#editor.until('the end of every watch', () => own().length === 0, withinMs);
  }

  get memory(): Promise<number> {
    return this.#backend.memory();
  }
}

/** Carries out the soak of a seed; throws with the seed and the burst when anything is not as it must be. */
export const soak = async (options: SoakOptions): Promise<{ readonly steps: number; readonly megabytes: number }> => {
  const upstream = adminOf(setting('KUBECTL_LIVE_LAB_KUBECONFIG'));
  const { first, bursts } = planSoak(options);
  const world = await createSoakWorld(upstream, first);
  const proxy = await startProxy(upstream);
  const { path, remove } = kubeconfigOf(proxy.url);
  const env = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };
  const editor = await editorOn(path, { columns: 120, rows: 30, ...(options.long ? { env } : {}) });
  try {
    const running = new Soak(options, editor, proxy, world);
    await running.run(bursts);
    const megabytes = await running.memory;
    // Watches outlive their tables by a minute.
    if (options.long && options.seed % 4 === 0) await running.close(75_000);
    return { steps: running.steps, megabytes };
  } finally {
    await editor.dispose();
    await proxy.dispose();
    await world.dispose();
    remove();
  }
};
