/** What crosses the wire about `:Kubectl …` lines: see wire.ts. */
import type { GuardMode, TextKind, TypedObject } from './action-wire.ts';
import type { Query } from './query.ts';

/** An object by row or by name. */
export type Source =
  | { readonly view: number; readonly key: string }
  | { readonly resource: string; readonly name: string; readonly context?: string; readonly namespace?: string };

/** What a `:Kubectl …` line means. Processes run with argument lists, never through a shell. */
export type CommandPlan =
  | { readonly do: 'table'; readonly queries: readonly Query[] }
  | { readonly do: 'describe'; readonly sources: readonly Source[] }
  /** Each object's text, which `:w` writes. */
  | { readonly do: 'edit'; readonly sources: readonly Source[] }
  | { readonly do: 'logs'; readonly source: Source; readonly options: LogOptions }
  | { readonly do: 'dashboard'; readonly name: string; readonly args: Readonly<Record<string, string>> }
  | { readonly do: 'page'; readonly title: string; readonly text: string }
  | {
      readonly do: 'process';
      readonly argv: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly title: string;
      readonly filetype: string;
      /** Exit codes that are not failures. */
      readonly okCodes: readonly number[];
      /** Feed the current buffer's text on stdin. */
      readonly stdin: 'none' | 'buffer';
      /** 'terminal' for interactive programs (exec -it, attach, edit -f). */
      readonly show: 'split' | 'terminal';
      /** It may change a guarded context: run only when the word was typed. */
      readonly confirm?: CommandQuestion;
      /** When it has ended or could not be run, `process.ended` is told this. */
      readonly ends?: string;
    }
  | {
      readonly do: 'apply';
      /** Also the text of the current buffer. */
      readonly buffer: boolean;
      readonly files: readonly string[];
      readonly kustomize?: string;
      readonly recursive: boolean;
      readonly prune?: string;
      readonly context?: string;
      readonly namespace?: string;
    }
  /** An action of the plugin's own, planned, asked about and written down as from a table. */
  | {
      readonly do: 'action';
      readonly action: string;
      readonly objects: readonly TypedObject[];
      readonly inputs: Readonly<Record<string, string | number | boolean>>;
      /** It is tried on the server only: nothing is asked. */
      readonly dryRun: boolean;
    }
  | { readonly do: 'text'; readonly what: TextKind; readonly source: Source }
  /** A buffer for a new object: with what its kind needs, or a copy of the source's. */
  | { readonly do: 'new'; readonly source: Source; readonly anew: 'bare' | 'copy'; readonly name?: string }
  | { readonly do: 'journal' }
  /** Shows how the context is handled, or handles it so from now on. */
  | { readonly do: 'guard'; readonly context: string; readonly mode?: GuardMode };

export type CommandQuestion = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly verb: string;
  readonly type: string;
};

export type LogOptions = {
  readonly container?: string;
  readonly previous?: boolean;
  readonly follow?: boolean;
  readonly tail?: number;
  readonly timestamps?: boolean;
};
