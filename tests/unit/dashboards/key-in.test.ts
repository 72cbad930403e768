import { describe, expect, it } from 'vitest';
import { KeyIn, splitKeys } from '../../../src/dashboards/key-in.ts';

describe('splitKeys', () => {
  it('gives one entry a key, whatever is glued together', () => {
    expect(splitKeys('jj\u001b[Bk\u001bOP\r')).toEqual(['j', 'j', '\u001b[B', 'k', '\u001bOP', '\r']);
    expect(splitKeys('\u001b[1;5C\u001b[3~\u001bx')).toEqual(['\u001b[1;5C', '\u001b[3~', '\u001bx']);
  });

  it('keeps a character of two halves whole', () => {
    expect(splitKeys('é😀j')).toEqual(['é', '😀', 'j']);
  });

  it('leaves mouse reports out', () => {
    expect(splitKeys('j\u001b[<0;10;10Mk\u001b[<65;3;4mj')).toEqual(['j', 'k', 'j']);
  });

  it('writes a lone escape so that nobody waits for its rest', () => {
    expect(splitKeys('\u001b')).toEqual(['\u001b[27u']);
    expect(splitKeys('j\u001b')).toEqual(['j', '\u001b[27u']);
  });
});

describe('KeyIn', () => {
  it('never joins keys that wait together', () => {
    const keys = new KeyIn();
    keys.feed('jjj');
    keys.feed('\u001b[A');
    const read: string[] = [];
    for (let key = keys.read(); key !== null; key = keys.read()) read.push(key);
    expect(read).toEqual(['j', 'j', 'j', '\u001b[A']);
  });
});
