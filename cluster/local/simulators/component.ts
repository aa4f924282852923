import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PAGERDUTY_PATH } from '../../../core/names.js';
import type { Component } from '../process/component.js';
import { writePrivate } from '../files.js';
import type { Egress } from '../n8n/environment.js';
import { CHECKOUT, LOCAL, statePath } from '../paths.js';
import { PORTS, URLS } from '../process/ports.js';
import { AUTHORITY_FILE, ensureCertificate } from './egress/certificate.js';
import { ACCOUNT } from './example.js';

const FOLDER = statePath('simulators');
const CONFIGURATION = join(FOLDER, 'configuration.json');

/** Once a stack has had them it keeps them: its workflow would ask the real services otherwise. */
export const hasSimulators = (): boolean => existsSync(CONFIGURATION);

/** How n8n reaches them under the services' own names. */
export const EGRESS: Egress = { proxy: URLS.egress, authority: join(FOLDER, AUTHORITY_FILE) };

/** The simulators as a process of the stack. */
export const simulatorsComponent: Component = {
  name: 'simulators',
  command: join(CHECKOUT, 'node_modules', '.bin', 'tsx'),
  args: [join(LOCAL, 'simulators', 'main.ts')],
  env: { PATH: process.env.PATH ?? '', SIMULATORS_CONFIG: CONFIGURATION, SIMULATORS_FOLDER: FOLDER },
  health: `${URLS.egress}/_simulator/health`,
  ports: [PORTS.pagerDuty, PORTS.neo, PORTS.egress],
};

/** Writes down who is in the simulated account and where it posts to. */
export async function configureSimulators(signingSecret: string): Promise<void> {
  await ensureCertificate(FOLDER);
  const { pagerDuty, neo } = ACCOUNT;
  const webhook = {
    id: 'PWEBH00',
    url: `${URLS.n8n}/webhook/${PAGERDUTY_PATH}`,
    secrets: [signingSecret],
    events: ['incident.triggered', 'incident.reopened', 'incident.resolved'],
  };
  await writePrivate(
    CONFIGURATION,
    JSON.stringify({ pagerDuty: { ...pagerDuty, webhooks: [webhook] }, neo, stepMilliseconds: 200 }),
  );
}
