import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type {
  V1ClusterRole,
  V1Namespace,
  V1NetworkPolicy,
  V1Pod,
  V1Role,
  V1RoleBinding,
  V1ServiceAccount,
} from '@kubernetes/client-node';

import type { Right } from '../adapters/kubernetes/api/rights';
import { STATED_RIGHTS } from '../adapters/kubernetes/api/statedRights';
import {
  ANNOTATIONS,
  BREAK_GLASS_GROUP,
  FORM_PATHS,
  JOB,
  LABELS,
  NAMESPACES,
  PAGERDUTY_PATH,
  QUARANTINE_POLICY,
  SECRET_HEADER,
  SERVICE_ACCOUNT,
  WEBHOOK_PATH,
} from '../core/names';
import { quarantinePolicy } from '../core/response/quarantine';
import { ALERT_NAMES } from './support/alerts';
import { loadDashboard } from './support/dashboard';
import { objects, ROOT } from './support/manifests';
import { loadWorkflow } from './support/workflows';

/** "verb resource.group", the form in which rights are compared. */
const written = ({ apiGroup, resource, verb }: Right) => `${verb} ${resource}.${apiGroup}`;

function rightsOf(role: V1ClusterRole | V1Role | undefined): string[] {
  return (role?.rules ?? []).flatMap(({ apiGroups = [], resources = [], verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`))),
  );
}

/** Which side lacks what; two empty lists are what is wanted. */
function compared(granted: string[], stated: readonly Right[]) {
  const wanted = stated.map(written);
  return {
    'stated in adapters/kubernetes, lacking in manifests': wanted.filter((right) => !granted.includes(right)),
    'granted in manifests, stated nowhere': granted.filter((right) => !wanted.includes(right)),
  };
}

const AGREED = compared([], []);

describe("the responder's rights", () => {
  const named = (name: string) => objects<V1ClusterRole>('ClusterRole').find(({ metadata }) => metadata?.name === name);
  const acting = named(SERVICE_ACCOUNT);
  const seeing = named(`${SERVICE_ACCOUNT}-cluster`);

  test('in a namespace that opted in, and on what is in none, are exactly what its calls state', () => {
    expect(compared(rightsOf(acting), STATED_RIGHTS.namespace)).toEqual(AGREED);
    expect(compared(rightsOf(seeing), STATED_RIGHTS.cluster)).toEqual(AGREED);
  });

  test('in its own namespace are to create Events and to keep its records', () => {
    const [authors, own, ...others] = objects<V1Role>('Role');
    expect([own?.metadata?.namespace, authors?.metadata?.name, ...others]).toEqual([
      NAMESPACES.responder,
      'exception-author',
    ]);
    expect(compared(rightsOf(own), STATED_RIGHTS.own)).toEqual(AGREED);
  });

  test('to act hold where a namespace binds them; in the whole cluster it only sees', () => {
    expect(objects<V1ClusterRole>('ClusterRole')).toEqual([acting, seeing]);
    // A question is created as well, and stored nowhere.
    expect(rightsOf(seeing).filter((right) => !/^(get|list|watch) /.test(right))).toEqual([
      'create subjectaccessreviews.authorization.k8s.io',
    ]);
    const bound = (kind: string) =>
      objects<V1RoleBinding>(kind).map(({ metadata, roleRef }) => [metadata?.namespace, roleRef.kind, roleRef.name]);
    expect(bound('ClusterRoleBinding')).toEqual([[undefined, 'ClusterRole', seeing?.metadata?.name]]);
    // The one without a namespace is the component that a namespace opts in with.
    expect(new Set(bound('RoleBinding'))).toEqual(
      new Set([
        [NAMESPACES.responder, 'Role', SERVICE_ACCOUNT],
        [undefined, 'ClusterRole', SERVICE_ACCOUNT],
      ]),
    );
    const subjects = ['RoleBinding', 'ClusterRoleBinding'].flatMap((kind) =>
      objects<V1RoleBinding>(kind).flatMap(({ subjects = [] }) => subjects),
    );
    for (const subject of subjects)
      expect(subject).toEqual({ kind: 'ServiceAccount', name: SERVICE_ACCOUNT, namespace: NAMESPACES.responder });
  });
});

describe('manifests have the names of core/names.ts', () => {
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

  test.each([
    ['admission-pods.yaml', [LABELS.quarantined]],
    ['admission-networkpolicies.yaml', [LABELS.quarantined, QUARANTINE_POLICY, BREAK_GLASS_GROUP]],
    ['admission-security-keys.yaml', [LABELS.quarantined, BREAK_GLASS_GROUP]],
    ['admission-records.yaml', [BREAK_GLASS_GROUP]],
  ])('%s speaks of the responder', (file, names) => {
    const text = readFileSync(join(ROOT, 'manifests/token', file), 'utf8');
    for (const name of [`'system:serviceaccount:${NAMESPACES.responder}:${SERVICE_ACCOUNT}'`, ...names])
      expect(text).toContain(name);
  });

  test('the admission policy knows every annotation', () => {
    const text = readFileSync(join(ROOT, 'manifests/token/admission-pods.yaml'), 'utf8');
    for (const annotation of Object.values(ANNOTATIONS)) expect(text).toContain(annotation);
  });
});

test.each([
  ['incident-approval', FORM_PATHS.approvals],
  ['incident-report', FORM_PATHS.report],
])("the form of %s is where links lead, and what they fill in is the form's own field", (id, path) => {
  const form = loadWorkflow(id).nodes.find(({ type }) => type.endsWith('formTrigger'));
  expect(form?.parameters).toMatchObject({ options: { path }, authentication: 'n8nUserAuth' });
  if (path === FORM_PATHS.report)
    expect(form?.parameters).toMatchObject({
      formFields: { values: [{ fieldName: 'incident' }, { fieldName: 'as' }] },
    });
  const { links } = loadDashboard();
  expect(links.map(({ url }) => url)).toContain(`\${n8n}/form/${path}`);
});

test('the docs have them too', () => {
  const setup = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');
  for (const name of [SECRET_HEADER, `/webhook/${WEBHOOK_PATH}`, `${LABELS.response}=autonomous`, BREAK_GLASS_GROUP])
    expect(setup).toContain(name);
  expect(readFileSync(join(ROOT, 'docs/neo.md'), 'utf8')).toContain(`/webhook/${PAGERDUTY_PATH}`);
  expect(readFileSync(join(ROOT, 'docs/metrics-and-logs.md'), 'utf8')).toContain(`{job="${JOB}"}`);
  const alerts = readFileSync(join(ROOT, 'docs/alerts.md'), 'utf8');
  for (const name of ALERT_NAMES) expect(alerts).toContain(`\`${name}\``);
});
