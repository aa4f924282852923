import { randomUUID } from 'node:crypto';

import { kubernetesClaims } from '../../adapters/kubernetes/resources/neoTasks';
import { openTask } from '../../app/neo/openTask';
import type { ClaimStore } from '../../app/neo/ports';
import type { Stack } from '../../cluster/local/stack';
import type { ClaimSpec } from '../../core/remediation/claim';
import { CONTRACT_ORGANIZATION, claimStoreContract } from '../support/claimStoreContract';
import { specOf } from '../support/claims';
import { LOOKS_MS, requestFor, type Simulated, simulateNeo } from '../support/neo';
import { connectResponder } from './support/responder';
import { FIRST_START_MS, startCluster } from './support/stack';

let stack: Stack;
let neo: Simulated;
beforeAll(async () => {
  stack = await startCluster();
  neo = await simulateNeo();
}, FIRST_START_MS);
afterAll(() => (neo as Simulated | undefined)?.neo.close());

/** Two workers with clients of their own, under the responder's rights. */
const stores = async (): Promise<[ClaimStore, ClaimStore]> => [
  kubernetesClaims(await connectResponder(stack)),
  kubernetesClaims(await connectResponder(stack)),
];

claimStoreContract(stores);

test('the same finding by Falco and by PagerDuty at once, at two workers, is one task', async () => {
  const [one, other] = await stores();
  const hash = (): string => randomUUID().replaceAll('-', '');
  const pairs = Array.from({ length: 8 }, () => {
    const finding = { key: hash(), event: hash() };
    const spec = (source: 'falco' | 'pagerduty'): ClaimSpec =>
      specOf({
        incident: randomUUID(),
        claimedAt: new Date().toISOString(),
        organization: CONTRACT_ORGANIZATION,
        finding: { ...finding, source },
      });
    return [spec('falco'), spec('pagerduty')] as const;
  });
  const open = (claims: ClaimStore, spec: ClaimSpec) =>
    openTask({ neo: neo.port, claims, now: () => new Date(), looksMs: LOOKS_MS }, spec, {
      request: requestFor(spec.incident),
    });
  await Promise.all(pairs.flatMap(([falco, pagerDuty]) => [open(one, pagerDuty), open(other, falco)]));
  expect(neo.posts()).toHaveLength(pairs.length);
  for (const specs of pairs) {
    const states = await Promise.all(specs.map(async ({ incident }) => (await one.find(incident))?.status.state));
    expect(states.toSorted()).toEqual(['joined', 'running']);
  }
});
