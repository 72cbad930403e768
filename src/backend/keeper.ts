import type { Recorder } from '../actions/write.ts';
import type { Journal } from '../journal/journal.ts';
import { asClusterError, ClusterError } from '../util/error.ts';

/** The journal, opened when it is first needed, and what to do when it cannot be written. */
export interface Keeper {
  /** The journal; rejects with why there is none. */
  journal(): Promise<Journal>;
  /** Why nothing can be written down now; undefined when it can. Never rejects. */
  problem(): Promise<string | undefined>;
  /**
   * For the writes of one action. Undefined, that is nothing is written down, only when the user has agreed to that;
   * rejects when the journal cannot be written and they have not.
   */
  recorder(agreed: boolean): Promise<Recorder | undefined>;
  dispose(): void;
}

export type KeeperOptions = {
  readonly folder: string;
  /** Tells the user; called once for each new reason. */
  readonly warn: (text: string) => void;
};

const reasonOf = (thrown: unknown): string => asClusterError(thrown).message;

export const createKeeper = ({ folder, warn }: KeeperOptions): Keeper => {
  let opened: Journal | undefined;
  let opening: Promise<Journal> | undefined;
  /** Since the last write that failed; each plan tries again. */
  let broken: string | undefined;
  let told = '';

  const tell = (reason: string): void => {
    if (told === reason) return;
    told = reason;
    warn(
      `kubectl: the journal in ${folder} cannot be written: ${reason}. Changes are made only after you agree to that.`,
    );
  };

  const journal = (): Promise<Journal> => {
    if (opened !== undefined) return Promise.resolve(opened);
    opening ??= import('../journal/journal.ts')
      .then(({ Journal }) => {
        opened = new Journal(folder);
        return opened;
      })
      .finally(() => {
        opening = undefined;
      });
    return opening;
  };

  /** A write that was refused is tried once more: it may have been another editor's turn. */
  const attempt = <T>(write: () => T): T => {
    try {
      return write();
    } catch {
      return write();
    }
  };

  const failed = (thrown: unknown): ClusterError => {
    broken = reasonOf(thrown);
    tell(broken);
    return new ClusterError('internal', `not done: the journal cannot be written (${broken})`, {
      hint: 'Ask for it again: then it can be done without the journal.',
      cause: thrown,
    });
  };

  return {
    journal,
    problem: async () => {
      try {
        const keeping = await journal();
        // After a write that failed only one that succeeds says that the next will.
        attempt(() => (broken === undefined ? keeping.check() : keeping.probe()));
        broken = undefined;
        told = '';
        return undefined;
      } catch (thrown) {
        broken = reasonOf(thrown);
        tell(broken);
        return broken;
      }
    },
    recorder: async (agreed) => {
      if (agreed && broken !== undefined) return undefined;
      let keeping: Journal;
      try {
        keeping = await journal();
      } catch (thrown) {
        throw failed(thrown);
      }
      return {
        begin: (begun) => {
          try {
            return attempt(() => keeping.begin(begun));
          } catch (thrown) {
            throw failed(thrown);
          }
        },
        finish: (id, finished) => {
          try {
            attempt(() => keeping.finish(id, finished));
          } catch (thrown) {
            throw failed(thrown);
          }
        },
      };
    },
    dispose: () => opened?.dispose(),
  };
};
