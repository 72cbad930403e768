import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { checkpoint } from './checkpoint.ts';
import type { Begun, Change, EntryHead, Finished } from './entry.ts';
import { type KubeObject, kept } from './kept-object.ts';
import { type Operation, reverseOf } from './reverse.ts';
import { migrate } from './schema.ts';
import { privateFile, privateFolder } from './state-file.ts';

/** An entry with all that was written down of it. */
export type Entry = EntryHead & {
  /** Of the object that was changed, made or deleted; '' where that is not known. */
  readonly uid: string;
  readonly subresource: string;
  readonly before?: KubeObject;
  readonly after?: KubeObject;
  /** Takes an update back. */
  readonly reverse: readonly Operation[];
  /** Fields that changed and whose values were not written down. */
  readonly lost: readonly string[];
  readonly dependents: readonly KubeObject[];
};

/** How many entries are kept; the oldest go when it is opened. */
const KEPT = 20_000;
/** Another editor may be writing. Main waits no longer than this; what fails then is told and tried again. */
const BUSY_MS = 50;
/** After as many entries the log is moved into the database; each is some 20 KB at most times. */
const CHECKPOINT_EVERY = 500;
/** In bytes. */
const LONG_LOG = 4 * 1024 * 1024;
const LARGE_ENTRY = 256 * 1024;

type Row = Readonly<Record<string, unknown>>;

const text = (row: Row, column: string): string => String(row[column] ?? '');
const number = (row: Row, column: string): number | undefined =>
  row[column] === null || row[column] === undefined ? undefined : Number(row[column]);
const parsed = <T>(row: Row, column: string): T | undefined =>
  typeof row[column] === 'string' ? (JSON.parse(row[column]) as T) : undefined;

const headOf = (row: Row): EntryHead => {
  const [change, reverts, revertedBy] = [row.change, number(row, 'reverts'), number(row, 'reverted_by')];
  return {
    id: Number(row.id),
    at: Number(row.at),
    batch: text(row, 'batch'),
    context: text(row, 'context'),
    user: text(row, 'user'),
    action: text(row, 'action'),
    target: JSON.parse(text(row, 'target')),
    command: text(row, 'command'),
    state: text(row, 'state') as EntryHead['state'],
    message: text(row, 'message'),
    ...(typeof change === 'string' && { change: change as Change['kind'] }),
    ...(reverts !== undefined && { reverts }),
    ...(revertedBy !== undefined && { revertedBy }),
  };
};

const entryOf = (row: Row): Entry => {
  const [before, after] = [parsed<KubeObject>(row, 'before'), parsed<KubeObject>(row, 'after')];
  return {
    ...headOf(row),
    uid: text(row, 'uid'),
    subresource: text(row, 'subresource'),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    reverse: parsed<Operation[]>(row, 'reverse') ?? [],
    lost: parsed<string[]>(row, 'lost') ?? [],
    dependents: parsed<KubeObject[]>(row, 'dependents') ?? [],
  };
};

const uidOf = ({ metadata }: KubeObject): string => metadata?.uid ?? '';

/** The columns of a change. Values of secrets end here. */
const columnsOf = (change: Change | undefined) => {
  const nothing = {
    change: null,
    uid: '',
    subresource: '',
    before: null,
    after: null,
    reverse: null,
    lost: '[]',
    dependents: '[]',
  };
  if (change === undefined) return nothing;
  const written = { ...nothing, change: change.kind };
  switch (change.kind) {
    case 'create':
      return { ...written, uid: uidOf(change.after), after: JSON.stringify(kept(change.after)) };
    case 'delete':
      return {
        ...written,
        uid: uidOf(change.before),
        before: JSON.stringify(kept(change.before)),
        dependents: JSON.stringify((change.dependents ?? []).map(kept)),
      };
    case 'update': {
      const { operations, lost } = reverseOf(change.before, change.after);
      return {
        ...written,
        uid: uidOf(change.before),
        subresource: change.subresource ?? '',
        before: JSON.stringify(kept(change.before)),
        after: JSON.stringify(kept(change.after)),
        reverse: JSON.stringify(operations),
        lost: JSON.stringify(lost),
      };
    }
    default:
      return change satisfies never;
  }
};

const headColumns =
  'id, at, batch, context, user, action, target, command, state, message, change, reverts, reverted_by';

/**
 * What this user changed in clusters, in a SQLite file of their own. Written on the main thread: an entry costs well
 * under a millisecond (doc/decisions), and an entry is written before its request goes out.
 */
export class Journal {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #listeners = new Set<() => void>();
  readonly #begin: StatementSync;
  readonly #finish: StatementSync;
  readonly #list: StatementSync;
  readonly #read: StatementSync;
  readonly #reverted: StatementSync;
  /** Entries since the log was last moved. */
  #since: number;

  /** Throws when the file cannot be used: a read-only home, a full disk, somebody else's folder. */
  constructor(folder: string) {
    this.file = privateFile(join(privateFolder(folder), 'journal.sqlite'));
    const database = new DatabaseSync(this.file, { timeout: BUSY_MS });
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0');
      migrate(database);
      database.prepare('DELETE FROM entries WHERE id <= (SELECT max(id) FROM entries) - ?').run(KEPT);
      this.#begin = database.prepare(
        `INSERT INTO entries (at, batch, context, user, action, target, command, state, reverts)
         VALUES (:at, :batch, :context, :user, :action, :target, :command, 'started', :reverts)`,
      );
      this.#finish = database.prepare(
        `UPDATE entries SET state = :state, message = :message, change = :change, uid = :uid, subresource = :subresource,
         before = :before, after = :after, reverse = :reverse, lost = :lost, dependents = :dependents WHERE id = :id`,
      );
      this.#list = database.prepare(`SELECT ${headColumns} FROM entries ORDER BY id DESC LIMIT ?`);
      this.#read = database.prepare('SELECT * FROM entries WHERE id = ?');
      this.#reverted = database.prepare('UPDATE entries SET reverted_by = :by WHERE id = :id');
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    this.#database = database;
    // What the backend before has left is moved with the first entry.
    const left = statSync(`${this.file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    this.#since = left > LONG_LOG ? CHECKPOINT_EVERY : 0;
  }

  /** Throws when it may not be written now: a file that became read-only, somebody else who does not let go. */
  check(): void {
    this.#database.exec('BEGIN IMMEDIATE; ROLLBACK');
  }

  /** Throws when there is no room for an entry: writes one as large as they get, and takes it away again. */
  probe(): void {
    try {
      this.#database.exec(`BEGIN IMMEDIATE; CREATE TABLE probe (filler BLOB);
        INSERT INTO probe VALUES (zeroblob(${LARGE_ENTRY})); COMMIT; DROP TABLE probe`);
    } catch (thrown) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw thrown;
    }
  }

  /** Writes down what is about to be asked of a server; gives the entry's id. */
  begin(begun: Begun): number {
    const { reverts = null, target, ...rest } = begun;
    const { lastInsertRowid } = this.#begin.run({ ...rest, target: JSON.stringify(target), reverts });
    this.#tell();
    return Number(lastInsertRowid);
  }

  /** Writes down what came of it. */
  finish(id: number, { ok, message, change }: Finished): void {
    this.#since += 1;
    if (this.#since > CHECKPOINT_EVERY) {
      this.#since = 0;
      void checkpoint(this.file);
    }
    this.#finish.run({ id, state: ok ? 'done' : 'failed', message, ...columnsOf(change) });
    this.#tell();
  }

  /** An entry was taken back by another. */
  reverted(id: number, by: number): void {
    this.#reverted.run({ id, by });
    this.#tell();
  }

  /** The newest entries, the newest first. */
  list(most: number): readonly EntryHead[] {
    return this.#list.all(most).map(headOf);
  }

  read(id: number): Entry | undefined {
    const row = this.#read.get(id);
    return row === undefined ? undefined : entryOf(row);
  }

  /** Changes whenever another program has written; costs no reading. */
  version(): number {
    return Number(this.#database.prepare('PRAGMA data_version').get()?.data_version ?? 0);
  }

  /** Runs `listener` after each change made here; the returned function ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#listeners.clear();
    this.#database.close();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
