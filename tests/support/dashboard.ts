import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './manifests';

interface Datasource {
  type: string;
  uid: string;
}

interface Target {
  datasource: Datasource;
  expr: string;
}

interface Link {
  title: string;
  url: string;
}

export interface Panel {
  id: number;
  title: string;
  type: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: Datasource;
  targets?: Target[];
  fieldConfig?: {
    defaults: { unit?: string; thresholds?: object; links?: Link[] };
    overrides: { matcher: { id: string; options: string }; properties: { id: string; value: unknown }[] }[];
  };
}

export interface Variable {
  name: string;
  label: string;
  type: string;
  query: unknown;
  current: { value: string };
  multi?: boolean;
  allValue?: string;
  datasource?: Datasource;
}

/** The dashboard as Grafana imports it, as far as tests look at it. */
export interface Dashboard {
  id: null;
  uid: string;
  schemaVersion: number;
  editable: boolean;
  panels: Panel[];
  links: Link[];
  templating: { list: Variable[] };
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

/** Every query of every panel, with the data source that is chosen until a person chooses another. */
export function queries({ panels, templating }: Dashboard): Query[] {
  const chosen = new Map(templating.list.map(({ name, current }) => [`\${${name}}`, current.value]));
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ datasource: { uid }, expr }) => ({ panel: title, source: chosen.get(uid) ?? uid, expr })),
  );
}

/** All links of a panel. */
export function linksOf({ fieldConfig }: Panel): Link[] {
  const ofFields = (fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
    properties.filter(({ id }) => id === 'links').flatMap(({ value }) => value as Link[]),
  );
  return [...(fieldConfig?.defaults.links ?? []), ...ofFields];
}
