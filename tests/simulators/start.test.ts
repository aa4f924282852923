import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSimulators } from '../../cluster/local/simulators/start';
import { call } from './support/call';

it('starts everything as configured, and ends it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulators-'));
  const logged: string[] = [];
  const { pagerDuty, neo, egress, close } = await startSimulators({
    configuration: { pagerDuty: { subdomain: 'other' }, script: { name: 'down' } },
    folder,
    log: (line) => logged.push(line),
  });
  try {
    for (const { url } of [pagerDuty, neo, egress]) {
      expect((await call('GET', `${url}/_simulator/health`)).body).toEqual({ status: 'ok' });
    }
    const { body } = await call('GET', `${pagerDuty.url}/_simulator/configuration`);
    expect(body).toMatchObject({ subdomain: 'other', services: [{ id: 'PF9KMXH' }] });
    expect(readdirSync(folder).sort()).toEqual(['egress-ca.crt', 'egress.crt', 'egress.key']);
    expect(logged).toContain('pagerduty GET /_simulator/configuration 200');
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
  await expect(call('GET', `${neo.url}/_simulator/health`)).rejects.toThrow();
});

it('does not start as something that it does not understand', async () => {
  await expect(startSimulators({ configuration: { neo: { stacks: [{}] } } } as never)).rejects.toThrow('stacks');
});
