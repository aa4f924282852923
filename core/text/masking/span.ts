/** The position of a secret in a text, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
  /** The kind that is shown instead of the secret. */
  kind: string;
}
