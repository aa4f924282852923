import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './manifests';

interface Target {
  datasource: { type: string; uid: string };
  expr: string;
}

interface Panel {
  title: string;
  type: string;
  datasource?: { type: string; uid: string };
  targets?: Target[];
}

/** The dashboard as Grafana imports it, as far as tests look at it. */
export interface Dashboard {
  id: null;
  uid: string;
  schemaVersion: number;
  panels: Panel[];
}

export function loadDashboard(): Dashboard {
  const file = join(ROOT, 'manifests/monitoring/dashboards/incident-pipeline.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
}

export interface Query {
  panel: string;
  source: string;
  expr: string;
}

/** Every query of every panel. */
export function queries({ panels }: Dashboard): Query[] {
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ datasource, expr }) => ({ panel: title, source: datasource.uid, expr })),
  );
}
