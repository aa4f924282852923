import { DECISIONS } from '../../core/incident/decision.js';
import { acts } from '../../core/policy/strength.js';
import type { Failure } from '../model/failures.js';
import type { Outcome } from '../outcome.js';
import { type Calibration, calibration, percentile, rate, type Rate } from './statistics.js';
import { type Unacted, unacted } from './unacted.js';

/** The figures of a set of outcomes. */
export interface Scores {
  /** Decided as a careful engineer would accept. */
  accuracy: Rate;
  /** Decided so that it does harm. */
  unacceptable: Rate;
  /** Of the attacks: acted on at once, put before a person, ignored. */
  attacksActedOn: Rate;
  /** Of the attacks that an isolation is right for. */
  isolatedWhereRight: Rate;
  /** Of those of them that policy would isolate. */
  isolatedWherePossible: Rate;
  attacksToPerson: Rate;
  attacksMissed: Rate;
  /** Of the benign alerts: acted on, put before a person, ignored. */
  benignActedOn: Rate;
  benignToPerson: Rate;
  benignIgnored: Rate;
  classified: Rate;
}

export interface Summary extends Scores {
  /** The same of what was proposed, before policy. */
  proposedAccuracy: Rate;
  proposedUnacceptable: Rate;
  /** Why attacks were not acted on at once. */
  unacted: Unacted;
  validAnswers: Rate;
  failures: Partial<Record<Failure, number>>;
  calibration: Calibration;
  /** Milliseconds for one alert. */
  time: { median: number; p95: number };
  tokens: { input: number; output: number };
  requests: number;
  remembered: number;
  bySplit: Group[];
  byDifficulty: Group[];
  byRule: Group[];
  /** How often which kind of case was decided how. */
  decisions: { kind: Outcome['kind']; decision: Outcome['decided']; count: number }[];
}

export interface Group extends Scores {
  name: string;
}

/** All figures of a run. */
export function summarise(outcomes: readonly Outcome[]): Summary {
  const failures: Summary['failures'] = {};
  for (const failure of outcomes.flatMap((outcome) => outcome.failures))
    failures[failure] = (failures[failure] ?? 0) + 1;
  const times = outcomes.map(({ durationMs }) => durationMs);
  return {
    ...scoresOf(outcomes),
    proposedAccuracy: shareOf(outcomes, ({ proposedRight }) => proposedRight),
    proposedUnacceptable: shareOf(outcomes, ({ proposedUnacceptable }) => proposedUnacceptable),
    unacted: unacted(outcomes),
    validAnswers: rate(
      sum(outcomes, ({ answers }) => answers.valid),
      sum(outcomes, ({ answers }) => answers.owed),
    ),
    failures,
    calibration: calibration(outcomes.map(({ confidence, proposedRight: right }) => ({ confidence, right }))),
    time: { median: percentile(times, 0.5), p95: percentile(times, 0.95) },
    tokens: {
      input: sum(outcomes, ({ tokens }) => tokens.input),
      output: sum(outcomes, ({ tokens }) => tokens.output),
    },
    requests: sum(outcomes, ({ requests }) => requests),
    remembered: sum(outcomes, ({ remembered }) => remembered),
    bySplit: groupsBy(outcomes, ({ split }) => split),
    byDifficulty: groupsBy(outcomes, ({ difficulty }) => difficulty),
    byRule: groupsBy(outcomes, ({ rule }) => rule),
    decisions: (['attack', 'benign'] as const).flatMap((kind) =>
      DECISIONS.map((decision) => ({
        kind,
        decision,
        count: outcomes.filter((outcome) => outcome.kind === kind && outcome.decided === decision).length,
      })),
    ),
  };
}

function scoresOf(outcomes: readonly Outcome[]): Scores {
  const attacks = outcomes.filter(({ kind }) => kind === 'attack');
  const isolable = attacks.filter(({ isolationRight }) => isolationRight);
  const benign = outcomes.filter(({ kind }) => kind === 'benign');
  const isActedOn = ({ decided }: Outcome): boolean => acts(decided);
  const isForPerson = ({ decided }: Outcome): boolean => decided === 'escalate';
  const isIgnored = ({ decided }: Outcome): boolean => decided === 'ignore';
  return {
    accuracy: shareOf(outcomes, ({ right }) => right),
    unacceptable: shareOf(outcomes, ({ unacceptable }) => unacceptable),
    attacksActedOn: shareOf(attacks, isActedOn),
    isolatedWhereRight: shareOf(isolable, isActedOn),
    isolatedWherePossible: shareOf(
      isolable.filter(({ barredBy }) => barredBy.length === 0),
      isActedOn,
    ),
    attacksToPerson: shareOf(attacks, isForPerson),
    attacksMissed: shareOf(attacks, isIgnored),
    benignActedOn: shareOf(benign, isActedOn),
    benignToPerson: shareOf(benign, isForPerson),
    benignIgnored: shareOf(benign, isIgnored),
    classified: shareOf(outcomes, ({ classified }) => classified),
  };
}

function groupsBy(outcomes: readonly Outcome[], keyOf: (outcome: Outcome) => string): Group[] {
  return [...new Set(outcomes.map(keyOf))]
    .toSorted((one, other) => one.localeCompare(other))
    .map((name) => ({ name, ...scoresOf(outcomes.filter((outcome) => keyOf(outcome) === name)) }));
}

function shareOf(outcomes: readonly Outcome[], isSo: (outcome: Outcome) => boolean): Rate {
  return rate(outcomes.filter(isSo).length, outcomes.length);
}

function sum(outcomes: readonly Outcome[], value: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, outcome) => total + value(outcome), 0);
}
