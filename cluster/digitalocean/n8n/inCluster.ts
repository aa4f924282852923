import { all, type Input, type Output, type Resource, unsecret } from '@pulumi/pulumi';
import { OPTIONAL_WORKFLOWS, PIPELINE_WORKFLOWS, SHARED_WORKFLOWS } from '../../shared/n8n/workflow';
import type { Base } from '../kubernetes/base';
import { hashOf } from '../kubernetes/hash';
import type { Install } from '../kubernetes/install';
import { type Manifest, readKustomization } from '../repository/manifests';
import { merged, replaced } from '../repository/values';
import type { Settings } from '../settings/settings';
import { n8nConfiguration } from './configuration';
import { clusterCredentials, remediationCredentials } from './credentials';
import { imported } from './imported';
import { remediation } from './remediation';
import type { N8nSecrets } from './secrets';
import { readWorkflow } from './workflows';

const NAMESPACE = 'n8n';
const PULL_SECRET = 'registry';

export interface InCluster {
  image: string;
  secrets: N8nSecrets;
  webhookSecret: Output<string>;
  signingSecret: Output<string>;
  pullCredentials: Output<string>;
}

/** n8n as KIND has it, with the whole pipeline and the workflow from PagerDuty to Neo. */
export function n8nInCluster(
  install: Install,
  { namespaces, admission }: Base,
  settings: Settings,
  given: InCluster,
): Resource {
  const { image, secrets, webhookSecret, signingSecret, pullCredentials } = given;
  const files = imported(
    [
      ...[...SHARED_WORKFLOWS, ...PIPELINE_WORKFLOWS, ...OPTIONAL_WORKFLOWS].map(readWorkflow),
      ...remediation(settings),
    ],
    [clusterCredentials(webhookSecret), remediationCredentials(settings, signingSecret)],
  );
  const secret = (name: string, data: Record<string, Input<string>>, type?: string): Resource =>
    install.secret({ namespace: NAMESPACE, name, data, ...(type === undefined ? {} : { type }) }, [namespaces]);
  const made = [
    secret('n8n', { ...secrets, webhookSecret, ownerEmail: settings.pagerDuty.email }),
    secret('n8n-import', files),
    secret(PULL_SECRET, { '.dockerconfigjson': pullCredentials }, 'kubernetes.io/dockerconfigjson'),
  ];
  const configuration = n8nConfiguration(settings.address.hostname, settings.pagerDuty.email, false);
  const read = all([all(files), secrets.encryptionKey, secrets.ownerPasswordHash, configuration]);
  const restartedBy = unsecret(read).apply(hashOf);
  const manifests = readKustomization('manifests/n8n').map((manifest): Input<Manifest> => {
    if (manifest.kind === 'ConfigMap') return { ...manifest, data: configuration };
    return manifest.kind === 'Deployment' ? restartedBy.apply((hash) => deployment(manifest, image, hash)) : manifest;
  });
  return install.objects('n8n', manifests, [admission, ...made]);
}

/** With what deploy.sh puts into the same places. */
function deployment(manifest: Manifest, image: string, secretsHash: string): Manifest {
  const filled = replaced(manifest, { 'incident-pipeline/n8n:UNSET': image, UNSET: secretsHash });
  const withPullSecret = merged(filled, {
    spec: { template: { spec: { imagePullSecrets: [{ name: PULL_SECRET }] } } },
  });
  return { ...filled, spec: withPullSecret.spec };
}
