import { z } from 'zod/v4';
import { ensureCertificate } from './egress/certificate.js';
import { type Egress, startEgress } from './egress/start.js';
import { script } from './neo/script.js';
import { settings } from './neo/settings.js';
import { type Neo, startNeo } from './neo/start.js';
import { account } from './pagerduty/account.js';
import { type PagerDuty, startPagerDuty } from './pagerduty/start.js';

/** What is left out is made up: an account, an organization, somebody on call. */
export const configuration = z.strictObject({
  pagerDuty: account.default(account.parse({})),
  /** How PagerDuty delivers webhooks. */
  delivery: z
    .strictObject({ timeoutMilliseconds: z.int().positive(), retryMilliseconds: z.array(z.int().nonnegative()) })
    .partial()
    .default({}),
  neo: settings.default(settings.parse({})),
  /** What Neo's tasks do until an admin call says otherwise. */
  script: script.default(script.parse({ name: 'fixes' })),
  /** Between the events of a task. */
  stepMilliseconds: z.int().nonnegative().optional(),
});

interface SimulatorsOptions {
  configuration?: z.input<typeof configuration>;
  /** Free ones by default. */
  ports?: Partial<Record<'pagerDuty' | 'neo' | 'egress', number>>;
  /** Where the egress keeps its certificate; without it, it gets a new one. */
  folder?: string;
  log?: (line: string) => void;
}

interface Simulators {
  pagerDuty: PagerDuty;
  neo: Neo;
  egress: Egress;
  close: () => Promise<void>;
}

/** PagerDuty, Neo, and the egress through which n8n finds them under their real names. */
export async function startSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const { ports = {}, folder, log } = options;
  const configured = configuration.parse(options.configuration ?? {});
  const { delivery, stepMilliseconds } = configured;
  const certificate = folder === undefined ? undefined : await ensureCertificate(folder);
  const pagerDuty = await startPagerDuty({ port: ports.pagerDuty, account: configured.pagerDuty, delivery, log });
  const neo = await startNeo({ port: ports.neo, settings: configured.neo, stepMilliseconds, log });
  neo.follow(configured.script);
  const upstreams = {
    'api.pagerduty.com': pagerDuty.url,
    'events.pagerduty.com': pagerDuty.url,
    'api.pulumi.com': neo.url,
  };
  const egress = await startEgress({ port: ports.egress, upstreams, certificate, log });
  const close = async (): Promise<void> => {
    await Promise.all([egress.close(), pagerDuty.close(), neo.close()]);
  };
  return { pagerDuty, neo, egress, close };
}
