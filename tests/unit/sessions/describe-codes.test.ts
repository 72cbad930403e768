import { describe, expect, it } from 'vitest';
import { styles } from '../../../src/protocol/styles.ts';
import { describeCodes } from '../../../src/sessions/describe-codes.ts';

/** Codes as `text=style`, by the bytes they name. */
const read = (lines: readonly string[]): string[] =>
  describeCodes(lines).map((code, index) =>
    [...code.matchAll(/(\d+),(\d+),(\d+);/g)]
      .map(([, start, end, style]) => {
        const bytes = Buffer.from(lines[index] ?? '').subarray(Number(start), Number(end));
        return `${bytes.toString()}=${styles[Number(style)]?.replace('Kubectl', '')}`;
      })
      .join(' '),
  );

describe('describeCodes', () => {
  it('knows keys, sections and heads of tables', () => {
    expect(
      read([
        'Name:             cart',
        'Containers:',
        '  app:',
        '    Image:  nginx',
        'Conditions:',
        '  Type   Status',
        '  ----   ------',
      ]),
    ).toEqual([
      'Name:=Key',
      'Containers:=Title',
      'app:=Key',
      'Image:=Key',
      'Conditions:=Title',
      '  Type   Status=Muted',
      '  ----   ------=Muted',
    ]);
  });

  it('knows Warning events, but only among events', () => {
    expect(
      read(['Events:', '  Normal   Pulled  image', '  Warning  BackOff  again', 'Notes:', '  Warning  is a word']),
    ).toEqual(['Events:=Title', '', '  Warning  BackOff  again=Warning', 'Notes:=Title', '']);
  });

  it('knows bad words in values, not in keys', () => {
    expect(
      read(['    Reason:       CrashLoopBackOff', '    Error Policy: none', '    State: OOMKilled (Error)']),
    ).toEqual(['Reason:=Key CrashLoopBackOff=Error', 'Error Policy:=Key', 'State:=Key OOMKilled=Error Error=Error']);
  });

  it('counts bytes', () => {
    expect(read(['Annotations: ü Failed'])).toEqual(['Annotations:=Key Failed=Error']);
  });
});
