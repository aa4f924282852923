import { type IncidentStatus, statusOf } from '../../core/incident/incidentRecord';
import type { Approval } from '../../core/response/approval';
import { rememberedAlert } from '../../core/response/approvalSummary';
import { unlessProblem } from '../unlessProblem';
import type { IncidentStore } from './ports';

/** What the incident of an Approval is now, or null: there is none, it was opened again since, or it cannot be read. */
export async function incidentOfApproval(
  store: Pick<IncidentStore, 'find'>,
  { spec }: Approval,
): Promise<IncidentStatus | null> {
  const name = rememberedAlert(spec.item)?.incident?.name;
  const record = name === undefined ? null : await store.find(name).catch(unlessProblem);
  const status = record === null ? null : statusOf(record);
  return status?.incident === spec.incident ? status : null;
}
