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
