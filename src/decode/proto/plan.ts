/** How a field is written in JSON; what is none of a scalar, a message or one of Kubernetes' own is not read at all. */
export type FieldType =
  | 'string'
  | 'int'
  | 'bool'
  | 'double'
  | 'bytes'
  | 'time'
  | 'microTime'
  | 'quantity'
  | 'intOrString'
  | 'message';

export type Field = {
  /** The JSON name. */
  readonly name: string;
  readonly type: FieldType;
  /** A list of the type, or a map from strings to it. */
  readonly many?: 'list' | 'map';
  /** JSON says null where a list or map is empty: no `omitempty`. */
  readonly nil?: true;
  /** JSON leaves zero values out although the wire has them: `omitempty` of a Go field that is no pointer. */
  readonly omit?: true;
  /** The fields of the message stand in its parent: Go's embedding. */
  readonly inline?: true;
  readonly plan?: Plan;
};

/** What a plan does not name is skipped without being looked at. */
export type Plan = {
  /** By number. */
  readonly fields: readonly (Field | undefined)[];
  /** Names of the fields that are null when they are absent. */
  readonly nils: readonly string[];
};

/** A plan from its fields by number. */
export const message = (fields: Readonly<Record<number, Field>>): Plan => {
  const numbers = Object.keys(fields).map(Number);
  return {
    fields: Array.from({ length: Math.max(0, ...numbers) + 1 }, (_, number) => fields[number]),
    nils: Object.values(fields).flatMap(({ name, nil }) => (nil === true ? [name] : [])),
  };
};

export const noPlan: Plan = message({});
