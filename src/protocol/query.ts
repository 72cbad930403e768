/** A column the user added: what a label is (`labels`: all of them), or what a JSONPath of kubectl's finds. */
export type CustomColumn = {
  readonly title: string;
  readonly label?: string;
  readonly labels?: boolean;
  readonly jsonpath?: string;
  /** Most cells it takes. */
  readonly width?: number;
};

/** How the user wants the tables of a resource; by any of its names in `columns` of setup(). */
export type ColumnChoice = {
  /** Of one that only has a title, the resource's own column is meant. */
  readonly columns?: readonly CustomColumn[];
  readonly hidden?: readonly string[];
  /** Titles that come first, in this order. */
  readonly order?: readonly string[];
  readonly wide?: boolean;
};

/** What a table is asked to show. Empty `namespaces` means all of them. */
export type Query = {
  /** As the user typed it or as a resource key: `po`, `deploy`, `deployments.apps`. */
  readonly resource: string;
  readonly context?: string;
  /** Absent: the client's current namespaces. */
  readonly namespaces?: readonly string[];
  readonly selector?: string;
  readonly fieldSelector?: string;
  readonly names?: readonly string[];
  /** Uid of an owner: only its direct children. */
  readonly owner?: string;
  /** Uid of an object: everything below it in its owner tree, with the resource `children`. */
  readonly under?: string;
  /** What the table was reached from, as its title says it: `pods/cart-1`. */
  readonly from?: string;
  readonly filter?: string;
  readonly sort?: { readonly title: string; readonly descending: boolean };
  readonly wide?: boolean;
  /** After the resource's own columns, as with `-L`. */
  readonly columns?: readonly CustomColumn[];
  /** Those columns and no others, as with `-o custom-columns`. */
  readonly only?: boolean;
  /** `columns` of setup(), by resource. */
  readonly choices?: Readonly<Record<string, ColumnChoice>>;
};
