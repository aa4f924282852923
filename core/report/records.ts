import type { IncidentRecord } from '../incident/incidentRecord';
import type { Configuration } from '../incident/responsePolicy';
import type { Claim } from '../remediation/claim';
import type { Approval } from '../response/approval';
import type { QuarantineRecord } from '../response/record';
import type { Pass } from './pass';

/** Everything that is kept of one incident since it was opened last. Its texts are untrusted. */
export interface IncidentRecords {
  record: IncidentRecord;
  /** In the order in which they were requested. */
  approvals: readonly Approval[];
  /** In the order in which they were requested. */
  quarantines: readonly QuarantineRecord[];
  /** What Pulumi Neo was asked for. */
  task: Claim | null;
  /** What Loki has of it, the oldest first; null where the item has nothing of Loki's. */
  log: readonly Pass[] | null;
  /** Where a person finds more. */
  links: Configuration['links'];
  /** What could not be read, and why. */
  problems: readonly string[];
}
