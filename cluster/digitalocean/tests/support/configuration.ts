import { type RawConfiguration, type Settings, readSettings, type Stack } from '../../settings/settings';

export const STACK: Stack = { organization: 'acme', project: 'security-workshop', stack: 'berlin' };

/** Made up, and each unlike all others, so that one that lies where it should not can be told. */
export const SECRETS = {
  'digitalocean:token': `dop_v1_${'d0'.repeat(32)}`,
  'pagerduty:token': 'u+PagerDutyKey012345',
  'pulumi-pat': `pul-${'ab'.repeat(20)}`,
} as const;

const REQUIRED: Record<string, string> = {
  ...SECRETS,
  'pagerduty-email': 'trainer@example.com',
  'git-repo': 'https://github.com/acme/shop.git',
  'esc-environment': 'workshops/security',
  domain: 'workshop.example.com',
  registry: 'acme-workshop',
};

/** With n8n, as after push-image.sh. */
export const IMAGE = { 'n8n-image': 'registry.digitalocean.com/acme-workshop/n8n:0123456789ab' };

const fullKey = (key: string): string => (key.includes(':') ? key : `${STACK.project}:${key}`);

/** The configuration as Pulumi hands it over; `undefined` takes a key away. */
export function raw(changes: Record<string, string | undefined> = {}): RawConfiguration {
  const values = Object.fromEntries(
    Object.entries({ ...REQUIRED, ...changes }).flatMap(([key, value]) =>
      value === undefined ? [] : [[fullKey(key), value] as const],
    ),
  );
  const secretKeys = Object.keys(SECRETS).map(fullKey);
  return { values, isSecret: (key) => secretKeys.includes(key) };
}

export const settings = (changes: Record<string, string | undefined> = {}): Settings =>
  readSettings(raw(changes), STACK);
