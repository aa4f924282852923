import { setTimeout as pause } from 'node:timers/promises';

import { connect } from '../../cluster/local/kubernetes/client.js';
import type { Stack } from '../../cluster/local/stack.js';
import { AMPLE, AMPLE_INCIDENTS, setPolicy } from '../../tests/e2e/support/policy.js';
import { bodyOf } from '../chaos/alerts.js';
import { closeNamespaces, forgetObjects } from '../chaos/namespaces.js';
import { Sender } from '../chaos/sender.js';
import { prepareAlerts } from './load.js';

/**
 * Posts distinct alerts as Falcosidekick does, so many a second.
 * @param most how many pods are there for them
 * @returns what ends it
 */
export async function otherAlerts(stack: Stack, perSecond: number, most: number): Promise<() => Promise<void>> {
  const cluster = connect();
  await forgetObjects();
  await setPolicy(cluster, { incidents: AMPLE_INCIDENTS, budget: { ...AMPLE, windowMinutes: 1 } });
  const { alerts, namespaces } = await prepareAlerts(cluster, Math.ceil(most));
  const sender = new Sender(stack);
  const stopped = new AbortController();
  const sending = (async () => {
    const begin = performance.now();
    const answers = [];
    for (const [index, alert] of alerts.entries()) {
      await pause(Math.max(0, begin + (index / perSecond) * 1000 - performance.now()));
      if (stopped.signal.aborted) break;
      answers.push(sender.send(await bodyOf(alert, alert.podUid)));
    }
    const accepted = (await Promise.all(answers)).filter((answer) => answer.accepted).length;
    console.log(`  meanwhile ${accepted} of ${answers.length} other alerts were accepted`);
  })();
  return async () => {
    stopped.abort();
    await sending;
    await Promise.allSettled([sender.close(), closeNamespaces(cluster, namespaces), forgetObjects()]);
    await setPolicy(cluster, { budget: { ...AMPLE, windowMinutes: null } });
  };
}
