import { existsSync } from 'node:fs';

import { reportOutputs } from '../../app/outputs/report';
import { sqliteOutputs } from './outputs';

/** Only what writes needs the time. */
const NO_CLOCK = () => new Date(0);

/** What waits in the file of an n8n, for a status page. It makes no file. */
export async function outputStatus(file: string): Promise<string[]> {
  if (!existsSync(file)) return ['Loki and Pushgateway: nothing was sent yet'];
  return reportOutputs(sqliteOutputs(file, NO_CLOCK));
}
