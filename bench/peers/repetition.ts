import { until } from '../../cluster/local/process/wait.js';
import type { N8n } from '../../tests/e2e/support/n8n.js';
import { seeded } from '../chaos/seeded.js';
import { Sender } from '../chaos/sender.js';
import { prepareAlerts } from '../scale/load.js';
import type { PlayedModel } from '../scale/playedModel.js';
import { usedDuring } from '../scale/parts.js';
import type { Bench } from './measure.js';
import { type Peer, type Price, priceOf } from './peer.js';
import { bodyOfRepeat, planStream } from './stream.js';
import { type ModelUse, modelUse } from './tokens.js';

/** Alerts that are posted at the same time, once the work of those before is done: more would time out in Code nodes' queue. */
const TOGETHER = 50;
/** The longest that the work of these takes. */
const LIMIT_SECONDS = 120;

/** What a peer made of a repetitive stream. */
export interface Repetition {
  peer: Peer;
  alerts: number;
  /** How many were answered with 2xx. */
  accepted: number;
  /** Until the last execution ended. */
  seconds: number;
  model: ModelUse;
  price: Price;
}

/** Posts the same stream to each peer, some alerts at a time, about pods of the peer's own. */
export async function repetitions(
  bench: Bench,
  peers: readonly { peer: Peer; workflow: string }[],
  { n8n, model }: { n8n: N8n; model: PlayedModel },
  { stream, sources, seed }: { stream: number; sources: number; seed: number },
): Promise<Repetition[]> {
  const found: Repetition[] = [];
  for (const { peer, workflow } of peers) {
    const { alerts, namespaces } = await prepareAlerts(bench.cluster, sources);
    bench.opened.push(...namespaces);
    const bodies = await Promise.all(
      planStream(seeded(seed), stream, sources).map(async (repeat) => {
        const source = alerts[repeat.source];
        if (source === undefined) throw new Error(`The stream has no source ${repeat.source}.`);
        return bodyOfRepeat(repeat, source);
      }),
    );
    const asked = model.asked.length;
    let accepted = 0;
    let seconds = NaN;
    const usage = await usedDuring(bench.meter, async () => {
      const start = performance.now();
      accepted = await post(bench, peer, bodies, () => idle(n8n, workflow));
      seconds = (performance.now() - start) / 1000;
    });
    found.push({
      peer,
      alerts: stream,
      accepted,
      seconds,
      model: modelUse(model.asked.slice(asked), model.answerTo),
      price: priceOf(peer, usage, bench.idle, stream),
    });
  }
  return found;
}

/** Returns how many were answered with 2xx. */
async function post(
  { stack }: Bench,
  { url }: Peer,
  bodies: readonly string[],
  worked: () => Promise<void>,
): Promise<number> {
  const sender = new Sender(stack, url);
  let accepted = 0;
  for (let index = 0; index < bodies.length; index += TOGETHER) {
    const some = bodies.slice(index, index + TOGETHER);
    const answers = await Promise.all(some.map((body) => sender.send(body)));
    accepted += answers.filter((answer) => answer.accepted).length;
    await worked();
  }
  await sender.close();
  return accepted;
}

/** Until no execution of a workflow runs. One that was accepted is stored, so that it is among them. */
async function idle(n8n: N8n, workflow: string): Promise<void> {
  await until(`the executions of the workflow ${workflow}`, LIMIT_SECONDS, async () => {
    const running = await n8n.executions(workflow, '&status=running');
    return running.length === 0 || undefined;
  });
}
