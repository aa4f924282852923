/**
 * Upgrades a running stack while alerts come in, as a user does with `git pull` and `./deploy.sh --local`: from the version that
 * --from names to the commit of this checkout, in a checkout of its own. Says what became of the alerts that n8n accepted, and
 * whether this version reads the records of the other one. Ends with 1 if an accepted alert was not decided or a record
 * cannot be read; with 2 if the run itself failed. With --older-worker, one worker stays behind with the nodes of the version before,
 * and gets alerts beside those of this version.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { until } from '../cluster/local/process/wait.js';
import { messageOf } from '../cluster/local/errors.js';
import type { Stack } from '../cluster/local/stack.js';
import { parse, readCommandLine } from '../cluster/shared/commandLine.js';
import { NAMESPACES } from '../core/names.js';
import { watchWork } from '../tests/e2e/support/n8nLogs.js';
import { bodyOf, planAlerts } from './chaos/alerts.js';
import { DecisionLog } from './chaos/decisions.js';
import { seeded } from './chaos/seeded.js';
import { type Answer, countedAnswers, Sender } from './chaos/sender.js';
import { keepNodes, leaveBehind, OLDER_WORKER } from './upgrade/olderWorker.js';
import { readRecords } from './upgrade/records.js';
import { Checkout, commitOf } from './upgrade/version.js';

/** Alerts a second. */
const RATE = 2;
/** More than are sent: an upgrade from a commit of another n8n builds for half an hour. */
const MOST_ALERTS = 4_000;
/** How long alerts are sent before the upgrade begins and after it ends, milliseconds. */
const MARGIN_MS = 5_000;
/** How long they are sent while one worker has the version before. */
const OLDER_WORKER_MS = 30_000;
/** As long as what was cut off waits until it is started again, and its analysis. */
const DECIDED_SECONDS = 900;

async function main(from: string, options: string[], withOlderWorker: boolean): Promise<number> {
  const [before, now] = await Promise.all([commitOf(from), commitOf('HEAD')]);
  const checkout = await Checkout.make(options);
  try {
    await checkout.deploy(before);
    if (withOlderWorker) await keepNodes(checkout.state);
    const stack = await checkout.stack();
    const log = new DecisionLog(stack.urls.loki, Date.now());
    const sender = new Sender(stack);
    const ended = new AbortController();
    const sending = sendUntil(ended.signal, sender);
    await pause(MARGIN_MS);
    await checkout.deploy(now);
    const older = withOlderWorker ? await besideOlderWorker(checkout, stack) : null;
    await pause(MARGIN_MS);
    ended.abort();
    const answers = await sending;
    await sender.close();
    const accepted = answers.filter((answer) => answer.accepted);
    const lost = async (): Promise<Answer[]> => {
      const decided = new Set((await log.read()).map(({ incident }) => incident));
      return accepted.filter(({ incident }) => incident === null || !decided.has(incident));
    };
    await until('every accepted alert is decided', DECIDED_SECONDS, async () =>
      (await lost()).length === 0 ? true : undefined,
    ).catch(() => undefined);
    const missing = await lost();
    const records = await readRecords(stack.kubeconfig);
    console.log(`\nFrom ${before.slice(0, 10)} to ${now.slice(0, 10)}, ${answers.length} alerts, ${RATE} a second`);
    console.log(`  accepted    ${accepted.length}`);
    console.log(`  refused     ${countedAnswers(answers.filter((answer) => !answer.accepted)) || 'none'}`);
    console.log(
      `  not decided ${missing.length}${missing.length === 0 ? '' : `: ${missing.map(({ incident }) => incident).join(' ')}`}`,
    );
    if (older !== null) console.log(`  ${OLDER_WORKER}, with the nodes of before: ${older.ran} executions`);
    if (older !== null) console.log(`  --status    ${older.status}`);
    for (const { plural, read, problems } of records)
      console.log(`  ${plural.padEnd(11)} ${read} read${problems.map((problem) => `\n    ${problem}`).join('')}`);
    const hasWorked = older === null || older.ran > 0;
    return missing.length === 0 && hasWorked && records.every(({ problems }) => problems.length === 0) ? 0 : 1;
  } finally {
    await checkout.remove();
  }
}

/** Leaves a worker behind for a while. Returns how many executions it had, and what `--status` says of it. */
async function besideOlderWorker(checkout: Checkout, stack: Stack): Promise<{ ran: number; status: string }> {
  await leaveBehind(checkout.state);
  const work = await watchWork(stack, OLDER_WORKER);
  await pause(OLDER_WORKER_MS);
  const status =
    (await checkout.status()).split('\n').findLast((line) => line.startsWith('Nodes')) ?? 'nothing of nodes';
  return { ran: (await work()).finished.length, status };
}

/** Each alert is about a pod of its own, which does not exist: a person is asked, and nothing is acted on. */
async function sendUntil(signal: AbortSignal, sender: Sender): Promise<Answer[]> {
  const sent: Promise<Answer>[] = [];
  for (const [index, alert] of planAlerts(seeded(1), MOST_ALERTS, [NAMESPACES.playground]).entries()) {
    if (signal.aborted) break;
    const uid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    sent.push(bodyOf(alert, uid).then((body) => sender.send(body)));
    await pause(1000 / RATE);
  }
  return Promise.all(sent);
}

const UPGRADE = {
  command: 'npm run upgrade',
  about: 'Upgrades a running stack while alerts come in, from another version to the commit of this checkout.',
  options: {
    from: { type: 'string', value: 'TAG', about: 'the version that is upgraded: a tag, a branch or a commit' },
    scaled: { type: 'boolean', default: false, about: 'n8n in queue mode' },
    'older-worker': { type: 'boolean', default: false, about: 'leave one worker behind with the version before' },
  },
} as const;

function readOptions(args: readonly string[]): { from: string; isScaled: boolean; withOlderWorker: boolean } {
  const { from, scaled, 'older-worker': withOlderWorker } = parse(UPGRADE, args).values;
  if (from === undefined) throw new Error('Name the version that is upgraded: npm run upgrade -- --from TAG');
  return { from, isScaled: scaled || withOlderWorker, withOlderWorker };
}

const { from, isScaled, withOlderWorker } = readCommandLine(readOptions);
process.exitCode = await main(from, isScaled ? ['--scaled'] : [], withOlderWorker).catch((error: unknown) => {
  console.error(`\nError: ${messageOf(error)}`);
  return 2;
});
process.exit();
