import { Worker } from 'node:worker_threads';

const script = `
  const { workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(workerData, { timeout: 1000 });
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  database.close();
`;

/**
 * Moves what was written from the log into the database file, in a thread of its own: it waits for the disk, which main
 * must not. Resolves when that is over. One that fails leaves the log as it was, and the next one does its work too.
 */
export const checkpoint = (file: string): Promise<void> =>
  new Promise((resolve) => {
    const worker = new Worker(script, { eval: true, workerData: file, env: {}, execArgv: ['--no-warnings'] });
    worker.unref();
    worker.once('error', () => resolve());
    worker.once('exit', () => resolve());
  });
