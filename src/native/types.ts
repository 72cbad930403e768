import type { ClientSpec } from '../protocol/client-spec.ts';

/** The object an operation acts on. */
export type Target = {
  readonly group: string;
  readonly version: string;
  /** Plural name, as in the URL. */
  readonly resource: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
};

export type CallOptions = {
  /** Ends the call at once with the code 'cancelled', or 'timeout' for a signal of AbortSignal.timeout(). */
  readonly signal?: AbortSignal | undefined;
};

export type ChangeOptions = CallOptions & {
  /** Only asks the server whether it would accept the change. */
  readonly dryRun?: boolean | undefined;
};

export type PodName = { readonly namespace: string; readonly name: string };

/**
 * One thing that happened in a drain.
 *
 * - `cordoned`, `selected` (the total is known now), `warning`: about the node.
 * - `evicting` → `blocked` (a disruption budget keeps the pod; tried again) → `terminating` → `gone`, or `failed`: about
 *   a pod.
 */
export type DrainProgress = {
  readonly step: 'cordoned' | 'selected' | 'warning' | 'evicting' | 'blocked' | 'terminating' | 'gone' | 'failed';
  /** A line to show. */
  readonly message: string;
  readonly namespace?: string;
  readonly pod?: string;
  /** `namespace/name` of the PodDisruptionBudgets that keep the pod. */
  readonly budgets?: readonly string[];
  /** Pods that are settled, of how many. */
  readonly done: number;
  readonly total: number;
};

export type DrainOptions = ChangeOptions & {
  /** Absent or negative: each pod's own. */
  readonly gracePeriodSeconds?: number | undefined;
  /** Absent or 0: no limit; a budget that never allows the eviction then keeps the drain going until it is cancelled. */
  readonly timeoutSeconds?: number | undefined;
  readonly deleteEmptyDirData?: boolean | undefined;
  readonly ignoreDaemonSets?: boolean | undefined;
  /** Also pods without a controller, which nothing will start again. */
  readonly force?: boolean | undefined;
  /** Delete instead of evict: past the disruption budgets. */
  readonly disableEviction?: boolean | undefined;
  readonly podSelector?: string | undefined;
  readonly onProgress?: ((progress: DrainProgress) => void) | undefined;
};

export type DrainResult = {
  readonly node: string;
  readonly dryRun: boolean;
  /** Whether this drain changed it; false for a node that already was. */
  readonly cordoned: boolean;
  /** In a dry run: pods that would be. */
  readonly evicted: readonly PodName[];
  /** Only a dry run ends with some: for a drain they are its error. */
  readonly blocked: readonly (PodName & { readonly budgets: readonly string[]; readonly message: string })[];
  readonly warnings: readonly string[];
};

/**
 * kubectl's own work on one API server, as one user. Every promise rejects with a ClusterError whose message names the
 * object and what was tried. Texts are kubectl's, byte for byte.
 */
export interface NativeClient {
  describe(target: Target, options?: CallOptions): Promise<string>;
  /** With a revision: that revision's pod template. */
  rolloutHistory(target: Target, options?: CallOptions & { readonly revision?: number | undefined }): Promise<string>;
  /** Waits until the rollout is done; progress is kubectl's lines, the last of them is the result too. */
  rolloutStatus(
    target: Target,
    options?: CallOptions & { readonly onProgress?: ((line: string) => void) | undefined },
  ): Promise<string>;
  /** To the revision before, or to the one named. A dry run gives kubectl's preview of the pod template. */
  rolloutUndo(target: Target, options?: ChangeOptions & { readonly toRevision?: number | undefined }): Promise<string>;
  rolloutRestart(target: Target, options?: ChangeOptions): Promise<string>;
  rolloutPause(target: Target, options?: ChangeOptions): Promise<string>;
  rolloutResume(target: Target, options?: ChangeOptions): Promise<string>;
  /** Pods that forbid the drain are found before the node is touched: code 'invalid', naming pods and options. */
  drain(node: string, options?: DrainOptions): Promise<DrainResult>;
  cordon(node: string, on: boolean, options?: ChangeOptions): Promise<void>;
  /** For the next requests, also those of calls under way. */
  setToken(token: string): void;
  /** Ends its calls with the code 'cancelled'. */
  dispose(): void;
}

export interface Native {
  readonly kind: 'addon' | 'sidecar' | 'kubectl';
  /** Sentences: what was tried before this one and why it was not taken. */
  readonly why: readonly string[];
  /** Of the kubectl that does the work, such as '1.36.3'. */
  readonly version: string;
  client(spec: ClientSpec): NativeClient;
  dispose(): void;
}

export type NativeLoaded = Native | { readonly kind: 'none'; readonly why: readonly string[]; readonly advice: string };
