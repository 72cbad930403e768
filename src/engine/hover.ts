import type { Transport } from '../cluster/transport.ts';
import { hoverFor } from '../processors/for-resource.ts';
import { type HoverObject, type ObjectHover, objectHover } from '../processors/object-hover.ts';
import { cellText } from '../protocol/cell-text.ts';
import type { HoverLine, HoverSection, HoverText } from '../protocol/hover.ts';
import { type Resource, resourceKey, resourcePath } from '../protocol/resource.ts';
import type { Column, Health, Row } from '../protocol/row.ts';
import { type Style, styleIndex } from '../protocol/styles.ts';
import { asClusterError } from '../util/error.ts';
import { displayWidth, sanitize } from '../util/width.ts';
import { objectOf } from './drill.ts';

/** A row with every column its table has, shown or not. */
export type Hovered = {
  readonly row: Row;
  readonly resource: Resource;
  readonly columns: readonly Column[];
  readonly now: number;
};

/** Whoever hovers waits: what does not come in this time is left out, in ms. */
const patienceMs = 2000;

const healthStyles: Readonly<Record<Health, Style | undefined>> = {
  ok: 'KubectlOk',
  unknown: undefined,
  pending: 'KubectlPending',
  warning: 'KubectlWarning',
  error: 'KubectlError',
  done: 'KubectlDone',
};

/** Nobody needs the values of a secret to see how it is. */
const metadataOnly = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json' };

type Painted = { readonly text: string; readonly code: string };

const painted = (text: string, style: Style | undefined, from = 0): Painted => {
  const clean = sanitize(text);
  const size = Buffer.byteLength(clean);
  return { text: clean, code: style === undefined || size <= from ? '' : `${from},${size},${styleIndex(style)};` };
};

const isEmpty = (text: string): boolean => text === '' || text === '<none>' || text === '<unset>';

/** Every column that says something as `TITLE  text`, whole: what a narrow table shortens or leaves out is here. */
const columnLines = ({ row, columns, now }: Hovered): Painted[] => {
  const shown = columns.flatMap((column, index) => {
    const cell = row.cells[index];
    const value = cell === undefined ? '' : cellText(cell, column, now);
    return isEmpty(value) ? [] : [{ title: column.title, value, style: cell?.style }];
  });
  const width = Math.max(0, ...shown.map(({ title }) => displayWidth(title)));
  return shown.map(({ title, value, style }) => {
    const head = title + ' '.repeat(width - displayWidth(title));
    const size = Buffer.byteLength(head);
    const { text, code } = painted(`${head}  ${value}`, style, size + 2);
    return { text, code: `0,${size},${styleIndex('KubectlKey')};${code}` };
  });
};

const sectionLines = ({ title, lines }: HoverSection): Painted[] => [
  painted(title, 'KubectlTitle'),
  ...lines.flatMap(({ text, style }: HoverLine) => text.split('\n').map((part) => painted(`  ${part}`, style))),
];

const unknown = (why: string): ObjectHover => ({
  reasons: [],
  details: [{ title: 'No more is known', lines: [{ text: why, style: 'KubectlNote' }] }],
});

/** What the object itself says, as it is now. */
const sectionsOf = async (hovered: Hovered, transport: Transport): Promise<ObjectHover> => {
  const { resource, namespace, name, uid, container } = objectOf(hovered.row, hovered.resource);
  if (!resource.verbs.includes('get')) return { reasons: [], details: [] };
  const isSecret = resource.group === '' && resource.kind === 'Secret';
  try {
    const object = await transport.json<HoverObject>({
      path: resourcePath(resource, namespace, name),
      timeoutMs: patienceMs,
      ...(isSecret ? { headers: metadataOnly } : {}),
    });
    const found = object.metadata?.uid;
    if (uid !== '' && typeof found === 'string' && found !== uid)
      return unknown('It is gone: another object has its name now.');
    const own = container === undefined ? (hoverFor(resource)?.(object, hovered.now) ?? []) : [];
    const { reasons, details } = objectHover(object, hovered.now);
    return { reasons: [...own, ...reasons], details };
  } catch (thrown) {
    const { message } = asClusterError(thrown);
    return unknown(message);
  }
};

/** What matters of a row: why it is as it is, all its columns, what else the object says of itself. */
export const hoverOver = async (hovered: Hovered, transport: Transport): Promise<HoverText> => {
  const { row, resource } = hovered;
  const { reasons, details } = await sectionsOf(hovered, transport);
  const health = row.health === 'unknown' || row.health === 'ok' ? [] : [painted(row.health, healthStyles[row.health])];
  const blocks = [health, ...reasons.map(sectionLines), columnLines(hovered), ...details.map(sectionLines)];
  const lines = blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 || block === blocks[1] ? block : [painted('', undefined), ...block]));
  return {
    title: `${resourceKey(resource)}/${row.name}`,
    lines: lines.map(({ text }) => text),
    codes: lines.map(({ code }) => code),
  };
};
