import type { Column } from '../protocol/row.ts';

/** The identity of a decoded object; '' where the server gives none. */
export type Meta = {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
};

/**
 * One object off the wire. `object` is what the processor reads: the JSON object (or the projected part of it),
 * or for Tables `{ cells, object }`. `problem` is set instead when an item could not be decoded.
 */
export type Decoded = { readonly meta: Meta; readonly object: unknown; readonly problem?: string };

export type WatchType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

export type DecodedEvent = {
  readonly type: WatchType;
  /** For ERROR: the Status object under `object`. */
  readonly item: Decoded;
  /** A bookmark that ends the initial events of a streaming list. */
  readonly initialEventsEnd?: boolean;
};

/** Fed bytes as they arrive; keeps only the partial item. */
export interface ListDecoder {
  push(chunk: Uint8Array): readonly Decoded[];
  /** The rest; throws ClusterError('invalid') when the body ended inside an item. */
  end(): readonly Decoded[];
  /** Known once the metadata has been read, at the latest after end(). */
  readonly resourceVersion: string;
  readonly continueToken: string;
  /** Columns of a Table response; undefined otherwise or before they were read. */
  readonly columns: readonly TableColumn[] | undefined;
}

export interface WatchDecoder {
  push(chunk: Uint8Array): readonly DecodedEvent[];
  readonly columns: readonly TableColumn[] | undefined;
}

/** How one resource is asked for and read. */
export interface Decoder {
  readonly accept: string;
  readonly acceptWatch: string;
  /** Extra query of list and watch, for example includeObject. */
  readonly query: Readonly<Record<string, string>>;
  /** `contentType` is the answer's: servers may choose another encoding than the first one asked for. */
  list(contentType?: string): ListDecoder;
  watch(contentType?: string): WatchDecoder;
}

/** A column of the server's Table, already in our words. */
export type TableColumn = Column & {
  readonly format: string;
  readonly type: string;
  /** The server's; for custom resources it names the column's JSONPath unless their author wrote another. */
  readonly description?: string;
};
