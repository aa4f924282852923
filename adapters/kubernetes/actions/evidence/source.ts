import type { EvidencePart } from '../../../../core/incident/evidence';
import type { ActionInput } from '../action';

export type EvidenceInput = Pick<ActionInput, 'client' | 'context' | 'evidenceMs' | 'now'>;

/** One thing to keep: what it is for those who miss it, and how it is read. */
export interface Source {
  what: string;
  read: () => Promise<Omit<EvidencePart, 'truncated'>>;
}
