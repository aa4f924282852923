import { z } from 'zod/v4';

import type { PlainN8n } from './plainN8n.js';

const answer = z.object({
  data: z.object({
    report: z.object({ workflowResults: z.array(z.object({ ruleId: z.string(), nbAffectedWorkflows: z.number() })) }),
  }),
});

/** What n8n 2.41 or newer finds in its workflows that version 3 breaks, as *Settings > Migration Report* shows it. */
export async function migrationReport(n8n: PlainN8n): Promise<{ ruleId: string; nbAffectedWorkflows: number }[]> {
  const report = answer.parse(await n8n.rest('POST', '/rest/breaking-changes/report/refresh?version=v3'));
  return report.data.report.workflowResults.filter(({ nbAffectedWorkflows }) => nbAffectedWorkflows > 0);
}
