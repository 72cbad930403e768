/** How to reach one API server, resolved: everything is data, nothing is a path or a command to run. */
export type ClientSpec = {
  readonly server: string;
  readonly caPem?: string;
  readonly insecure?: boolean;
  readonly tlsServerName?: string;
  readonly token?: string;
  readonly certPem?: string;
  readonly keyPem?: string;
  readonly username?: string;
  readonly password?: string;
  readonly proxyUrl?: string;
  readonly disableCompression?: boolean;
  readonly impersonate?: {
    readonly user?: string;
    readonly groups?: readonly string[];
    readonly uid?: string;
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  /** When the credential ends, in ms since the epoch; absent when that is not known. */
  readonly expiresAt?: number;
  /** KUBECONFIG's value and the context name; used by the kubectl fallback only. */
  readonly kubeconfig?: string;
  readonly context?: string;
};
