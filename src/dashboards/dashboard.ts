import type { ReactNode } from 'react';
import type { CommandPlan } from '../protocol/wire.ts';
import type { Clock } from '../util/clock.ts';

export type Role = 'normal' | 'muted' | 'ok' | 'warning' | 'error' | 'title' | 'accent';

/** Colours as #rrggbb. A role without a colour is drawn in the terminal's own. */
export type Theme = Readonly<Partial<Record<Role, string>>>;

export type JsonRequest = {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
};

/** What a dashboard may ask of an API server; the transport of `cluster/` is one. Rejects with ClusterError only. */
export interface JsonSource {
  json<T>(request: JsonRequest): Promise<T>;
}

/** What one open dashboard is given. */
export type DashboardProps = {
  readonly args: Readonly<Record<string, string>>;
  readonly theme: Theme;
  readonly clock: Clock;
  readonly source: JsonSource;
  /** Asks the editor to open something else beside the dashboard. */
  readonly open: (plan: CommandPlan) => void;
  /** The user is done with it. */
  readonly close: () => void;
};

export type Dashboard = {
  readonly name: string;
  readonly title: (args: Readonly<Record<string, string>>) => string;
  readonly component: (props: DashboardProps) => ReactNode;
};
