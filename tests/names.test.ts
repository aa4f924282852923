import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { V1Namespace, V1NetworkPolicy, V1Pod, V1Role, V1ServiceAccount } from '@kubernetes/client-node';

import { ACTION_DEFINITIONS } from '../adapters/kubernetes/actions';
import { READ_CONTEXT_RIGHTS } from '../adapters/kubernetes/readContext';
import { RECORD_EVENT_RIGHTS } from '../adapters/kubernetes/recordEvent';
import type { Right } from '../adapters/kubernetes/rights';
import {
  ANNOTATIONS,
  JOB,
  LABELS,
  NAMESPACES,
  QUARANTINE_POLICY,
  SECRET_HEADER,
  SERVICE_ACCOUNT,
  WEBHOOK_PATH,
} from '../core/names';
import { quarantinePolicy } from '../core/response/quarantine';
import { COUNTERS, GAUGES, HISTOGRAMS } from '../core/telemetry/metrics';
import { ALERT_NAMES } from './support/alerts';
import { objects, ROOT } from './support/manifests';

/** "verb resource.group", the form in which rights are compared. */
const written = ({ apiGroup, resource, verb }: Right) => `${verb} ${resource}.${apiGroup}`;

function rightsOf(role: V1Role | undefined): string[] {
  return (role?.rules ?? [])
    .flatMap(({ apiGroups = [], resources = [], verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`)),
      ),
    )
    .sort();
}

describe('the responder’s rights', () => {
  const roles = objects<V1Role>('Role').filter(({ metadata }) => metadata?.name === SERVICE_ACCOUNT);
  const roleIn = (namespace: string) => roles.find(({ metadata }) => metadata?.namespace === namespace);

  test('in the playground are exactly what its calls state', () => {
    const stated = [
      ...READ_CONTEXT_RIGHTS,
      ...RECORD_EVENT_RIGHTS,
      ...Object.values(ACTION_DEFINITIONS).flatMap(({ rights }) => rights),
    ];
    expect(rightsOf(roleIn(NAMESPACES.playground))).toEqual([...new Set(stated.map(written))].sort());
  });

  test('in its own namespace are to create Events, and there are none elsewhere', () => {
    expect(rightsOf(roleIn(NAMESPACES.responder))).toEqual(RECORD_EVENT_RIGHTS.map(written));
    expect(roles).toHaveLength(2);
    expect(objects('ClusterRole')).toEqual([]);
    expect(objects('ClusterRoleBinding')).toEqual([]);
  });
});

describe('manifests bear the names of core/names.ts', () => {
  test('ServiceAccount and namespaces', () => {
    expect(
      objects<V1ServiceAccount>('ServiceAccount').map(({ metadata }) => [metadata?.namespace, metadata?.name]),
    ).toEqual([[NAMESPACES.responder, SERVICE_ACCOUNT]]);
    const namespaces = objects<V1Namespace>('Namespace');
    expect(namespaces.map(({ metadata }) => metadata?.name).sort()).toEqual(Object.values(NAMESPACES).sort());
    const acting = namespaces.filter(({ metadata }) => metadata?.labels?.[LABELS.response] === 'autonomous');
    expect(acting.map(({ metadata }) => metadata?.name)).toEqual([NAMESPACES.playground]);
  });

  test('the quarantine NetworkPolicy is the one that the responder would create', () => {
    const [policy] = objects<V1NetworkPolicy>('NetworkPolicy').filter(
      ({ metadata }) => metadata?.name === QUARANTINE_POLICY,
    );
    expect(policy?.spec).toEqual(quarantinePolicy(NAMESPACES.playground).spec);
  });

  test('each recorded alert has its pod', () => {
    expect(
      objects<V1Pod>('Pod')
        .map(({ metadata }) => metadata?.name)
        .sort(),
    ).toEqual([...ALERT_NAMES].sort());
  });

  test.each(['admission-pods.yaml', 'admission-networkpolicies.yaml'])('%s speaks of the responder', (file) => {
    const text = readFileSync(join(ROOT, 'manifests/token', file), 'utf8');
    expect(text).toContain(`system:serviceaccount:${NAMESPACES.responder}:${SERVICE_ACCOUNT}`);
    expect(text).toContain(LABELS.quarantined);
  });

  test('the admission policy knows every annotation', () => {
    const text = readFileSync(join(ROOT, 'manifests/token/admission-pods.yaml'), 'utf8');
    for (const annotation of Object.values(ANNOTATIONS)) expect(text).toContain(annotation);
  });
});

test('the README and the docs bear them too', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  for (const name of [SECRET_HEADER, `/webhook/${WEBHOOK_PATH}`, `${LABELS.response}=autonomous`])
    expect(readme).toContain(name);
  const metrics = readFileSync(join(ROOT, 'docs/metrics-and-logs.md'), 'utf8');
  for (const name of [...Object.keys(GAUGES), ...Object.keys(COUNTERS), ...Object.keys(HISTOGRAMS), `{job="${JOB}"}`])
    expect(metrics).toContain(name);
  const alerts = readFileSync(join(ROOT, 'docs/alerts.md'), 'utf8');
  for (const name of ALERT_NAMES) expect(alerts).toContain(`\`${name}\``);
});
