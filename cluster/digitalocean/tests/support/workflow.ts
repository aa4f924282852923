import fs from 'node:fs';
import { mock } from 'node:test';

const FILE = '/workflows/pagerduty-to-neo.json';

/** Stands in for the workflow in a checkout that has none; its nodes want every credential there is for it. */
const STAND_IN = {
  id: 'pagerduty-to-neo',
  name: 'PagerDuty to Neo',
  nodes: [
    {
      type: 'n8n-nodes-incident-pipeline.securityAlertTrigger',
      parameters: { sender: 'pagerDuty', path: 'pagerduty' },
    },
    { type: 'n8n-nodes-incident-pipeline.neoTask', parameters: {} },
  ],
};

const { readFileSync } = fs;
mock.method(fs, 'readFileSync', (path: string, ...rest: []) =>
  path.endsWith(FILE) && !fs.existsSync(path) ? JSON.stringify(STAND_IN) : readFileSync(path, ...rest),
);
