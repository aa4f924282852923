import * as digitalocean from '@pulumi/digitalocean';
import { type Output, secret } from '@pulumi/pulumi';
import type { Settings } from './settings/settings';

const MONTH_SECONDS = 30 * 24 * 3600;

export interface Registry {
  name: Output<string>;
  /** The cluster's credentials for pulling images: Docker's configuration file, valid for a month. */
  pullCredentials: Output<string>;
}

/** Where n8n's image with our nodes lies. An account has one registry, unless it pays for more: it may be there already. */
export function registry({ name, isOurs }: Settings['registry']): Registry {
  const made = isOurs
    ? new digitalocean.ContainerRegistry('workshop', { name, subscriptionTierSlug: 'basic' }).name
    : digitalocean.getContainerRegistryOutput({ name }).name;
  const credentials = new digitalocean.ContainerRegistryDockerCredentials(
    'pull',
    { registryName: made, expirySeconds: MONTH_SECONDS, write: false },
    { additionalSecretOutputs: ['dockerCredentials'] },
  );
  return { name: made, pullCredentials: secret(credentials.dockerCredentials) };
}
