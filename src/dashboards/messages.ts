/** Between the main thread and the dashboard worker. Everything here survives a structured clone. */
import type { ClientSpec } from '../protocol/client-spec.ts';
import type { Params, ToEditor, WireError } from '../protocol/wire.ts';

export type ToWorker =
  | { readonly type: 'open'; readonly params: Params<'dashboard.open'> }
  | { readonly type: 'key'; readonly dashboard: number; readonly keys: string }
  | { readonly type: 'resize'; readonly dashboard: number; readonly columns: number; readonly rows: number }
  | { readonly type: 'ack'; readonly dashboard: number; readonly seq: number }
  | { readonly type: 'close'; readonly dashboard: number }
  /** Answers `client-wanted` of the same number. */
  | { readonly type: 'client'; readonly wanted: number; readonly spec: ClientSpec }
  | { readonly type: 'client-refused'; readonly wanted: number; readonly error: WireError };

export type FromWorker =
  | { readonly type: 'opened'; readonly dashboard: number; readonly title: string }
  | { readonly type: 'refused'; readonly dashboard: number; readonly error: WireError }
  /** A credential is resolved in the main thread; asked again when the server no longer takes `stale`. */
  | { readonly type: 'client-wanted'; readonly wanted: number; readonly context: string; readonly stale?: ClientSpec }
  /** For the client that opened the dashboard. */
  | { readonly type: 'emit'; readonly dashboard: number; readonly message: ToEditor };
