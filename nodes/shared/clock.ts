/** The only clock of the nodes: core, app and adapters get the time from it as a parameter. */
export function now(): Date {
  return new Date();
}
