/**
 * The parts of Kubernetes objects that kinds read. Everything may be absent or null: servers leave empty fields
 * out, old versions lack some, and aggregated servers are free in what they send.
 */

export type Maybe<T> = T | null | undefined;

/** `T` as servers send it: each part at any depth may be absent or null. Maps stay maps. */
export type Loose<T> = T extends readonly (infer Element)[]
  ? readonly Loose<Element>[]
  : T extends object
    ? string extends keyof T
      ? Readonly<T>
      : { readonly [K in keyof T]?: Maybe<Loose<T[K]>> }
    : T;

/** RFC 3339, or ms since the epoch where the decoder has read it already. */
export type Time = Maybe<string | number>;

export type ObjectMeta = {
  readonly name?: Maybe<string>;
  readonly namespace?: Maybe<string>;
  readonly creationTimestamp?: Time;
  readonly deletionTimestamp?: Time;
  readonly generation?: Maybe<number>;
  readonly labels?: Maybe<Readonly<Record<string, string>>>;
  /** Read only where a kind asks for them. */
  readonly annotations?: Maybe<Readonly<Record<string, string>>>;
  readonly ownerReferences?: Maybe<readonly { readonly uid?: Maybe<string> }[]>;
};

export type KubeObject = { readonly metadata?: Maybe<ObjectMeta> };

export type Condition = {
  readonly type?: Maybe<string>;
  readonly status?: Maybe<string>;
  readonly reason?: Maybe<string>;
};

export type Container = {
  readonly name?: Maybe<string>;
  readonly image?: Maybe<string>;
  readonly restartPolicy?: Maybe<string>;
};

export type LabelSelector = {
  readonly matchLabels?: Maybe<Readonly<Record<string, string>>>;
  readonly matchExpressions?: Maybe<
    readonly { readonly key: string; readonly operator: string; readonly values?: Maybe<readonly string[]> }[]
  >;
};
