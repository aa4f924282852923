import { z } from 'zod/v4';
import { readManifests } from '../repository/manifests';

const FILE = 'manifests/n8n/configuration.yaml';

const configMap = z.object({ data: z.record(z.string(), z.string()) });

/**
 * n8n's settings: those that it has on KIND, for the address by which the world knows it.
 * @param isBehindTls whether a person's browser, too, comes by https
 */
export function n8nConfiguration(hostname: string, ownerEmail: string, isBehindTls: boolean): Record<string, string> {
  const [manifest] = readManifests(FILE);
  return {
    ...configMap.parse(manifest).data,
    N8N_HOST: hostname,
    N8N_WEBHOOK_URL: `https://${hostname}/`,
    N8N_PROXY_HOPS: isBehindTls ? '2' : '1', // the gate, and App Platform's own router before it
    N8N_SECURE_COOKIE: String(isBehindTls),
    N8N_INSTANCE_OWNER_EMAIL: ownerEmail,
  };
}
