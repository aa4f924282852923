/**
 * The states of a Quarantine record. A record without a state is `Isolating`: its isolation has started and is not
 * verified. A final state never changes: another isolation of the same pod creates another record.
 */
export const FINAL_STATES = ['Released', 'Evicted', 'Deleted', 'Gone', 'Abandoned'] as const;
export const RECORD_STATES = ['Quarantined', 'Mismatch', ...FINAL_STATES] as const;
export type FinalState = (typeof FINAL_STATES)[number];
export const ISOLATING = 'Isolating';

/** Whether a pod is, or may be, isolated by a record in this state. Only this rule defines what counts as contained. */
export function isOpenState(state: string): boolean {
  return !FINAL_STATES.some((final) => final === state);
}

/**
 * Whether a pod is verified to be isolated and so no longer serves as a replica. A record whose isolation only started,
 * or that the pod does not match, proves nothing, and a record in a final state is history.
 */
export function isContained(quarantine: { state: string } | null): boolean {
  return quarantine?.state === 'Quarantined';
}
