/** Objects for the rules of kubectl's printers, made through the API as anybody would. */
export type Awkward = {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Written to the status subresource. */
  readonly status?: Readonly<Record<string, unknown>>;
  /** Written to the approval subresource, where requests for certificates have their decision. */
  readonly decided?: Readonly<Record<string, unknown>>;
  /** Deleted, but held by a finalizer. */
  readonly deleted?: boolean;
};

export type Family = {
  /** As `resourceKey` writes it. */
  readonly resource: string;
  /** `namespace` is the run's own, where objects refer to it. */
  readonly objects: (namespace: string) => readonly Awkward[];
};

export const ago = (seconds: number): string =>
  new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/** Objects by name, with what is in their body beside the metadata. */
export const specs = (all: Readonly<Record<string, Omit<Awkward, 'name' | 'body'> & { readonly spec: object }>>) =>
  Object.entries(all).map(([name, { spec, ...rest }]): Awkward => ({ name, body: { spec }, ...rest }));

/** Pods from it are never scheduled, so that their workloads keep the state that they were given. */
export const podTemplate = (labels: object, ...images: readonly string[]) => ({
  metadata: { labels },
  spec: { schedulerName: 'nobody', containers: images.map((image, index) => ({ name: `c${index}`, image })) },
});
