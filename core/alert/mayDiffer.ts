import type { AlertSource } from '../incident/alertSource';
import { SOURCES } from '../sources';
import type { Source } from '../sources/source';

/** The values of a source's bodies that decide nothing about an event's incident; null if all of them may. */
export function mayDiffer(id: AlertSource): readonly string[] | null {
  const source: Source | undefined = SOURCES.find((each) => each.id === id);
  return source?.differ ?? null;
}
