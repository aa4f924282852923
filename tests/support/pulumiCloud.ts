import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import type { Neo } from '../../cluster/local/simulators/neo/start';
import { startSimulators } from '../../cluster/local/simulators/start';

export interface SimulatedCloud {
  neo: Neo;
  /** What the Pulumi Cloud credential holds. */
  credential: { url: string; organization: string; accessToken: string };
  close: () => Promise<void>;
}

/** Pulumi Cloud under its real name, by https and through a proxy, as the node finds it in a company's network. */
export async function simulatePulumiCloud(): Promise<SimulatedCloud> {
  const { neo, egress, close } = await startSimulators({ configuration: { stepMilliseconds: 1 } });
  process.env.HTTPS_PROXY = egress.url;
  delete process.env.NO_PROXY;
  // Of the whole process, which runs other tests too: each simulation's authority is another of the same name.
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, egress.authority]);
  return {
    neo,
    credential: { url: 'https://api.pulumi.com', organization: 'acme', accessToken: 'simulated-pulumi-token' },
    close: async () => {
      setDefaultCACertificates(before);
      await close();
    },
  };
}
