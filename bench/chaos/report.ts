import type { Act } from './acts.js';
import { repeatedActs } from './acts.js';
import type { Fault } from './faults.js';
import type { ProfileName } from './options.js';
import { countedAnswers } from './sender.js';
import { aroundFaults, type Outcome, type Tally, tallyOf } from './tally.js';

/** Everything that a run found. */
export interface Findings {
  profile: ProfileName;
  outcomes: readonly Outcome[];
  faults: readonly Fault[];
  acts: readonly Act[];
  /** Incidents that Pushgateway counted more than before the run. */
  counted: number;
  /** Incidents that have a decision in Loki: more than alerts, if one was decided again under another id. */
  incidents: number;
  /** Log lines that still wait for Loki in n8n's processes. */
  waiting: number;
  /** Executions of which *Pipeline Failure* logged that they failed. */
  failures: number;
}

/** What speaks against the pipeline: each finding a line. Empty if nothing was lost, done twice or counted wrongly. */
export function verdict({ outcomes, acts, counted, incidents, waiting }: Findings): string[] {
  const { lost } = tallyOf(outcomes);
  const repeated = repeatedActs(acts);
  return [
    ...(lost === 0 ? [] : [`${lost} alerts were lost`]),
    ...(repeated.length === 0 ? [] : [`${repeated.length} pods were acted on twice`]),
    ...(counted === incidents ? [] : [`${counted} incidents were counted, ${incidents} decided`]),
    ...(waiting === 0 ? [] : [`${waiting} log lines still wait for Loki`]),
  ];
}

export function print(findings: Findings): void {
  const { profile, outcomes, faults, acts, counted, incidents, waiting, failures } = findings;
  console.log(`\n${profile}: alerts around each fault, from two seconds before it until the next one`);
  console.log(row(['at', 'failed', 'down', ...HEAD]));
  for (const { fault, outcomes: around } of aroundFaults(outcomes, faults))
    console.log(row([...aboutFault(fault), ...cells(tallyOf(around))]));

  console.log(
    `\n${profile}: by part. An alert that waited in a queue may be lost to a later fault than the one around it`,
  );
  console.log(row(['', 'failed', 'times', ...HEAD]));
  const groups = aroundFaults(outcomes, faults);
  for (const part of [null, ...new Set(faults.map((fault) => fault.part))]) {
    const of = groups.filter(({ fault }) => (fault?.part ?? null) === part);
    console.log(
      row(['', part ?? 'nothing yet', String(of.length), ...cells(tallyOf(of.flatMap((each) => each.outcomes)))]),
    );
  }
  console.log(row(['', 'in total', String(faults.length), ...cells(tallyOf(outcomes))]));

  console.log(`\n${profile}: answers to the sender: ${answers(outcomes)}`);
  console.log(
    `  lost by answer                 ${answers(outcomes.filter(({ decisions }) => decisions === 0)) || 'none'}`,
  );
  for (const { pod, what, times } of repeatedActs(acts))
    console.log(`  acted twice                    ${pod} ${what} ${times} times`);
  console.log(`  failed executions reported     ${failures}`);
  console.log(`  counted / decided              ${counted} / ${incidents}`);
  console.log(`  log lines that still wait      ${waiting}`);
}

const HEAD = ['sent', 'accepted', 'decided', 'twice', 'late', 'lost', 'of accepted', 'not acted on'];

const cells = ({ sent, accepted, decided, twice, late, lost, lostAccepted, notActedOn }: Tally): string[] =>
  [sent, accepted, decided, twice, late, lost, lostAccepted, notActedOn].map(String);

function aboutFault(fault: Fault | null): [string, string, string] {
  if (fault === null) return ['', 'nothing yet', ''];
  const down = fault.problem ?? (fault.downMs === null ? 'not back' : `${(fault.downMs / 1000).toFixed(1)} s`);
  return [`${(fault.atMs / 1000).toFixed(1)} s`, fault.part, down];
}

const row = ([at = '', part = '', down = '', ...numbers]: readonly string[]): string =>
  `  ${at.padStart(8)}  ${part.padEnd(22)} ${down.padStart(9)}${numbers.map((cell, index) => cell.padStart(Math.max(HEAD[index]?.length ?? 0, 5) + 2)).join('')}`;

const answers = (outcomes: readonly Outcome[]): string => countedAnswers(outcomes.map(({ alert }) => alert));
