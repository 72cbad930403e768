import type { Status } from '../cluster/status-error.ts';
import { type Resource, resourcePath } from '../protocol/resource.ts';
import { ClusterError } from '../util/error.ts';
import { firstProblem, type ObjectDocument, type Problem, parseObject } from './document.ts';
import { isMap, type JsonMap, type Path } from './json.ts';
import { manager } from './prepare.ts';
import { ask } from './requests.ts';
import { problemsOf, type Writer } from './write.ts';

/** Where the object of a text is to be made. `name` is empty where the server is to make one up. */
export type Place = { readonly resource: Resource; readonly namespace: string; readonly name: string };

export type CreatePlan =
  | { readonly kind: 'refused'; readonly message: string; readonly problems: readonly Problem[] }
  | { readonly kind: 'exists'; readonly place: Place }
  | {
      readonly kind: 'ready';
      readonly place: Place;
      readonly body: JsonMap;
      readonly document: ObjectDocument;
      readonly warnings: readonly string[];
    };

export type CreateSetting = Writer & {
  readonly findKind: (group: string, kind: string, version: string) => Resource | undefined;
  /** Of a text that names none. */
  readonly namespace: string;
  /** What the text means as the server takes it: masked values put back, marks of another object taken out. */
  readonly settle: (object: JsonMap) => JsonMap;
};

const textIn = (map: JsonMap, key: string): string => (typeof map[key] === 'string' ? map[key] : '');

const refusedAt = (document: ObjectDocument, path: Path, message: string): CreatePlan => ({
  kind: 'refused',
  message,
  problems: [{ ...document.place(path), severity: 'error', message }],
});

const isTaken = ({ reason }: Status): boolean => reason === 'AlreadyExists';

const requestOf = ({ resource, namespace }: Place, body: JsonMap, dryRun: boolean) => ({
  method: 'POST' as const,
  path: resourcePath(resource, namespace),
  query: { fieldManager: manager, fieldValidation: 'Strict', ...(dryRun && { dryRun: 'All' }) },
  body,
});

/** What making the object of a text would come to, asked of the server by dry run. */
export const planCreate = async (text: string, setting: CreateSetting): Promise<CreatePlan> => {
  const parsed = parseObject(text);
  if (!parsed.ok) return { kind: 'refused', message: firstProblem(parsed.problems), problems: parsed.problems };
  const { document } = parsed;
  const body = setting.settle(document.object);
  const [version = '', group = ''] = textIn(body, 'apiVersion').split('/').toReversed();
  const kind = textIn(body, 'kind');
  const resource = setting.findKind(group, kind, version);
  if (resource === undefined) {
    return refusedAt(document, ['kind'], `The server has no kind ${kind} in ${textIn(body, 'apiVersion')}.`);
  }
  const metadata = isMap(body.metadata) ? body.metadata : {};
  const [name, prefix] = [textIn(metadata, 'name'), textIn(metadata, 'generateName')];
  if (name === '' && prefix === '') return refusedAt(document, ['metadata', 'name'], 'The object has no name yet.');
  const namespace = resource.namespaced ? textIn(metadata, 'namespace') || setting.namespace : '';
  const place = { resource, namespace, name };
  const answer = await ask(setting.transport, requestOf(place, body, true), setting.now);
  if (answer.ok) return { kind: 'ready', place, body, document, warnings: answer.warnings };
  if (isTaken(answer.status)) return { kind: 'exists', place };
  const message = answer.status.message ?? answer.error.message;
  return { kind: 'refused', message, problems: problemsOf(answer.status, document) };
};

/** Makes it. One that is there already is never touched: that it is not is its own precondition. */
export const carryOutCreate = async (
  { place, body }: Extract<CreatePlan, { kind: 'ready' }>,
  { transport, now }: Writer,
): Promise<JsonMap> => {
  const answer = await ask(transport, requestOf(place, body, false), now);
  if (answer.ok) return answer.object;
  if (!isTaken(answer.status)) throw answer.error;
  throw new ClusterError('conflict', `${place.name} was made by somebody else meanwhile. Nothing was done.`, {
    hint: 'Your text is still here: give it another name, or look at what is there now.',
  });
};
