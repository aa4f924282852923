/** A secret's place in a text, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
  /** What the reader is told stood there. */
  kind: string;
}
