import { z } from 'zod/v4';

import { visible } from '../text/sanitize';

/** What records that are not final are about: final records of the same incident or pod are still needed. */
export interface OpenRecords {
  incidents: ReadonlySet<string>;
  /** By uid. */
  pods: ReadonlySet<string>;
}

/** An incident's id or a pod's uid as records are compared by it: never masked, since a mask would make different ones the same. */
export function reference(id: string): string {
  return visible(id, 128);
}

const references = z.object({
  spec: z.object({
    incident: z.string().optional(),
    pod: z.object({ uid: z.string().optional() }).optional(),
    /** An Incident's first status, which holds until it has another. */
    opened: z.object({ incident: z.string() }).optional(),
  }),
  status: z.object({ incident: z.string().optional() }).optional(),
});

/**
 * Adds what open records of any kind are about. Reads no more of each than that, so that a record that is otherwise
 * unreadable still keeps what it needs.
 */
export function addOpenRecords(
  { incidents, pods }: { incidents: Set<string>; pods: Set<string> },
  objects: Iterable<unknown>,
): void {
  for (const object of objects) {
    const result = references.safeParse(object);
    if (!result.success) continue;
    const { spec, status } = result.data;
    for (const id of [status?.incident, spec.incident, spec.opened?.incident])
      if (id !== undefined) incidents.add(reference(id));
    if (spec.pod?.uid !== undefined) pods.add(reference(spec.pod.uid));
  }
}
