import { incidentPage } from '../../../../core/report/page';
import { summaryOfIncident } from '../../../../core/report/summary';
import { baseUrl } from '../../../../core/response/links';
import { now } from '../../../shared/clock';
import { INCIDENT } from '../locators';
import { DONE, type Operation } from '../operation';
import { orProblem } from '../orProblem';
import { recordsOf } from './records';

/** Name of the file among the item's files. */
const FILE = 'report';

/**
 * One HTML page with the whole story of an incident, as a file to open, to send or to print. What was analysed and decided
 * without a person is in Loki alone: Loki Push: Read Incident before this operation gives it.
 */
export const getReport: Operation = {
  name: 'Get Report',
  value: 'getReport',
  action: 'Get the report of an incident',
  description:
    'Give an HTML page with timeline, evidence, analysis, decision, approvals and actions of one incident, as the file report. Put Loki Push: Read Incident before it.',
  fields: [INCIDENT],
  run: (input) =>
    orProblem(input, async (of) => {
      const records = await recordsOf(of);
      // n8n's own setting: nothing of the alert makes a link.
      const page = incidentPage(records, baseUrl(of.context.getInstanceBaseUrl()), now());
      const fileName = `${records.record.metadata.name}.html`;
      const file = await of.context.helpers.prepareBinaryData(Buffer.from(page), fileName, 'text/html');
      const { log: _, ...json } = of.json;
      const report = { fileName, bytes: Buffer.byteLength(page) };
      return {
        output: DONE,
        json: { ...json, incident: summaryOfIncident(records), report },
        binary: { [FILE]: file },
      };
    }),
};
