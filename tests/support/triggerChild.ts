/**
 * A trigger for PagerDuty in a process of its own, as each webhook processor of n8n has one. The database of its incidents comes by
 * standard input; it writes its URL, then the number of executions that it started after each line that it reads, and ends with its input.
 */
import { createInterface } from 'node:readline';

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { SecurityAlertTrigger } from '../../nodes/SecurityAlertTrigger/SecurityAlertTrigger.node.js';
import { serveTrigger } from './webhook';

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { secrets, access } = JSON.parse(String((await lines.next()).value)) as {
    secrets: string;
    access: ICredentialDataDecryptedObject;
  };
  const trigger = await serveTrigger({
    node: new SecurityAlertTrigger(),
    parameters: { sender: 'pagerDuty', incidentStore: 'postgres' },
    credentials: { pagerDutyWebhookApi: { secrets }, incidentPostgresApi: access },
  });
  console.log(trigger.url);
  while ((await lines.next()).done !== true) console.log(trigger.executions.length);
  process.exit(0);
}

void main();
