import { Buffer } from 'node:buffer';
import { messageKind, type Receive } from './channel.ts';

/**
 * The sidecar's frames, little-endian: `u32 size | u64 op | request` to it and `u32 size | u64 op | u8 kind | data`
 * from it. The size counts what follows it. As in native/go/sidecar.
 */
const sizeBytes = 4;
const opBytes = 8;
const kindBytes = 1;

/** Beyond any answer: a describe of a node with thousands of pods has some MB. */
const longest = 256 * 1024 * 1024;

const kinds: ReadonlySet<number> = new Set(Object.values(messageKind));

/** An empty request cancels the op. */
export const encodeFrame = (op: number, request: string): Buffer => {
  const length = Buffer.byteLength(request);
  const frame = Buffer.allocUnsafe(sizeBytes + opBytes + length);
  frame.writeUInt32LE(opBytes + length, 0);
  frame.writeBigUInt64LE(BigInt(op), sizeBytes);
  frame.write(request, sizeBytes + opBytes);
  return frame;
};

/** Feeds chunks in; false means that this is no stream of frames. Large frames are joined once, not chunk by chunk. */
export const createFrameReader = (receive: Receive): ((chunk: Buffer) => boolean) => {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = sizeBytes;
  return (chunk) => {
    chunks.push(chunk);
    have += chunk.length;
    if (have < need) return true;
    let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks, have);
    need = sizeBytes;
    while (rest.length >= sizeBytes) {
      const size = rest.readUInt32LE(0);
      if (size < opBytes + kindBytes || size > longest) return false;
      need = sizeBytes + size;
      if (rest.length < need) break;
      const op = Number(rest.readBigUInt64LE(sizeBytes));
      const kind = rest.readUInt8(sizeBytes + opBytes);
      if (!kinds.has(kind)) return false;
      receive(op, kind, rest.toString('utf8', sizeBytes + opBytes + kindBytes, need));
      rest = rest.subarray(need);
      need = sizeBytes;
    }
    chunks = rest.length === 0 ? [] : [rest];
    have = rest.length;
    return true;
  };
};
