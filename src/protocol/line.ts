/**
 * One line of a view. `text` and `code` may be computed on first reading: whoever holds a line compares objects
 * first and reads the text only of those it sends.
 */
export interface Line {
  /** Identity of the object on this line; '' for lines that are none. */
  readonly key: string;
  readonly text: string;
  /** `start,end,style;` repeated, see wire.ts. */
  readonly code: string;
}

/**
 * The lines of a view, one block after the other. Nothing in a block ever changes: a block with other lines is another
 * array, so that whoever compares two states passes over what they have in common block by block.
 */
export type LineBlocks = readonly (readonly Line[])[];
