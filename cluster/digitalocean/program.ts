import { log, type Output, type Resource, secret } from '@pulumi/pulumi';
import { cluster } from './cluster';
import { falco } from './falco';
import { type Base, base } from './kubernetes/base';
import { type Install, installer } from './kubernetes/install';
import { monitoring } from './monitoring';
import { webhookUrl } from './n8n/address';
import { n8nOnAppPlatform } from './n8n/appPlatform';
import { n8nInCluster } from './n8n/inCluster';
import { n8nSecrets, randomSecret } from './n8n/secrets';
import { webhookGate } from './n8n/webhookGate';
import { pagerDutyService, type PagerDutyService } from './pagerduty/service';
import { WebhookSubscription } from './pagerduty/webhookSubscription';
import { participant } from './participant/participant';
import { preflight } from './preflight/preflight';
import { type Registry, registry } from './registry';
import { scanners } from './scanners';
import { scenarios } from './scenarios';
import type { Settings } from './settings/settings';

export interface Outputs {
  webhookUrl: string;
  kubeconfig: Output<string>;
  /** With the rights of participant/rights.ts. */
  participantKubeconfig: Output<string>;
  clusterName: string;
  registry: Output<string>;
  pagerDutyService: Output<string>;
  n8nOwner: string;
  n8nPassword: Output<string>;
  grafanaPassword: Output<string>;
  /** US dollars for the nodes alone. */
  nodesPerHour: number;
}

/** Creates the workshop, from the cluster to the incident. */
export async function workshop(settings: Settings): Promise<Outputs> {
  const { kubernetesVersion, pagerDutyUserId, nodesPerHour } = await preflight(settings);
  const images = registry(settings.registry);
  const service = pagerDutyService({
    name: settings.pagerDuty.service,
    userId: pagerDutyUserId,
    hasAlertGrouping: settings.pagerDuty.hasAlertGrouping,
  });
  // A plan that refuses grouping after all refuses it before there is a cluster to pay for.
  const made = cluster(settings.cluster, kubernetesVersion, service.grouping);
  const install = installer(made);
  const foundation = base(install);
  const webhookSecret = secret(randomSecret('webhook').result);
  const grafanaPassword = secret(randomSecret('grafana').result);
  const seeing = detectors(install, foundation, settings, { service, grafanaPassword });
  const n8nPassword = n8n(settings, { install, foundation, images, service, webhookSecret });
  return {
    webhookUrl: webhookUrl(settings.address.hostname),
    kubeconfig: made.kubeconfig,
    participantKubeconfig: participant(made, [foundation.namespaces, ...seeing]),
    clusterName: settings.cluster.name,
    registry: images.name,
    pagerDutyService: service.url,
    n8nOwner: settings.pagerDuty.email,
    n8nPassword,
    grafanaPassword,
    nodesPerHour,
  };
}

interface Detected {
  service: PagerDutyService;
  grafanaPassword: Output<string>;
}

/** The detectors, and the workloads for them to find. */
function detectors(install: Install, foundation: Base, settings: Settings, given: Detected): Resource[] {
  const { service, grafanaPassword } = given;
  const { context } = settings;
  const metrics = monitoring(install, foundation, context, {
    grafanaPassword,
    routingKey: service.routingKeys.prometheus,
  });
  const eyes = falco(install, foundation, context, service.routingKeys.falco);
  const watching = scanners(install, foundation, metrics);
  scenarios(install, settings.scenarios, [eyes, ...watching]);
  return [eyes, ...watching];
}

interface Surroundings {
  install: Install;
  foundation: Base;
  images: Registry;
  service: PagerDutyService;
  webhookSecret: Output<string>;
}

/** n8n and the webhook that reaches it; the password of its owner. Without its image neither is made. */
function n8n(
  settings: Settings,
  { install, foundation, images, service, webhookSecret }: Surroundings,
): Output<string> {
  const secrets = n8nSecrets();
  const { image, host } = settings.n8n;
  if (image === undefined) {
    void log.warn(
      'n8n-image is not set, so n8n is left out: push-image.sh builds the image, pushes it and sets the key.',
    );
    return secrets.ownerPassword;
  }
  const { secret: signingSecret } = new WebhookSubscription('n8n', {
    token: settings.pagerDuty.token,
    serviceId: service.id,
    url: webhookUrl(settings.address.hostname),
    description: `Remediation by n8n (${settings.cluster.name})`,
  });
  if (host === 'app-platform') {
    n8nOnAppPlatform(settings, image, secrets, signingSecret);
  } else {
    const given = { image, secrets, webhookSecret, signingSecret, pullCredentials: images.pullCredentials };
    webhookGate(
      install,
      settings.address,
      settings.pagerDuty.email,
      n8nInCluster(install, foundation, settings, given),
    );
  }
  return secrets.ownerPassword;
}
