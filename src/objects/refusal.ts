/** What the API server's refusals of a write say. */
import type { Status } from '../cluster/status-error.ts';

/** A field another manager has set: applying ours needs force. */
export type FieldConflict = { readonly field: string; readonly manager: string };

/** One reason; `field` as the server writes it, empty where it names none. */
export type Cause = { readonly field: string; readonly message: string };

/** `conflict with "kubectl-edit" with subresource "scale" using apps/v1` (structured-merge-diff, managedfields). */
const managerPattern = /^conflict with "([^"]*)"/;

export const conflictsOf = ({ details }: Status): FieldConflict[] =>
  (details?.causes ?? [])
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field = '', message = '' }) => ({ field, manager: managerPattern.exec(message)?.[1] ?? message }));

/** Messages that name their fields only in the text. */
const inText: readonly RegExp[] = [
  // Strict field validation: strict decoding error: unknown field "spec.foo", duplicate field "spec.bar"
  /(?<message>(?:unknown|duplicate) field) "(?<field>[^"]+)"/g,
  // Server-side apply: .spec.replicas: expected numeric (int or float), got string; .spec.foo: field not declared in schema
  /(?:^|[\s:])(?<field>\.[\w.[\]="/-]+): (?<message>(?:expected|field not declared|element|duplicate entries)[^;\n]*)/g,
  // Decoding: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
  /(?<message>cannot unmarshal \w+ into Go struct field) \w+\.(?<field>[\w.]+)/g,
];

/** Every reason, with its field where one is known. At least one. */
export const causesOf = (status: Status): readonly Cause[] => {
  const listed = (status.details?.causes ?? [])
    .filter(({ reason }) => reason !== 'FieldManagerConflict')
    .map(({ field = '', message = '' }) => ({ field, message }))
    .filter(({ message }) => message !== '');
  if (listed.some(({ field }) => field !== '')) return listed;
  const message = status.message ?? '';
  const told = inText.flatMap((pattern) =>
    [...message.matchAll(pattern)].map(({ groups }) => ({
      field: groups?.field ?? '',
      message: groups?.message ?? message,
    })),
  );
  if (told.length > 0) return told;
  return listed.length > 0 ? listed : [{ field: '', message }];
};
