import { ClusterError } from '../util/error.ts';
import type { Decoded, ListDecoder, TableColumn } from './decoded.ts';
import { createItemSplitter } from './json-items.ts';
import { objectText } from './json-text.ts';
import { decodeItem, isBag, plainItem } from './meta.ts';

type Bag = Readonly<Record<string, unknown>>;

/** What may differ between plain lists and Tables. */
export type ListShape = {
  readonly item: (object: Bag) => Decoded;
  /** Told what surrounds the items as soon as it is known; returns the columns, if it has any. */
  readonly columns?: (envelope: Bag) => readonly TableColumn[] | undefined;
};

const parseBag = (text: string): Bag | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isBag(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const incomplete = (): ClusterError =>
  new ClusterError('invalid', 'the list ended before its last byte', {
    hint: 'The connection or a proxy cut the answer; it is asked for again.',
  });

/** Reads a LIST response (`application/json`) as its bytes arrive. */
export const createJsonList = (shape: ListShape = { item: plainItem }): ListDecoder => {
  const splitter = createItemSplitter();
  let resourceVersion = '';
  let continueToken = '';
  let columns: readonly TableColumn[] | undefined;
  let headRead = false;
  let count = 0;

  const readEnvelope = (envelope: Bag): void => {
    const metadata = isBag(envelope.metadata) ? envelope.metadata : {};
    if (typeof metadata.resourceVersion === 'string') resourceVersion = metadata.resourceVersion;
    if (typeof metadata.continue === 'string') continueToken = metadata.continue;
    columns ??= shape.columns?.(envelope);
  };

  const decode = (bytes: Buffer): Decoded => {
    count++;
    return decodeItem(objectText(bytes), `item ${count}`, shape.item);
  };

  return {
    push: (chunk) => {
      const items = splitter.push(chunk);
      if (!headRead && splitter.head !== undefined) {
        headRead = true;
        readEnvelope(parseBag(splitter.head) ?? {});
      }
      return items.map(decode);
    },
    end: () => {
      if (splitter.whole === undefined) throw incomplete();
      const envelope = parseBag(splitter.whole);
      if (envelope === undefined || !('items' in envelope || 'rows' in envelope)) {
        throw new ClusterError('invalid', 'the server answered a list with something that has no items', {
          hint: 'Is there a proxy or a login page between this machine and the API server?',
        });
      }
      readEnvelope(envelope);
      return [];
    },
    get resourceVersion() {
      return resourceVersion;
    },
    get continueToken() {
      return continueToken;
    },
    get columns() {
      return columns;
    },
  };
};
