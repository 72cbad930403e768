/** A namespace of the run's lab with everything that changes objects on it, and a journal of its own. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { type Ability, createAbility } from '../../src/actions/ability.ts';
import type { Inputs } from '../../src/actions/define-action.ts';
import { actions } from '../../src/actions/index.generated.ts';
import { planRevert, runRevert } from '../../src/actions/revert.ts';
import { planAction, type RunActionOptions, runAction } from '../../src/actions/run.ts';
import { createConnector } from '../../src/cluster/connect.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { createTransport } from '../../src/cluster/node-transport.ts';
import type { Transport } from '../../src/cluster/transport.ts';
import { type Entry, Journal } from '../../src/journal/journal.ts';
import type { KubeObject } from '../../src/journal/kept-object.ts';
import { loadNative } from '../../src/native/load.ts';
import type { ClientSpec } from '../../src/protocol/client-spec.ts';
import { resourcePath, type Target } from '../../src/protocol/resource.ts';
import type { ActionPlan, ActionResult } from '../../src/protocol/wire.ts';
import { systemClock as clock } from '../../src/util/clock.ts';
import { furnished } from './parity/lab-api.ts';
import { bound } from './preconditions.ts';

const run = promisify(execFile);
const plugin = join(import.meta.dirname, '..', '..');

export const podSpec = { containers: [{ name: 'app', image: 'app:1' }], terminationGracePeriodSeconds: 0 };

export const template = (app: string, spec: object = podSpec) => ({ metadata: { labels: { app } }, spec });

export class WriteStage {
  readonly namespace = `write-${randomBytes(4).toString('hex')}`;
  readonly journal: Journal;
  readonly context: string;
  readonly spec: ClientSpec;
  readonly transport: Transport;
  readonly #folder = mkdtempSync(join(tmpdir(), 'kubectl-live-write-'));
  readonly #cleanUp: (() => Promise<unknown>)[] = [];
  /** What actions use: every request of theirs must be bound to its object. */
  readonly #bound: Transport;
  ability: Ability;
  /** Happens once, after an action has read the object at that path and before it changes it. */
  meanwhile: { readonly path: string; readonly act: () => Promise<unknown> } | undefined;

  private constructor(context: string, spec: ClientSpec, transport: Transport, ability: Ability) {
    this.context = context;
    this.spec = spec;
    this.transport = transport;
    this.#bound = bound(transport, async (path) => {
      const { meanwhile } = this;
      if (meanwhile === undefined || !path.startsWith(meanwhile.path)) return;
      this.meanwhile = undefined;
      await meanwhile.act();
    });
    this.ability = ability;
    this.journal = new Journal(join(this.#folder, 'state'));
  }

  static async start(): Promise<WriteStage> {
    const config = await loadKubeconfig({ env: { KUBECONFIG: process.env.KUBECTL_LIVE_LAB_KUBECONFIG } });
    const spec = await createConnector(config, { clock, env: process.env }).resolve('');
    const transport = createTransport(spec, { clock });
    const ability = await createAbility({ context: config.current, transport, clock });
    const stage = new WriteStage(config.current, spec, transport, ability);
    await transport.json({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: stage.namespace } } });
    await furnished(transport, stage.namespace);
    return stage;
  }

  /** For each action a fresh one: what it has read it keeps. */
  async fresh(root = plugin): Promise<Ability> {
    const { context, spec } = this;
    this.ability = await createAbility({
      context,
      transport: this.#bound,
      clock,
      native: async () => {
        const native = await loadNative({ root, kubectl: process.env.KUBECTL_LIVE_LAB_KUBECTL });
        if (native.kind === 'none') throw new Error(native.why.join(' '));
        const how = native.kind === 'kubectl' ? `Through the kubectl program. ${native.why.join(' ')}` : '';
        return { client: native.client(spec), how };
      },
    });
    return this.ability;
  }

  path(typed: string, name = '', subresource = ''): string {
    const resource = this.ability.discovery.find(typed);
    return resourcePath(resource, resource.namespaced ? this.namespace : '', name, subresource);
  }

  async create(typed: string, object: object): Promise<KubeObject> {
    const made = await this.transport.json<KubeObject>({ method: 'POST', path: this.path(typed), body: object });
    if (!this.ability.discovery.find(typed).namespaced) {
      const path = this.path(typed, made.metadata?.name);
      this.#cleanUp.push(() => this.transport.json({ method: 'DELETE', path }));
    }
    return made;
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test looks wherever it wants.
  get(typed: string, name: string): Promise<any> {
    return this.transport.json({ path: this.path(typed, name) });
  }

  async isGone(typed: string, name: string): Promise<boolean> {
    return (await this.get(typed, name).catch(({ code }) => code)) === 'not-found';
  }

  target(typed: string, { metadata }: KubeObject): Target {
    const resource = this.ability.discovery.find(typed);
    const namespace = resource.namespaced ? this.namespace : '';
    const uid = metadata?.uid;
    return {
      context: this.context,
      resource,
      namespace,
      name: metadata?.name ?? '',
      ...(uid !== undefined && { uid }),
    };
  }

  #action(id: string) {
    const action = actions.find((each) => each.id === id);
    if (action === undefined) throw new Error(`no action ${id}`);
    return action;
  }

  async applies(id: string, targets: readonly Target[]): Promise<true | string> {
    return await this.#action(id).applies(targets, await this.fresh());
  }

  async plan(id: string, targets: readonly Target[], inputs: Inputs = {}): Promise<ActionPlan> {
    return await planAction(this.#action(id), targets, inputs, await this.fresh());
  }

  async run(
    id: string,
    targets: readonly Target[],
    inputs: Inputs = {},
    options: Partial<RunActionOptions> = {},
  ): Promise<readonly ActionResult[]> {
    const ability = await this.fresh();
    return await runAction(
      this.#action(id),
      targets,
      inputs,
      { dryRun: false, recorder: this.recorder, ...options },
      ability,
    );
  }

  get recorder() {
    const { journal } = this;
    return { begin: journal.begin.bind(journal), finish: journal.finish.bind(journal) };
  }

  /** Runs it on one object and expects that it went well; gives its entry in the journal. */
  async does(id: string, target: Target, inputs: Inputs = {}): Promise<Entry & { readonly said: string }> {
    expect(await this.applies(id, [target])).toBe(true);
    const dry = await this.run(id, [target], inputs, { dryRun: true });
    expect(dry).toMatchObject([{ ok: true }]);
    await this.#kubectlAgrees(dry[0]?.command ?? '');
    const [result] = await this.run(id, [target], inputs);
    expect(result).toMatchObject({ ok: true, entry: expect.any(Number) });
    const entry = this.journal.read(result?.entry ?? 0);
    expect(entry).toMatchObject({ state: 'done', action: id, context: this.context, command: result?.command });
    expect(entry?.user).not.toBe('');
    if (entry === undefined) throw new Error('no entry');
    return { ...entry, said: result?.message ?? '' };
  }

  /** The command that is shown is one that kubectl takes, quoting and all; those without a dry run, input or a secret. */
  async #kubectlAgrees(command: string): Promise<void> {
    if (!command.includes('--dry-run=server') || /--filename=-|\*\*\*/.test(command)) return;
    const env = { ...process.env, KUBECONFIG: process.env.KUBECTL_LIVE_LAB_KUBECONFIG };
    const program = process.env.KUBECTL_LIVE_LAB_KUBECTL ?? 'kubectl';
    await run('sh', ['-c', command.replace(/^kubectl/, program)], { env }).catch((thrown: Error) => {
      throw new Error(`kubectl does not take \`${command}\`: ${thrown.message}`);
    });
  }

  async planUndo(...ids: readonly number[]): Promise<ActionPlan> {
    return await planRevert(this.#entries(ids), await this.fresh(), {});
  }

  async undo(...ids: readonly number[]): Promise<readonly ActionResult[]> {
    const { journal } = this;
    const onReverted = (id: number, by: number): void => journal.reverted(id, by);
    return await runRevert(
      this.#entries(ids),
      { dryRun: false, recorder: this.recorder, onReverted },
      await this.fresh(),
    );
  }

  #entries(ids: readonly number[]): readonly Entry[] {
    return ids.flatMap((id) => this.journal.read(id) ?? []);
  }

  async patch(typed: string, name: string, body: object, subresource = ''): Promise<void> {
    const headers = { 'content-type': 'application/merge-patch+json' };
    const path = this.path(typed, name, subresource);
    await this.transport.json({ method: 'PATCH', path, headers, body: JSON.stringify(body) });
  }

  async dispose(): Promise<void> {
    const end = async (work: () => Promise<unknown>): Promise<unknown> => await work().catch(() => undefined);
    for (const work of this.#cleanUp.reverse()) await end(work);
    await end(() => this.transport.json({ method: 'DELETE', path: `/api/v1/namespaces/${this.namespace}` }));
    this.transport.dispose();
    this.journal.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
