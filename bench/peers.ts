/**
 * Measures the pipeline beside what it replaces, a workflow of n8n's own nodes that asks a model about every alert, and beside a
 * bare program that makes the same calls to the API server: one alert at a time, many at once, and a repetitive stream.
 * With --profile, records instead what n8n does while the pipeline contains alerts. --only names one comparison: `model`, where the
 * pipeline asks a model, too, or `playbook`. Prints figures; judges nothing.
 */
import { writePrivate } from '../cluster/local/files.js';
import { connect } from '../cluster/local/kubernetes/client.js';
import { statePath } from '../cluster/local/paths.js';
import { processes } from '../cluster/local/process/supervisor.js';
import type { Stack } from '../cluster/local/stack.js';
import { up } from '../cluster/local/up.js';
import { readCommandLine } from '../cluster/shared/commandLine.js';
import { AMPLE_INCIDENTS, setPolicy } from '../tests/e2e/support/policy.js';
import { closeNamespaces, forgetObjects } from './chaos/namespaces.js';
import { commit, machine, versions } from './machine.js';
import { startFloor } from './peers/floor.js';
import { type Bench, bursts, oneAtATime } from './peers/measure.js';
import { type NaivePeer, setUpNaive } from './peers/naive.js';
import { type Options, readOptions } from './peers/options.js';
import { floor, FLOOR_PART, naive, pipeline } from './peers/peer.js';
import { profileDuring } from './peers/profile.js';
import { repetitions } from './peers/repetition.js';
import { printBursts, printProfile, printRepetitions, printSingles } from './peers/report.js';
import { Playground } from './playground.js';
import { Meter, quietest } from './scale/parts.js';
import { type PlayedModel, pointAt, startPlayedModel, withoutModel } from './scale/playedModel.js';

/** For how long the processor time of the stack without alerts is measured. */
const IDLE_SECONDS = 4;
const AT_ONCE = 'model 0 s';
const LEGEND = `Times are processor times of an alert: own of the peer's process, all of the whole stack; /s/core is how many alerts a
second keep one processor busy; others is how many processors other work on the machine used meanwhile.`;

async function main(options: Options): Promise<void> {
  console.log(`Machine: ${machine()}, commit ${commit()}\nSizes: ${JSON.stringify(options)}`);
  console.log(LEGEND);
  const model = await startPlayedModel();
  try {
    const { parts } = options;
    if (parts.includes('model')) await compareWithModel(model, options);
    withoutModel();
    const { stack } = await up();
    console.log(`Versions: ${await versions()}`);
    if (parts.includes('playbook')) await compareWithoutModel(stack, model, options);
    if (parts.includes('profile')) await recordProfile(stack, options);
  } finally {
    await model.close();
  }
}

/** The pipeline asks a model, too. */
async function compareWithModel(model: PlayedModel, options: Options): Promise<void> {
  pointAt(model);
  const { stack } = await up();
  const { burst, rounds, modelSeconds: seconds, modelAlerts, slowAlerts, warmUp } = options;
  await withNaive(stack, model, async (naivePeer) => {
    await measuring(stack, new Map(), async (bench) => {
      const [ours, theirs] = [pipeline(stack, AT_ONCE), naive(stack, AT_ONCE)];
      const peers = [ours, theirs];
      printSingles(AT_ONCE, await oneAtATime(bench, peers, { alerts: modelAlerts, warmUp }));
      printBursts(AT_ONCE, burst, await bursts(bench, peers, { burst, rounds }));
      const workflows = [
        { peer: ours, workflow: stack.workflowId },
        { peer: theirs, workflow: naivePeer.workflow },
      ];
      printRepetitions(options.sources, await repetitions(bench, workflows, { n8n: naivePeer.n8n, model }, options));
      model.delay(seconds * 1000);
      const slow = `model ${seconds} s`;
      const slowPeers = [pipeline(stack, slow), naive(stack, slow)];
      printSingles(slow, await oneAtATime(bench, slowPeers, { alerts: slowAlerts, warmUp: 0 }));
      printBursts(slow, burst, await bursts(bench, slowPeers, { burst, rounds: 1 }));
      model.delay(0);
    });
  });
}

/** The pipeline decides by the playbook. */
async function compareWithoutModel(stack: Stack, model: PlayedModel, options: Options): Promise<void> {
  const bare = await startFloor(stack);
  try {
    await withNaive(stack, model, () =>
      measuring(stack, new Map([[bare.pid, FLOOR_PART]]), async (bench) => {
        const title = 'the pipeline without a model';
        const peers = [pipeline(stack, 'playbook'), naive(stack, AT_ONCE), floor(bare)];
        printSingles(title, await oneAtATime(bench, peers, options));
        printBursts(title, options.burst, await bursts(bench, peers, options));
      }),
    );
  } finally {
    await bare.stop();
  }
}

async function recordProfile(stack: Stack, { alerts, warmUp }: Options): Promise<void> {
  await measuring(stack, new Map(), async (bench) => {
    const peers = [pipeline(stack, 'playbook')];
    await oneAtATime(bench, peers, { alerts: 0, warmUp });
    const pid = (await processes()).find(({ name }) => name === 'n8n')?.pid;
    if (pid === undefined) throw new Error('n8n does not run.');
    const profile = await profileDuring(pid, async () => {
      printSingles('while it is recorded', await oneAtATime(bench, peers, { alerts, warmUp: 0 }));
    });
    printProfile(profile, alerts);
    const file = statePath('peers.cpuprofile');
    await writePrivate(file, JSON.stringify(profile));
    console.log(`\nThe profile, for Chrome's DevTools: ${file}`);
  });
}

async function withNaive(stack: Stack, model: PlayedModel, run: (peer: NaivePeer) => Promise<void>): Promise<void> {
  const peer = await setUpNaive(stack, model);
  try {
    await run(peer);
  } finally {
    await peer.remove();
  }
}

/** @param others processes that the process manager does not run, with their parts */
async function measuring(
  stack: Stack,
  others: ReadonlyMap<number, string>,
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const cluster = connect();
  const opened: string[] = [];
  // Those of an earlier run would count towards the hour's bounds.
  await forgetObjects();
  await setPolicy(cluster, { incidents: AMPLE_INCIDENTS });
  const playground = await Playground.open(stack);
  try {
    const meter = await Meter.open(others);
    const idle = await quietest(meter, IDLE_SECONDS);
    await run({ stack, cluster, playground, meter, idle, opened });
  } finally {
    await playground.close();
    await Promise.allSettled([closeNamespaces(cluster, opened), forgetObjects()]);
  }
}

await main(readCommandLine(readOptions));
process.exit();
