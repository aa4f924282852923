/** Errors within errors within an error: Node's are two deep, those of libraries around it a little more. */
const DEEPEST = 8;

/** What an error of Node or of undici may hold. Those of another realm are no instances of this one's Error. */
interface Thrown {
  name?: unknown;
  code?: unknown;
  cause?: unknown;
  /** Node tries several addresses of a host and keeps one error for each. */
  errors?: unknown;
}

/** The codes and names of an error and of all that caused it. */
export function errorCodes(thrown: unknown, depth = 0): string[] {
  if (typeof thrown !== 'object' || thrown === null || depth > DEEPEST) return [];
  const { name, code, cause, errors }: Thrown = thrown;
  const several: unknown[] = Array.isArray(errors) ? errors : [];
  return [
    ...[code, name].filter((text) => typeof text === 'string'),
    ...[...several, cause].flatMap((inner) => errorCodes(inner, depth + 1)),
  ];
}
