import * as kubernetes from '@pulumi/kubernetes';
import { all, type Input, type Output, type Resource, unsecret } from '@pulumi/pulumi';
import type { Base } from './kubernetes/base';
import { hashOf } from './kubernetes/hash';
import type { Install } from './kubernetes/install';
import { mutualTls } from './kubernetes/mutualTls';
import { readText } from './repository/paths';
import { inNamespace, type Manifest, readKustomization, readManifests } from './repository/manifests';
import { readValues, type Values } from './repository/values';
import { pinnedChart } from './repository/versions';
import type { InfrastructureContext } from './settings/settings';

const NAMESPACE = 'security';

/** The Service that the chart makes for the release falco. */
const FALCOSIDEKICK = `falco-falcosidekick.${NAMESPACE}`;

/** Falco detects, Falcosidekick notifies PagerDuty. They authenticate each other by certificates. */
export function falco(
  install: Install,
  { namespaces, admission }: Base,
  context: InfrastructureContext,
  routingKey: Output<string>,
): Resource {
  const { authority, server, client } = mutualTls(FALCOSIDEKICK, 'falco');
  const secret = (name: string, data: Record<string, Input<string>>): kubernetes.core.v1.Secret =>
    install.secret({ namespace: NAMESPACE, name, data }, [namespaces]);
  const made = [
    secret('falcosidekick-tls', { 'ca.crt': authority, 'server.crt': server.certificate, 'server.key': server.key }),
    secret('falco-client-tls', { 'ca.crt': authority, 'client.crt': client.certificate, 'client.key': client.key }),
    secret('falcosidekick-pagerduty', { PAGERDUTY_ROUTINGKEY: routingKey }),
  ];
  const policies = install.objects('falco', networkPolicies(), [namespaces]);
  const infrastructure = infrastructureContext(install, context, namespaces);
  const held = unsecret(all(made.map(({ stringData }) => stringData)));
  const annotations = all([held, infrastructure.data]).apply(([data, known]) => restartedBy(data, known));
  return install.chart(
    pinnedChart('falco', 'FALCO'),
    NAMESPACE,
    [
      readValues('manifests/falco/values.yaml'),
      readValues('manifests/falco/pagerduty.yaml'),
      { customRules: { 'incident-pipeline.yaml': readText('manifests/falco/rules.yaml') } },
      annotations,
    ],
    [admission, policies, infrastructure, ...made],
  );
}

/** In addition to KIND's NetworkPolicies, the one that lets Falcosidekick reach PagerDuty. */
const networkPolicies = (): Manifest[] => [
  ...readKustomization('manifests/falco'),
  ...readManifests('manifests/falco/pagerduty-networkpolicy.yaml').map((policy) => inNamespace(policy, NAMESPACE)),
];

const CONTEXT_FILE = 'manifests/falco/infrastructure-context.yaml';

/** The same ConfigMap as on KIND, with this stack's values. Falcosidekick reads it from there, where a value may hold a colon. */
function infrastructureContext(
  install: Install,
  context: InfrastructureContext,
  namespaces: Resource,
): kubernetes.core.v1.ConfigMap {
  const [manifest] = readManifests(CONTEXT_FILE);
  if (manifest === undefined) throw new Error(`${CONTEXT_FILE} is empty.`);
  const data = Object.fromEntries(
    Object.entries(context).map(([key, value]): [string, string] => [key.toUpperCase(), String(value)]),
  );
  const { name, namespace } = manifest.metadata;
  return new kubernetes.core.v1.ConfigMap(
    name,
    { metadata: { name, namespace: namespace ?? NAMESPACE }, data },
    { ...install.options, dependsOn: [namespaces] },
  );
}

/** Both programs read these when they start: a change must replace their pods. */
function restartedBy(secrets: unknown, context: unknown): Values {
  const podAnnotations = { secrets: hashOf(secrets), context: hashOf(context) };
  return { podAnnotations, falcosidekick: { podAnnotations } };
}
