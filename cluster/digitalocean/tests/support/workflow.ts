import fs from 'node:fs';
import { mock } from 'node:test';

const FILE = '/workflows/pagerduty-to-neo.json';
const OURS = 'n8n-nodes-incident-pipeline';

const setting = (name: string): object => ({ name: `settings.${name}`, value: '' });

/** Stands in for the workflow in a checkout that has none: a node of every kind that is given something. */
const STAND_IN = {
  id: 'pagerduty-to-neo',
  name: 'PagerDuty to Neo',
  nodes: [
    {
      name: 'Settings',
      type: 'n8n-nodes-base.set',
      parameters: { assignments: { assignments: ['fromEmail', 'git_repo', 'directory'].map(setting) } },
    },
    { name: 'PagerDuty Incident', type: `${OURS}.securityAlertTrigger`, parameters: { sender: 'pagerDuty' } },
    { name: 'Open Neo Task', type: `${OURS}.neoTask` },
    { name: 'Hand Back', type: 'n8n-nodes-base.httpRequest', parameters: { genericAuthType: 'httpHeaderAuth' } },
    { name: 'Post Notice', type: 'n8n-nodes-base.pagerDuty' },
    { name: 'Log', type: `${OURS}.lokiPush` },
  ],
};

const { readFileSync } = fs;
mock.method(fs, 'readFileSync', (path: string, ...rest: []) =>
  path.endsWith(FILE) && !fs.existsSync(path) ? JSON.stringify(STAND_IN) : readFileSync(path, ...rest),
);
