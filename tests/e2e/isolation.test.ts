import {
  type KubernetesObject,
  NetworkingV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1ClusterRole,
  type V1Pod,
} from '@kubernetes/client-node';

import type { KubernetesClient } from '../../adapters/kubernetes/api/client';
import { clusterOf } from '../../adapters/kubernetes/cluster';
import { dueForReview } from '../../app/quarantineReview';
import { listQuarantined, type Quarantined } from '../../app/quarantines';
import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Configuration } from '../../core/incident/responsePolicy';
import { LABELS, NAMESPACES, SERVICE_ACCOUNT } from '../../core/names';
import { textsOf } from '../../core/response/gap';
import { reviewAlert } from '../../core/response/review';
import type { Action } from '../../core/incident/actions';
import type { ActionResponse } from '../../core/incident/response';
import { alertOf } from '../support/alerts';
import { expectRefusal } from './support/admission';
import { dismissTenant, tenantConfig } from './support/identities';
import { createPods, deletePods, targetOf } from './support/pods';
import { AMPLE, forgetReservations, setPolicy } from './support/policy';
import { type Definition, DEFINITIONS, install, policyOf, uninstall } from './support/policyDefinitions';
import { recordStatus } from './support/records';
import { connectResponder, OPTIONS, run } from './support/responder';
import { FIRST_START_MS, startStack } from './support/stack';
import { deploy, remove } from './support/workload';

const namespace = NAMESPACES.playground;
const NAME = `holds-${Date.now().toString(36)}`;
const ATTESTED = { enforced: true, cutsOpenConnections: true };

let cluster: Cluster;
let responder: KubernetesClient;

beforeAll(async () => {
  const stack = await startStack();
  cluster = connect();
  responder = await connectResponder(stack);
  await setPolicy(cluster, { budget: AMPLE, workloadSharePercent: null, containFirst: null, network: ATTESTED });
  await forgetReservations(responder);
}, FIRST_START_MS);

afterAll(async () => {
  await setPolicy(cluster, { network: null, isolateDespite: null });
});

function act(
  action: Action,
  pod: V1Pod,
  options: Partial<typeof OPTIONS> = {},
  rule?: string,
): Promise<ActionResponse> {
  const change = { target: targetOf(pod), time: new Date().toISOString(), ...(rule === undefined ? {} : { rule }) };
  return run(action, responder, { alert: alertOf('pod-delete-test', change) }, options);
}

describe('a detached pod in full containment', () => {
  let pod: V1Pod;

  beforeAll(async () => {
    [pod] = (await deploy(cluster, NAME, 3)) as [V1Pod];
    expect(await act('quarantine_pod', pod)).toMatchObject({ outcome: 'done', contained: 'full', gaps: [] });
  }, 90_000);
  afterAll(() => remove(cluster, 'Deployment', NAME), 60_000);

  const mine = async (): Promise<Quarantined> => {
    const found = (await listQuarantined(clusterOf(responder))).find(
      ({ record }) => record.metadata.name === pod.metadata?.uid,
    );
    if (found === undefined) throw new Error('the pod is not listed');
    return found;
  };
  const gaps = async (): Promise<string[] | null> => {
    const { gaps } = await mine();
    return gaps === null ? null : textsOf(gaps);
  };
  const due = async (at = new Date()) =>
    (await dueForReview(clusterOf(responder), at)).find(({ record }) => record.metadata.name === pod.metadata?.uid);

  async function withObject(object: KubernetesObject, check: () => Promise<void>): Promise<void> {
    await cluster.objects.create(object);
    try {
      await check();
    } finally {
      await cluster.objects.delete(object);
    }
  }

  test("is opened by no NetworkPolicy of a tenant's, but by the break-glass group's: then the record says so and a person is told", async () => {
    const object = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'e2e-later', namespace },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    };
    const tenant = (await tenantConfig(namespace)).makeApiClient(NetworkingV1Api);
    try {
      await until('admission knows the record', 20, async () =>
        tenant.createNamespacedNetworkPolicy({ namespace, body: object, dryRun: 'All' }).then(
          () => undefined,
          () => true,
        ),
      );
      await expectRefusal(tenant.createNamespacedNetworkPolicy({ namespace, body: object }), 'which is in quarantine');
    } finally {
      await dismissTenant(namespace);
    }
    expect(await due()).toBeUndefined();
    await withObject(object, async () => {
      expect(await gaps()).toEqual([expect.stringContaining('NetworkPolicy e2e-later')]);
      const found = await due();
      expect(found).toMatchObject({ cause: 'opened', pod: 'intact' });
      expect(await recordStatus(responder, pod)).toMatchObject({
        state: 'Quarantined',
        contained: 'partial',
        gaps: [{ text: expect.stringContaining('NetworkPolicy e2e-later') as string }],
      });
      if (found === undefined) throw new Error('not due');
      const alert = reviewAlert(found.record, found.cause, new Date());
      expect(alert.rule).toBe('Quarantine no longer holds');
      expect(alert.output).toContain('NetworkPolicy e2e-later');
      // Once: what is known is not told again.
      expect(await due()).toBeUndefined();
    });
    expect(await due()).toBeUndefined();
    expect(await recordStatus(responder, pod)).toMatchObject({ contained: 'full', gaps: [] });
  }, 60_000);

  const kinds: [string, Definition, object, string][] = [
    [
      'CiliumNetworkPolicy',
      DEFINITIONS.cilium,
      { endpointSelector: {}, egress: [{ toEntities: ['world'] }] },
      'selects',
    ],
    [
      'CiliumClusterwideNetworkPolicy',
      DEFINITIONS.ciliumWide,
      {
        endpointSelector: { matchLabels: { 'io.cilium.k8s.policy.cluster': 'c' } },
        ingress: [{ fromEntities: ['all'] }],
      },
      'may select',
    ],
    ['NetworkPolicy of Calico', DEFINITIONS.calico, { selector: 'all()', egress: [{ action: 'Allow' }] }, 'selects'],
    ['NetworkPolicy as Calico keeps it', DEFINITIONS.calicoKept, { egress: [{ action: 'Allow' }] }, 'selects'],
    [
      'GlobalNetworkPolicy of Calico',
      DEFINITIONS.calicoWide,
      { namespaceSelector: `projectcalico.org/name == '${namespace}'`, egress: [{ action: 'Allow' }] },
      'selects',
    ],
    [
      'AdminNetworkPolicy',
      DEFINITIONS.admin,
      {
        priority: 1,
        subject: { namespaces: { matchLabels: { [LABELS.response]: 'autonomous' } } },
        egress: [{ action: 'Allow' }],
      },
      'selects',
    ],
    [
      'ClusterNetworkPolicy',
      DEFINITIONS.cluster,
      { tier: 'Admin', priority: 1, subject: { pods: { podSelector: {} } }, egress: [{ action: 'Accept' }] },
      'selects',
    ],
  ];

  describe('where other kinds of network policy exist', () => {
    const definitions = [...new Set(kinds.map(([, definition]) => definition))];

    beforeAll(() => install(cluster, definitions), 120_000);
    afterAll(() => uninstall(cluster, definitions));

    test('stays so as long as none of them opens it', async () => {
      expect(await gaps()).toEqual([]);
    });

    test.each(kinds)('is opened by a %s', async (_kind, definition, spec, how) => {
      await withObject(policyOf(definition, 'e2e-other', namespace, spec), async () => {
        expect(await gaps()).toEqual([
          expect.stringContaining(`${definition.kind} e2e-other (${definition.group}) ${how}`),
        ]);
      });
      expect(await gaps()).toEqual([]);
    });

    test("the same policy of Calico's is named once, by whichever group it is read", async () => {
      const spec = { selector: 'all()', ingress: [{ action: 'Allow' }] };
      await withObject(policyOf(DEFINITIONS.calicoKept, 'default.same', namespace, spec), () =>
        withObject(policyOf(DEFINITIONS.calico, 'same', namespace, spec), async () => {
          expect((await mine()).gaps).toHaveLength(1);
        }),
      );
    });

    test('a kind that may not be read is named, and a person is told', async () => {
      const identity = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: `${SERVICE_ACCOUNT}-cluster` },
      };
      const role = await cluster.objects.read<V1ClusterRole>(identity);
      const rules = (role.rules ?? []).filter(({ apiGroups }) => !apiGroups?.includes('cilium.io'));
      const setRules = (change: V1ClusterRole['rules']) =>
        cluster.objects.patch(
          { ...identity, rules: change } as never,
          undefined,
          undefined,
          'e2e',
          undefined,
          PatchStrategy.MergePatch,
        );
      await setRules(rules);
      try {
        const unread = await until('the right is gone', 10, async () => {
          const found = (await gaps()) ?? [];
          return found.length > 0 ? found : undefined;
        });
        expect(unread).toEqual([
          expect.stringMatching(
            /^ciliumclusterwidenetworkpolicies.cilium.io were not read and may allow traffic: .*403/,
          ),
        ]);
        expect(await due()).toMatchObject({ cause: 'opened' });
      } finally {
        await setRules(role.rules);
      }
      await until('the right is back', 10, async () => (await mine()).gaps?.length === 0 || undefined);
      expect(await due()).toBeUndefined();
    }, 60_000);
  });

  test('a kind that is not understood here is named where it exists', async () => {
    await install(cluster, [DEFINITIONS.antrea]);
    try {
      expect(await gaps()).toEqual([
        'this cluster has clusternetworkpolicies.crd.antrea.io, which are not read here and may allow traffic',
      ]);
    } finally {
      await uninstall(cluster, [DEFINITIONS.antrea]);
    }
  }, 60_000);

  test('is opened by a debugging container that can leave it', async () => {
    const name = pod.metadata?.name ?? '';
    const debug = {
      name: 'debugger',
      image: 'busybox:1.37.0',
      securityContext: { capabilities: { add: ['SYS_ADMIN'] } },
    };
    await cluster.core.patchNamespacedPodEphemeralcontainers(
      { namespace, name, body: { spec: { ephemeralContainers: [debug] } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    expect(await due()).toMatchObject({ cause: 'opened' });
    expect(await recordStatus(responder, pod)).toMatchObject({
      contained: 'partial',
      // What the cluster served a moment ago may still be counted.
      gaps: expect.arrayContaining([
        expect.objectContaining({ text: 'container debugger adds SYS_ADMIN: it can get past its NetworkPolicies' }),
      ]) as unknown,
    });
  });
});

describe('a pod that can reach its node', () => {
  let pods: V1Pod[] = [];
  afterEach(() => deletePods(cluster, pods.splice(0)));

  async function privileged(prefix: string): Promise<V1Pod> {
    const [template] = (pods = await createPods(cluster, `${prefix}-plain`, 1));
    const spec = structuredClone(template?.spec) ?? { containers: [] };
    delete spec.nodeName;
    for (const container of spec.containers) container.securityContext = { privileged: true };
    const name = `${prefix}-privileged`;
    await cluster.core.createNamespacedPod({ namespace, body: { metadata: { name, labels: { app: name } }, spec } });
    const running = await until(`${name} running`, 30, async () => {
      const live = await cluster.core.readNamespacedPod({ namespace, name });
      return live.status?.phase === 'Running' ? live : undefined;
    });
    pods.push(running);
    return running;
  }

  const accept = (isolateDespite: Configuration['isolateDespite'] | null) => setPolicy(cluster, { isolateDespite });

  test('is not quarantined as if that held it: a person is told what helps', async () => {
    const pod = await privileged('refused');
    const response = await act('quarantine_pod', pod);
    expect(response).toMatchObject({ outcome: 'refused', guardrails: ['isolation_bypass'], changed: [] });
    expect(response.reason).toContain(`is privileged`);
    expect(response.reason).toContain(`kubectl cordon ${pod.spec?.nodeName ?? ''}`);
  }, 60_000);

  test('is deleted, which ends it', async () => {
    const pod = await privileged('deleted');
    expect(await act('delete_pod', pod)).toMatchObject({ outcome: 'done', contained: 'partial' });
  }, 60_000);

  test('is quarantined where the administrator wants that, and called partly contained', async () => {
    const pod = await privileged('accepted');
    await accept(['privileged']);
    try {
      const response = await act('quarantine_pod', pod);
      expect(response).toMatchObject({ outcome: 'done', contained: 'partial' });
      expect(response.gaps.join('; ')).toContain('is privileged: it can get past its NetworkPolicies');
      expect(response.reason).toContain('kubectl cordon');
    } finally {
      await accept(null);
    }
  }, 60_000);
});

test('an alert that means an escape leaves a containment gap that stays', async () => {
  const [pod] = (await deploy(cluster, `${NAME}-esc`, 3)) as [V1Pod];
  try {
    const rule = 'Linux Kernel Module Injection Detected';
    expect(await act('quarantine_pod', pod, {}, rule)).toMatchObject({
      contained: 'partial',
      gaps: [expect.stringContaining(rule)],
      reason: expect.stringContaining('look at the node') as string,
    });
    expect(await act('quarantine_pod', pod)).toMatchObject({ outcome: 'unchanged', contained: 'partial' });
    const found = (await listQuarantined(clusterOf(responder))).find(
      ({ record }) => record.metadata.name === pod.metadata?.uid,
    );
    expect(textsOf(found?.gaps ?? [])).toEqual([expect.stringContaining(rule)]);
  } finally {
    await remove(cluster, 'Deployment', `${NAME}-esc`);
  }
}, 90_000);
