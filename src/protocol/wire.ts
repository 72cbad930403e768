/**
 * The wire between Neovim and the backend.
 *
 * Lua → backend: `rpcnotify(channel, 'kubectl', Request)`, never a blocking request. `id` 0 wants no reply.
 * Backend → Lua: `nvim_exec_lua("require('kubectl.host').receive(...)", [ToEditor])` as a notification.
 * Buffer positions are 0-based lines; widths and column starts are display cells.
 */
import type { ErrorCode } from '../util/error.ts';
import type {
  ActionEntry,
  ActionPlan,
  ActionResult,
  GuardMode,
  GuardRule,
  RunParams,
  TextKind,
  TypedObject,
} from './action-wire.ts';
import type { CommandPlan, LogOptions, Source } from './command-wire.ts';
import type { Edited, EditOpened, EditPlanned, EditRun, EditWishes, EditWritten } from './edit-wire.ts';
import type { HoverText } from './hover.ts';
import type { NamedSource, ObjectOpened, ObjectPlan, ObjectText } from './object-wire.ts';
import type { ColumnChoice, Query } from './query.ts';

export type * from './action-wire.ts';
export type * from './command-wire.ts';
export type * from './edit-wire.ts';
export type * from './object-wire.ts';
export type * from './query.ts';

export type Request = {
  readonly id: number;
  readonly method: keyof Methods;
  readonly params: unknown;
  /** Lua gives up after this many ms; the backend may cancel its work then. */
  readonly deadline?: number;
};

export type WireError = { readonly code: ErrorCode; readonly message: string; readonly hint?: string | undefined };

export type Reply =
  | { readonly type: 'reply'; readonly id: number; readonly ok: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly error: WireError };

/**
 * `removed` lines at `start` are replaced by `count` new ones; -1 removes to the end of the buffer.
 * `text`, `codes` and `keys` are joined by "\n"; a `count` of 0 inserts nothing.
 * Splices of one frame apply in order, each to the buffer the one before it left.
 * A code is `start,end,style;` repeated: byte range of the line and an index into the styles of `hello`.
 * A key is the row's identity (uid); empty for lines that are not an object.
 */
export type Splice = {
  readonly start: number;
  readonly removed: number;
  readonly count: number;
  readonly text: string;
  readonly codes: string;
  readonly keys: string;
};

/** One step of a view's buffer. Lua applies it and answers `view.ack`; only then the next one is sent. */
export type Frame = {
  readonly type: 'frame';
  readonly view: number;
  /** Rises when sort, filter, namespaces or columns change; Lua drops frames older than the newest it saw. */
  readonly gen: number;
  readonly seq: number;
  readonly splices: readonly Splice[];
  /** Lines in the buffer after this frame. */
  readonly total: number;
  /** True when the buffer now equals the view; false while chunks of it are still to come. */
  readonly last: boolean;
  /** The list itself is still coming: what is missing may yet come. */
  readonly partial?: true;
  /** The view is of other rows now (another filter, other namespaces, opened anew): what is missing was not deleted. */
  readonly turned?: true;
};

export type LayoutColumn = {
  readonly title: string;
  readonly start: number;
  readonly width: number;
  readonly align: 'left' | 'right';
};

/** Column titles of a table; sent before the first frame that uses them. */
export type Layout = {
  readonly type: 'layout';
  readonly view: number;
  readonly gen: number;
  /** The winbar's text, aligned with the lines; the sort marker is in it. */
  readonly titles: string;
  readonly columns: readonly LayoutColumn[];
  /** Every column there is, shown or not, in the order of the resource. */
  readonly all: readonly { readonly title: string; readonly wide: boolean }[];
  readonly sort: { readonly title: string; readonly descending: boolean };
};

/** The statusline of a view, prepared: `left` title, `middle` counts and filter, `right` freshness. */
export type State = {
  readonly type: 'state';
  readonly view: number;
  readonly phase: 'loading' | 'live' | 'stale' | 'forbidden' | 'login' | 'gone' | 'paused' | 'ended';
  readonly left: string;
  readonly middle: string;
  readonly right: string;
  readonly style: string;
  readonly shown: number;
  readonly total: number;
};

export type ToEditor =
  | Reply
  | Frame
  | Layout
  | State
  | ObjectText
  | Edited
  /** Terminal output of a dashboard: one nvim_chan_send; Lua answers `dashboard.ack`. */
  | { readonly type: 'terminal'; readonly dashboard: number; readonly seq: number; readonly data: string }
  | { readonly type: 'dashboard-ended'; readonly dashboard: number; readonly message?: string }
  /** A `User` autocommand. */
  | { readonly type: 'event'; readonly name: UserEvent; readonly data: Readonly<Record<string, unknown>> }
  | { readonly type: 'completion'; readonly data: Completion }
  /** How a context is handled; sent when it is opened and when that changes. */
  | { readonly type: 'guard'; readonly context: string; readonly mode: GuardMode; readonly colour?: string }
  | { readonly type: 'progress'; readonly run: number; readonly done: number; readonly total: number }
  /** What the view was served by is gone and can be had again: open the view as it is shown. */
  | { readonly type: 'reopen'; readonly view: number }
  /** A dashboard's selection leads elsewhere: open it as if it had been typed. */
  | { readonly type: 'open'; readonly plan: CommandPlan }
  | { readonly type: 'notify'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };

export type UserEvent =
  | 'K8sResourceSelected'
  | 'K8sContextChanged'
  | 'K8sCacheLoaded'
  | 'K8sDataLoaded'
  | 'K8sLineageDataLoaded';

/** What Lua may offer without asking. Absent fields leave what was known before. */
export type Completion = {
  readonly contexts?: readonly string[];
  /** By context. */
  readonly namespaces?: Readonly<Record<string, readonly string[]>>;
  readonly resources?: Readonly<Record<string, readonly string[]>>;
  /** By `<context> <resource key> <namespace or *>`. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
};

export type TableOpened = {
  readonly context: string;
  /** `pods`, `deployments.apps`. */
  readonly resource: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly namespaces: readonly string[];
  /** Buffer name `kubectl://<context>/<resource>`. */
  readonly name: string;
  /** How setup() wants this resource. */
  readonly choice?: ColumnChoice;
};

export type Opened = {
  readonly title: string;
  readonly filetype: string;
  /** Of the object the text is about. */
  readonly context?: string;
};

export type ContextInfo = {
  readonly name: string;
  readonly cluster: string;
  readonly server: string;
  readonly user: string;
  readonly namespace: string;
};

/** Where `<CR>` on a row leads. `key`: the row the cursor goes to, once it is there. */
export type Drill =
  | { readonly open: 'table'; readonly query: Query; readonly key?: string }
  | { readonly open: 'describe'; readonly source: Source }
  | { readonly open: 'logs'; readonly source: Source; readonly options: LogOptions };

export type HealthItem = {
  readonly level: 'ok' | 'info' | 'warn' | 'error';
  readonly text: string;
  readonly advice?: readonly string[];
};

export type RowJson = {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Every column the kind has, wide and hidden ones too: title → text. */
  readonly cells: Readonly<Record<string, string>>;
  readonly health: string;
  /** The object it stands for, in a table of several resources or of parts of objects. */
  readonly of?: { readonly resource: string; readonly name: string; readonly container?: string };
};

/** Method → [params, result]. One backend handler and one Lua caller per name. */
export type Methods = {
  hello: [
    {
      readonly version: string;
      readonly columns: number;
      readonly lines: number;
      readonly truecolor: boolean;
      readonly ascii: boolean;
      /** The user's `kubectl_cmd`; absent: `kubectl` on PATH. */
      readonly kubectl?: string;
      readonly guards?: readonly GuardRule[];
      /** The editor's option of that name. */
      readonly ambiwidth?: 'single' | 'double';
      /** The user's `namespace_fallback`. */
      readonly namespaceFallback?: readonly string[];
      /** The user's `node_shell`. */
      readonly nodeShell?: {
        readonly image: string;
        readonly namespace: string;
        readonly command: readonly string[];
      };
    },
    {
      readonly version: string;
      readonly node: string;
      readonly pid: number;
      readonly styles: readonly string[];
      /** Every action of the backend, for maps and help. */
      readonly actions: readonly { readonly id: string; readonly title: string; readonly key: string }[];
    },
  ];
  /** Versions, memory, loader: no network. */
  health: [
    { readonly context?: string },
    { readonly sections: readonly { title: string; items: readonly HealthItem[] }[] },
  ];
  contexts: [
    Record<string, never>,
    { readonly current: string; readonly contexts: readonly ContextInfo[]; readonly problems: readonly string[] },
  ];
  'context.use': [{ readonly context: string }, { readonly context: string; readonly namespaces: readonly string[] }];
  'namespace.use': [{ readonly namespaces: readonly string[] }, { readonly namespaces: readonly string[] }];
  namespaces: [{ readonly context?: string }, { readonly context: string; readonly namespaces: readonly string[] }];
  'view.open': [
    {
      readonly view: number;
      readonly query: Query;
      readonly rows: number;
      /** Cells of the window, into which names are shortened; absent: every text is shown whole. */
      readonly width?: number;
      /** How often usage is read while it is looked at, in seconds: the user's `usage_interval`. */
      readonly usageInterval?: number;
    },
    TableOpened,
  ];
  'view.update': [
    {
      readonly view: number;
      /** A new column sorts ascending; the current one again turns the direction. */
      readonly sort?: string;
      /** The order itself; an empty title: by namespace and name. */
      readonly order?: { readonly title: string; readonly descending: boolean };
      readonly filter?: string;
      /** The filter is typed to its end: the server is asked for what its `-l` and `--field-selector` say. */
      readonly push?: boolean;
      readonly namespaces?: readonly string[];
      readonly wide?: boolean;
      readonly hidden?: readonly string[];
      /** Titles that come first, in this order. */
      readonly columns?: readonly string[];
      /** Cells of the window; 0: every text is shown whole. */
      readonly width?: number;
      readonly paused?: boolean;
    },
    /** After `push`: what is left of the filter, and what the server is asked. */
    {
      readonly filter?: string;
      readonly selector?: string;
      readonly fieldSelector?: string;
      /** Terms of a new filter that are left out, each with its reason. */
      readonly inactive?: readonly string[];
    },
  ];
  /** Labels of all rows of a table, with how many have them. */
  'view.labels': [
    { readonly view: number },
    { readonly labels: readonly { readonly key: string; readonly value: string; readonly count: number }[] },
  ];
  'view.ack': [{ readonly view: number; readonly gen: number; readonly seq: number }, null];
  /**
   * Which lines windows show, from the first to the last of all of them, counted from 0. Ages there are right to the
   * second and changes stand out; the others follow in turn.
   */
  'view.viewport': [{ readonly view: number; readonly first: number; readonly last: number }, null];
  /** Lua's copy is not what we think it is: send the whole view again. */
  'view.resend': [{ readonly view: number }, null];
  'view.refresh': [{ readonly view: number }, Record<string, never>];
  'view.close': [{ readonly view: number }, null];
  'view.rows': [{ readonly view: number }, { readonly rows: readonly RowJson[] }];
  /** The whole objects of rows as text; `missing` are gone. */
  'view.objects': [
    { readonly view: number; readonly keys: readonly string[]; readonly format: 'yaml' | 'json' },
    { readonly lines: readonly string[]; readonly missing: number },
  ];
  'view.drill': [{ readonly view: number; readonly key: string }, Drill];
  /** What belongs to a row besides its children: what owns it, what happened to it. */
  'view.related': [{ readonly view: number; readonly key: string; readonly what: 'owner' | 'row-events' }, Drill];
  /** What matters of a row: every column whole, and why its object is as it is. */
  'view.hover': [{ readonly view: number; readonly key: string }, HoverText];
  'describe.open': [{ readonly view: number; readonly source: Source }, Opened];
  /** The object that a line of a description names, at a word of it where it names several. */
  'describe.link': [
    { readonly view: number; readonly before: string; readonly line: string; readonly word: string },
    { readonly source?: NamedSource },
  ];
  'logs.open': [{ readonly view: number; readonly source: Source; readonly options: LogOptions }, Opened];
  'session.close': [{ readonly view: number }, null];
  /** From now on instead of those of `hello`. */
  'guards.set': [{ readonly guards: readonly GuardRule[] }, null];
  'action.menu': [
    {
      readonly view: number;
      readonly keys: readonly string[];
      /** Only these, by id; absent: all. */
      readonly actions?: readonly string[];
    },
    { readonly actions: readonly ActionEntry[] },
  ];
  'action.plan': [
    {
      readonly action: string;
      readonly view: number;
      readonly keys: readonly string[];
      /** These instead of rows of the view. */
      readonly objects?: readonly TypedObject[];
      readonly inputs: Readonly<Record<string, string | number | boolean>>;
    },
    ActionPlan,
  ];
  'action.run': [
    {
      readonly action: string;
      readonly view: number;
      readonly keys: readonly string[];
      /** These instead of rows of the view. */
      readonly objects?: readonly TypedObject[];
      readonly inputs: Readonly<Record<string, string | number | boolean>>;
      readonly how: RunParams;
    },
    {
      readonly results: readonly ActionResult[];
      /** It goes on: `task.open` shows it. */
      readonly task?: number;
    },
  ];
  /** Objects whose turn has not come are left alone. */
  'action.cancel': [{ readonly run: number }, null];
  /** A text about an object: see `TextKind`. */
  'text.open': [{ readonly view: number; readonly source: Source; readonly what: TextKind }, Opened];
  /** Watches what a long action does; closing it does not end the action. */
  'task.open': [{ readonly view: number; readonly task: number }, Opened];
  'task.cancel': [{ readonly view: number }, null];
  /** Changes made from here, the newest first. A line's key is its entry. */
  'journal.open': [{ readonly view: number }, Opened];
  'journal.entry': [{ readonly view: number; readonly entry: number }, Opened];
  'journal.plan': [{ readonly entries: readonly number[] }, ActionPlan];
  'journal.revert': [
    { readonly entries: readonly number[]; readonly how: RunParams },
    { readonly results: readonly ActionResult[] },
  ];
  /** The text of an object, followed until the buffer is closed with `session.close`. */
  'object.open': [
    {
      readonly view: number;
      readonly source: Source;
      /** A new object, whatever is there: `bare` begins with what its kind needs, `copy` with what the source has. */
      readonly anew?: 'bare' | 'copy';
      /** It must be there: a name nobody has is a mistake, not a new object's. */
      readonly exists?: boolean;
      /** Of the new object. */
      readonly name?: string;
    },
    ObjectOpened,
  ];
  /** `all`: also what the server keeps for itself. `reveal`: keys of a secret whose values are shown, `*` for all. */
  'object.show': [{ readonly view: number; readonly all?: boolean; readonly reveal?: readonly string[] }, null];
  /** The buffer holds this revision now. */
  'object.held': [{ readonly view: number; readonly rev: number }, null];
  /** The states of the object seen since its buffer was opened, the oldest first; times in ms since the epoch. */
  'object.versions': [
    { readonly view: number },
    { readonly versions: readonly { readonly at: number; readonly changed: readonly string[] }[] },
  ];
  /** One of them beside the newest. */
  'object.version': [{ readonly view: number; readonly at: number }, { readonly text: string; readonly now: string }];
  /** What writing a text would do that was made from a revision. */
  'object.plan': [
    {
      readonly view: number;
      readonly rev: number;
      readonly text: string;
      /** Makes an object, instead of changing the one the text is about. */
      readonly create?: boolean;
    },
    ObjectPlan,
  ];
  'object.write': [
    {
      readonly view: number;
      readonly plan: number;
      readonly inputs: Readonly<Record<string, string | number | boolean>>;
      readonly how: RunParams;
    },
    {
      readonly results: readonly ActionResult[];
      /** All of the text was applied: the newest text takes its place. */
      readonly whole: boolean;
      /** What was applied, as a state of the object: a text that was changed meanwhile is measured against it. */
      readonly rev?: number;
      /** The object that was made; the buffer is about it from now on. */
      readonly made?: NamedSource;
    },
  ];
  /** Rows of a table to be changed as text, followed until `edit.close`. */
  'edit.open': [{ readonly view: number; readonly of: number; readonly keys: readonly string[] }, EditOpened];
  'edit.plan': [EditWishes, EditPlanned];
  'edit.write': [EditRun, EditWritten];
  'edit.close': [{ readonly view: number }, null];
  /** What applying manifests would do: the text of a buffer, files and folders, a kustomization. */
  'apply.plan': [
    {
      readonly text?: string;
      readonly files?: readonly string[];
      readonly kustomize?: string;
      readonly recursive?: boolean;
      /** Objects with these labels that we applied before and that are not in the set are deleted. */
      readonly prune?: string;
      readonly context?: string;
      /** Of objects that name none. */
      readonly namespace?: string;
    },
    { readonly plan?: number; readonly confirm?: ActionPlan; readonly nothing?: string },
  ];
  'apply.run': [
    {
      readonly plan: number;
      readonly inputs: Readonly<Record<string, string | number | boolean>>;
      readonly how: RunParams;
    },
    { readonly results: readonly ActionResult[] },
  ];
  'command.plan': [
    {
      /** kubectl's argument list without `kubectl`. */
      readonly args: readonly string[];
      /** The editor's folder. */
      readonly cwd?: string;
      /** The user's `kubectl_cmd`: what comes before the arguments, and KUBECONFIG of its `env`. */
      readonly kubectl?: { readonly args: readonly string[]; readonly kubeconfig?: string };
    },
    CommandPlan,
  ];
  /** A program with `ends` in its plan is no more. */
  'process.ended': [{ readonly process: string }, null];
  /** Fetches what a completion missed; the answer also goes into the pushed tables. */
  complete: [
    {
      readonly context?: string;
      readonly resource?: string;
      /** Of names; absent: the client's current one, or all of them where it has chosen none or several. */
      readonly namespace?: string;
      readonly what: 'namespaces' | 'resources' | 'names';
    },
    Completion,
  ];
  'dashboard.open': [
    {
      readonly dashboard: number;
      readonly name: string;
      readonly args: Readonly<Record<string, string>>;
      readonly columns: number;
      readonly rows: number;
      readonly truecolor: boolean;
      /** Colours of the scheme as #rrggbb by role: normal, muted, ok, warning, error, title, accent. */
      readonly theme: Readonly<Record<string, string>>;
    },
    { readonly title: string },
  ];
  'dashboard.key': [{ readonly dashboard: number; readonly keys: string }, null];
  'dashboard.resize': [{ readonly dashboard: number; readonly columns: number; readonly rows: number }, null];
  'dashboard.ack': [{ readonly dashboard: number; readonly seq: number }, null];
  'dashboard.close': [{ readonly dashboard: number }, null];
};

export type Params<M extends keyof Methods> = Methods[M][0];
export type Result<M extends keyof Methods> = Methods[M][1];
