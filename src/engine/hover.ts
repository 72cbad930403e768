import type { Transport } from '../cluster/transport.ts';
import { hoverFor } from '../processors/for-resource.ts';
import { type HoverObject, objectHover } from '../processors/object-hover.ts';
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

/** Every column as `TITLE  text`, whole: what a narrow table shortens or leaves out is here. */
const columnLines = ({ row, columns, now }: Hovered): Painted[] => {
  const width = Math.max(0, ...columns.map(({ title }) => displayWidth(title)));
  return columns.map((column, index) => {
    const cell = row.cells[index];
    const title = column.title + ' '.repeat(width - displayWidth(column.title));
    const head = Buffer.byteLength(title);
    const value = cell === undefined ? '' : cellText(cell, column, now);
    const { text, code } = painted(`${title}  ${value}`, cell?.style, head + 2);
    return { text: text.trimEnd(), code: `0,${head},${styleIndex('KubectlKey')};${code}` };
  });
};

const sectionLines = ({ title, lines }: HoverSection): Painted[] => [
  painted('', undefined),
  painted(title, 'KubectlTitle'),
  ...lines.flatMap(({ text, style }: HoverLine) => text.split('\n').map((part) => painted(`  ${part}`, style))),
];

/** What the object itself says, as it is now. */
const sectionsOf = async (hovered: Hovered, transport: Transport): Promise<readonly HoverSection[]> => {
  const { resource, namespace, name, container } = objectOf(hovered.row, hovered.resource);
  if (!resource.verbs.includes('get')) return [];
  const isSecret = resource.group === '' && resource.kind === 'Secret';
  try {
    const object = await transport.json<HoverObject>({
      path: resourcePath(resource, namespace, name),
      timeoutMs: patienceMs,
      ...(isSecret ? { headers: metadataOnly } : {}),
    });
    const own = container === undefined ? (hoverFor(resource)?.(object, hovered.now) ?? []) : [];
    return [...own, ...objectHover(object, hovered.now)];
  } catch (thrown) {
    const { message } = asClusterError(thrown);
    return [{ title: 'Not asked further', lines: [{ text: message, style: 'KubectlNote' }] }];
  }
};

/** What matters of a row: all its columns, and why the object is as it is. */
export const hoverOver = async (hovered: Hovered, transport: Transport): Promise<HoverText> => {
  const { row, resource } = hovered;
  const sections = await sectionsOf(hovered, transport);
  const style = healthStyles[row.health];
  const all = [...columnLines(hovered), ...sections.flatMap(sectionLines)];
  const health = row.health === 'unknown' || row.health === 'ok' ? [] : [painted(row.health, style)];
  const lines = [...health, ...all];
  return {
    title: `${resourceKey(resource)}/${row.name}`,
    lines: lines.map(({ text }) => text),
    codes: lines.map(({ code }) => code),
  };
};
