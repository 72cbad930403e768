import type { KubeObject } from './kept-object.ts';

/** Which object an entry is about: enough to find it again. */
export type EntryTarget = {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
};

/** What is known before the request goes out. */
export type Begun = {
  /** In ms since the epoch. */
  readonly at: number;
  /** The same for all objects of one action. */
  readonly batch: string;
  readonly context: string;
  /** As the server knows them. */
  readonly user: string;
  /** The action's id. */
  readonly action: string;
  readonly target: EntryTarget;
  /** What does the same with kubectl. */
  readonly command: string;
  /** The entry this one takes back. */
  readonly reverts?: number;
};

/** What a request changed. Objects are given as the server has them; the journal leaves out what it may not keep. */
export type Change =
  | {
      readonly kind: 'update';
      readonly before: KubeObject;
      readonly after: KubeObject;
      /** '' for the object itself; `scale`, `resize`… */
      readonly subresource?: string;
    }
  | { readonly kind: 'create'; readonly after: KubeObject }
  | {
      readonly kind: 'delete';
      readonly before: KubeObject;
      /** Objects the cluster deletes with it and nothing makes again. */
      readonly dependents?: readonly KubeObject[];
    };

export type Finished = {
  readonly ok: boolean;
  readonly message: string;
  readonly change?: Change | undefined;
};

/**
 * `started` is a request whose answer was never written down: the backend ended before it came. Whether it was carried
 * out is not known.
 */
export type EntryState = 'started' | 'done' | 'failed';

export type EntryHead = Begun & {
  readonly id: number;
  readonly state: EntryState;
  readonly message: string;
  readonly change?: Change['kind'];
  /** The entry that took this one back. */
  readonly revertedBy?: number;
};
