import type { ClientSpec } from '../protocol/client-spec.ts';
import type { Resource, Target } from '../protocol/resource.ts';
import type { Drill, Methods, RowJson, TableOpened, ToEditor, WireError } from '../protocol/wire.ts';

/** The first message: what the engine is of. Its worker is started before that is known. */
export type EngineStart = {
  readonly type: 'start';
  readonly context: string;
  readonly spec: ClientSpec;
  /** Namespaces to try for "all of them" where they may not be listed. */
  readonly fallback: readonly string[];
  readonly ambiwidth: 'single' | 'double';
};

/** Calls from main to the engine: name → [params, result]. `view.*` calls of the wire pass through unchanged. */
export type EngineMethods = {
  'view.open': [Methods['view.open'][0] & { readonly namespaces: readonly string[] }, TableOpened];
  'view.update': Methods['view.update'];
  'view.ack': Methods['view.ack'];
  'view.viewport': Methods['view.viewport'];
  'view.resend': Methods['view.resend'];
  'view.refresh': Methods['view.refresh'];
  'view.close': Methods['view.close'];
  'view.rows': [{ readonly view: number }, { readonly rows: readonly RowJson[] }];
  'view.labels': Methods['view.labels'];
  'view.drill': Methods['view.drill'];
  'view.related': Methods['view.related'];
  'view.hover': Methods['view.hover'];
  /** The objects behind rows; keys whose row is gone are left out. */
  'view.targets': [
    { readonly view: number; readonly keys: readonly string[] },
    {
      readonly targets: readonly Target[];
      /** Names of those that the filter of the table hides. */
      readonly hidden: readonly string[];
    },
  ];
  /** A text for each row that is another one when the row is; keys whose row is gone are left out. */
  'view.stamps': [
    { readonly view: number; readonly keys: readonly string[] },
    { readonly stamps: Readonly<Record<string, string>> },
  ];
  /** As `view.related`, of an object that is in no table. */
  related: [{ readonly view: number; readonly target: Target; readonly what: 'owner' | 'row-events' }, Drill];
  /** The resource a user's word means. */
  find: [{ readonly typed: string }, Resource];
  complete: Methods['complete'];
};

export type EngineCall = {
  readonly [M in keyof EngineMethods]: {
    readonly type: 'call';
    /** 0 wants no answer. */
    readonly id: number;
    readonly client: number;
    readonly method: M;
    readonly params: EngineMethods[M][0];
  };
}[keyof EngineMethods];

export type ToEngine =
  | EngineStart
  | EngineCall
  | { readonly type: 'spec'; readonly spec: ClientSpec }
  /** The credential could not be renewed; `message` says why. */
  | { readonly type: 'no-spec'; readonly error: WireError };

export type FromEngine =
  | { readonly type: 'answer'; readonly id: number; readonly ok?: unknown; readonly error?: WireError }
  | { readonly type: 'editor'; readonly client: number; readonly message: ToEditor }
  /** The server refused this credential or it is about to end: renew it and post `spec`. */
  | { readonly type: 'credential'; readonly stale: ClientSpec };
