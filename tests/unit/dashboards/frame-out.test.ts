import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameOut } from '../../../src/dashboards/frame-out.ts';
import { fakeClock } from '../fake-clock.ts';
import { Screen } from './screen.ts';

const setup = (columns = 20, rows = 4, answers = true) => {
  const clock = fakeClock();
  const screen = new Screen(columns, rows);
  const sent: string[] = [];
  const out = new FrameOut({
    columns,
    rows,
    clock,
    send: (seq, data) => {
      sent.push(data);
      screen.write(data);
      if (answers) out.ack(seq);
    },
  });
  return { clock, screen, sent, out };
};

describe('FrameOut', () => {
  it('draws a frame in one synchronized update', () => {
    const { out, screen, sent } = setup();
    out.write('one\ntwo');
    expect(screen.lines()).toEqual(['one', 'two', '', '']);
    expect(screen.torn).toBe(0);
    expect(sent[0]).toContain('\u001b[?7l');
  });

  it('sends only the lines that changed', () => {
    const { out, screen, sent, clock } = setup();
    out.write('one\ntwo\nthree');
    clock.advance(20);
    out.write('one\n2\nthree');
    expect(sent[1]).toBe('\u001b[?2026h\u001b[2;1H\u001b[0m\u001b[2K2\u001b[?2026l');
    expect(screen.lines()).toEqual(['one', '2', 'three', '']);
  });

  it('sends nothing for the same frame', () => {
    const { out, sent, clock } = setup();
    out.write('one');
    clock.advance(20);
    out.write('one');
    expect(sent).toHaveLength(1);
  });

  it('draws at most 60 frames a second, the newest of them', () => {
    const { out, screen, sent, clock } = setup();
    for (let frame = 0; frame < 100; frame++) {
      out.write(`frame ${frame}`);
      clock.advance(1);
    }
    clock.advance(20);
    expect(sent.length).toBeLessThanOrEqual(8);
    expect(screen.lines()[0]).toBe('frame 99');
  });

  it('keeps one frame in flight while the editor is busy, then draws the newest', () => {
    const { out, sent, clock, screen } = setup(20, 4, false);
    for (let frame = 0; frame < 100; frame++) {
      out.write(`frame ${frame}`);
      clock.advance(50);
    }
    expect(sent).toHaveLength(1);
    out.ack(1);
    expect(sent).toHaveLength(2);
    expect(screen.lines()[0]).toBe('frame 99');
  });

  it('does not take an old answer for the last frame’s', () => {
    const { out, sent, clock } = setup(20, 4, false);
    out.write('one');
    clock.advance(20);
    out.ack(1);
    out.write('two');
    clock.advance(20);
    out.write('three');
    out.ack(1);
    expect(sent).toHaveLength(2);
  });

  it('takes no mode that Ink sets for a frame', () => {
    const { out, sent } = setup();
    out.write('\u001b[?25l');
    expect(sent).toHaveLength(0);
  });

  it('sends nothing once it was disposed of', () => {
    const { out, sent, clock } = setup();
    out.write('one');
    out.write('two');
    out.dispose();
    clock.advance(100);
    expect(sent).toHaveLength(1);
  });

  it('shows exactly the last frame after any writes and resizes', () => {
    const size = fc.record({ columns: fc.integer({ min: 1, max: 30 }), rows: fc.integer({ min: 1, max: 10 }) });
    const frame = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '█', ' '), maxLength: 30 }), { maxLength: 12 });
    const step = fc.oneof(size, frame);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), frame, (steps, last) => {
        const { out, screen, clock } = setup(10, 5);
        const draw = (lines: readonly string[]): void => {
          out.write(lines.map((line) => line.slice(0, out.columns)).join('\n'));
          clock.advance(16);
        };
        for (const one of steps) {
          if (Array.isArray(one)) draw(one);
          else {
            screen.resize(one.columns, one.rows);
            out.resize(one.columns, one.rows);
          }
        }
        draw(last);
        const lines = last.slice(0, out.rows).map((line) => line.slice(0, out.columns).trimEnd());
        const expected = Array.from({ length: out.rows }, (_, row) => lines[row] ?? '');
        // What was drawn for another size and never again is the only thing that may differ, and nothing is.
        expect(screen.lines()).toEqual(expected);
      }),
    );
  });
});
