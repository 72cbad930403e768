import type { DatabaseSync } from 'node:sqlite';
import { ClusterError } from '../util/error.ts';

/** One script a version, run once and in order. A script that was released is never changed. */
export const migrations: readonly string[] = [
  `CREATE TABLE entries (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     batch TEXT NOT NULL,
     context TEXT NOT NULL,
     user TEXT NOT NULL,
     action TEXT NOT NULL,
     target TEXT NOT NULL,
     uid TEXT NOT NULL DEFAULT '',
     command TEXT NOT NULL,
     state TEXT NOT NULL CHECK (state IN ('started', 'done', 'failed')),
     message TEXT NOT NULL DEFAULT '',
     change TEXT CHECK (change IN ('update', 'create', 'delete')),
     subresource TEXT NOT NULL DEFAULT '',
     before TEXT,
     after TEXT,
     reverse TEXT,
     lost TEXT NOT NULL DEFAULT '[]',
     dependents TEXT NOT NULL DEFAULT '[]',
     reverts INTEGER,
     reverted_by INTEGER
   ) STRICT`,
];

const versionOf = (database: DatabaseSync): number => {
  const row = database.prepare('PRAGMA user_version').get();
  return Number(row?.user_version ?? 0);
};

/** Brings a database to the newest version. One that a newer plugin wrote is left alone. */
export const migrate = (database: DatabaseSync, scripts: readonly string[] = migrations): void => {
  if (versionOf(database) === scripts.length) return;
  // Another backend may be at it: who comes second finds it done.
  database.exec('BEGIN IMMEDIATE');
  try {
    const from = versionOf(database);
    if (from > scripts.length) {
      throw new ClusterError('unsupported', `the journal was written by a newer plugin (version ${from} of it)`, {
        hint: 'Update this plugin, or set another XDG_STATE_HOME.',
      });
    }
    for (const script of scripts.slice(from)) database.exec(script);
    database.exec(`PRAGMA user_version = ${scripts.length}`);
    database.exec('COMMIT');
  } catch (thrown) {
    database.exec('ROLLBACK');
    throw thrown;
  }
};
