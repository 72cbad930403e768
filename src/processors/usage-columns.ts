import type { Cell, Column, Row } from '../protocol/row.ts';

/** What an object used at one time: cores and bytes. */
export type Sample = { readonly cpu: number; readonly memory: number };

/** What usage columns are made of besides the row. */
export type Measured = {
  /** Undefined: nothing is known of this object. */
  readonly sample: Sample | undefined;
  /** Pods on the node that have not ended; undefined where they may not be listed. */
  readonly pods?: number | undefined;
};

/** Columns that come from the metrics API and not from the object, after all others. */
export type UsageColumns = {
  readonly columns: readonly Column[];
  readonly cells: (row: Row, measured: Measured) => readonly Cell[];
};

/** As `kubectl top` says it. */
export const unmeasured: Cell = { text: 'n/a', value: undefined };
const unlimited: Cell = { text: '-', value: undefined };

/** From here on what is used is close to what may be used. */
const high = 90;

/** Thousandths of a core, as kubectl top rounds them: up. */
const cpuText = (cores: number): string => `${Math.ceil(cores * 1000 - 1e-6)}m`;
const memoryText = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)}Mi`;

const cpuCell = ({ sample }: Measured): Cell =>
  sample === undefined ? unmeasured : { text: cpuText(sample.cpu), value: sample.cpu };

const memoryCell = ({ sample }: Measured): Cell =>
  sample === undefined ? unmeasured : { text: memoryText(sample.memory), value: sample.memory };

/** A share in percent; of nothing there is none. */
const shareCell = (used: number | undefined, fact: string | undefined, warn: boolean): Cell => {
  if (used === undefined) return unmeasured;
  const whole = Number(fact);
  if (fact === undefined || !(whole > 0)) return unlimited;
  const percent = Math.round((used / whole) * 100);
  const cell = { text: String(percent), value: percent };
  return warn && percent >= high ? { ...cell, style: 'KubectlWarning' } : cell;
};

const column = (title: string): Column => ({ title, align: 'right', wide: true, extra: true });

/** Of pods and of containers: %R of what is requested, %L of what is allowed. */
export const podUsageColumns: UsageColumns = {
  columns: ['CPU', 'CPU%R', 'CPU%L', 'MEM', 'MEM%R', 'MEM%L'].map(column),
  cells: ({ facts }, measured) => {
    const { cpu, memory } = measured.sample ?? {};
    return [
      cpuCell(measured),
      shareCell(cpu, facts?.cpuRequest, false),
      shareCell(cpu, facts?.cpuLimit, true),
      memoryCell(measured),
      shareCell(memory, facts?.memoryRequest, false),
      shareCell(memory, facts?.memoryLimit, true),
    ];
  },
};

const podsCell = ({ pods }: Measured, most: string | undefined): Cell => {
  if (pods === undefined) return unmeasured;
  return most === undefined ? { text: String(pods), value: pods } : { text: `${pods}/${most}`, value: pods };
};

/** Of nodes: shares are of what is allocatable. */
export const nodeUsageColumns: UsageColumns = {
  columns: ['CPU', 'CPU%', 'MEM', 'MEM%', 'PODS'].map(column),
  cells: ({ facts }, measured) => [
    cpuCell(measured),
    shareCell(measured.sample?.cpu, facts?.cpu, true),
    memoryCell(measured),
    shareCell(measured.sample?.memory, facts?.memory, true),
    podsCell(measured, facts?.pods),
  ],
};
