import { KubeConfig, Watch } from '@kubernetes/client-node';
import { type Dispatcher, request } from 'undici';

import type { ResponsePolicy } from '../../core/incident/responsePolicy.js';
import { CUSTOM_RESOURCES, NAMESPACES, RESPONSE_POLICY } from '../../core/names.js';

export const OWN = `/apis/${CUSTOM_RESOURCES.apiVersion}/namespaces/${NAMESPACES.responder}`;
const POLICIES = `${OWN}/${CUSTOM_RESOURCES.responsePolicies}`;

/** The pipeline writes the ResponsePolicy, too. */
const ATTEMPTS = 5;

/** As the API server sends it. */
type Policy = Omit<ResponsePolicy, 'status'> & { status?: Partial<ResponsePolicy['status']> };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';

/** An API server, by bare calls over connections that are kept. */
export class ApiServer {
  private policy: Policy | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly access: { url: string; certificate: string; token: string },
    private readonly agent: Dispatcher,
  ) {}

  /** @throws Error if it does not answer with 2xx */
  async call<T>(method: Method, path: string, body?: object): Promise<T> {
    const answer = await request(`${this.access.url}${path}`, {
      method,
      dispatcher: this.agent,
      headers: {
        authorization: `Bearer ${this.access.token}`,
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.statusCode >= 300)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`);
    return (await answer.body.json()) as T;
  }

  /** Follows the ResponsePolicy, which holds the budget: the pipeline writes it, too. */
  async watchPolicy(): Promise<void> {
    const { url, certificate, token } = this.access;
    const config = new KubeConfig();
    const caData = Buffer.from(certificate).toString('base64');
    config.loadFromClusterAndUser(
      { name: 'cluster', server: url, caData, skipTLSVerify: false },
      { name: 'responder', token },
    );
    this.see(await this.call('GET', `${POLICIES}/${RESPONSE_POLICY}`));
    await new Watch(config).watch(
      POLICIES,
      {},
      (_phase, policy: Policy) => {
        this.see(policy);
      },
      () => void this.watchPolicy(),
    );
  }

  /** Writes the status of the ResponsePolicy, one writer after the other; again if the pipeline was faster. */
  changePolicy(change: (policy: Policy) => ResponsePolicy['status']): Promise<unknown> {
    const path = `${POLICIES}/${RESPONSE_POLICY}`;
    const write = async (attempts = ATTEMPTS): Promise<void> => {
      const policy = this.policy ?? (await this.call<Policy>('GET', path));
      try {
        this.see(await this.call('PUT', `${path}/status`, { ...policy, status: change(policy) }));
      } catch (error) {
        if (attempts === 1) throw error;
        this.policy = undefined;
        await write(attempts - 1);
      }
    };
    const mine = this.turn.catch(() => undefined).then(() => write());
    this.turn = mine;
    return mine;
  }

  private see(policy: Policy): void {
    const isOlder =
      this.policy !== undefined &&
      BigInt(policy.metadata.resourceVersion) < BigInt(this.policy.metadata.resourceVersion);
    if (!isOlder) this.policy = policy;
  }
}
