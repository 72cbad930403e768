import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResume } from '../../../src/sessions/log-resume.ts';
import { readStamp } from '../../../src/sessions/log-time.ts';

const stamped = (nanos: number, text: string) =>
  readStamp(`2026-01-02T03:04:0${Math.floor(nanos / 1e9)}.${String(nanos % 1e9).padStart(9, '0')}Z ${text}`);

/** What a kubelet sends for `sinceTime`: the lines of its file from that second on. */
const from = (file: readonly ReturnType<typeof stamped>[], since: string | undefined) =>
  since === undefined ? file : file.filter(({ at }) => (at?.seconds ?? 0) * 1000 >= Date.parse(since));

describe('readStamp', () => {
  it('reads nanoseconds and offsets', () => {
    const utc = readStamp('2026-01-02T03:04:05.123456789Z hello world');
    expect(utc).toMatchObject({ stamp: '2026-01-02T03:04:05.123456789Z', text: 'hello world' });
    expect(utc.at).toEqual({ seconds: Date.parse('2026-01-02T03:04:05Z') / 1000, nanos: 123_456_789 });
    expect(readStamp('2026-01-02T05:04:05.1+02:00 x').at).toEqual({ ...utc.at, nanos: 100_000_000 });
    expect(readStamp('2026-01-02T03:04:05Z ').text).toBe('');
  });

  it('takes anything else as text', () => {
    expect(readStamp('failed to open the log')).toEqual({ at: undefined, stamp: '', text: 'failed to open the log' });
    expect(readStamp('')).toEqual({ at: undefined, stamp: '', text: '' });
  });
});

describe('createResume', () => {
  it('lets nothing through twice and loses nothing, wherever the stream is cut', () => {
    const times = fc.array(
      fc.integer({ min: 0, max: 6 }).map((step) => step * 300_000_000),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(times, fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }), (offsets, cuts) => {
        // In order, but for two outputs that may be stamped a little out of it within the same second.
        const sorted = [...offsets].sort((a, b) => a - b);
        const file = sorted.map((nanos, index) => stamped(nanos, `line ${index}`));
        const resume = createResume();
        const got: string[] = [];
        const read = (lines: readonly ReturnType<typeof stamped>[]): void => {
          for (const line of lines) if (resume.accept(line)) got.push(line.text);
        };
        let first = true;
        for (const cut of [...cuts, file.length]) {
          if (!first) resume.reopen();
          const since = first ? undefined : resume.since;
          first = false;
          const visible = file.slice(0, Math.max(cut, got.length));
          read(from(visible, since));
        }
        expect(got).toEqual(file.map(({ text }) => text));
      }),
    );
  });

  it('does not repeat lines that were stamped out of order', () => {
    const file = [stamped(100, 'a'), stamped(300, 'b'), stamped(200, 'c')];
    const resume = createResume();
    expect(file.filter((line) => resume.accept(line))).toHaveLength(3);
    resume.reopen();
    const replay = [...file, stamped(400, 'd'), stamped(350, 'e')];
    expect(replay.filter((line) => resume.accept(line)).map(({ text }) => text)).toEqual(['d', 'e']);
  });

  it('takes what is newer when what was expected was rotated away', () => {
    const resume = createResume();
    for (const line of [stamped(100, 'a'), stamped(100, 'b')]) resume.accept(line);
    resume.reopen();
    const replay = [stamped(500, 'c'), stamped(500, 'd')];
    expect(replay.filter((line) => resume.accept(line)).map(({ text }) => text)).toEqual(['c', 'd']);
  });
});
