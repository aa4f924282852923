import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Variables } from './plainN8n.js';
import type { Registry } from './registry.js';

/** The settings by which n8n installs the package itself, if its checksum in the registry is this one. */
export async function pinned(registry: Registry, folder: string, checksum: string): Promise<Variables> {
  const authority = join(folder, 'registry-ca.crt');
  await writeFile(authority, registry.authority);
  const { name, version } = registry;
  return {
    N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV: 'true',
    N8N_COMMUNITY_PACKAGES: JSON.stringify([{ name, version, checksum }]),
    // As in n8n 3.
    N8N_UNVERIFIED_PACKAGES_ENABLED: 'false',
    HTTPS_PROXY: registry.proxy,
    NODE_EXTRA_CA_CERTS: authority,
    // What the stack's own installation put there is enough.
    npm_config_prefer_offline: 'true',
  };
}
