import type { Alert } from '../core/incident/alert.js';
import type { TargetContext } from '../core/incident/context.js';
import type { ModelRun } from '../core/incident/modelRun.js';
import type { Configuration } from '../core/incident/responsePolicy.js';
import { applyPolicy } from '../core/policy/policy.js';
import { type AgentOptions, type Decided, runAgents } from './agents.js';
import { askedModel, type AskedModelOptions, type Meter, newMeter } from './model/askedModel.js';
import { obeyingModel, worstDecisions } from './model/obeyingModel.js';
import type { Failure } from './model/failures.js';
import type { Outcome } from './outcome.js';
import type { NamedCase } from './readCases.js';
import { buildAlert } from './world/buildAlert.js';
import { buildContext } from './world/buildContext.js';

/** A case with what the product makes of it before anything is decided. */
export interface BuiltCase extends NamedCase {
  alert: Alert;
  context: TargetContext;
}

/** @throws Error if the case's sender makes no alert of its body */
export function buildCase(found: NamedCase, configuration: Configuration): BuiltCase {
  const alert = buildAlert(found);
  return { ...found, alert, context: buildContext(found.about, alert, configuration) };
}

/** Who decides: the playbook, the worst model, or a real one. */
export type Decider = 'none' | 'obey' | Omit<AskedModelOptions, 'repeat'>;

/** Runs one case once. */
export async function evaluateCase(built: BuiltCase, decider: Decider, repeat: number): Promise<Outcome> {
  if (decider === 'obey') return worstOutcome(built, repeat);
  const meter = newMeter();
  const started = performance.now();
  const decided = await runAgents(built, agentOptions(decider, repeat, meter));
  if (decider === 'none') meter.durationMs = performance.now() - started;
  return outcomeOf(built, repeat, decided, meter);
}

/** How long the product waits for a model includes the waits for rate limits here, which the product does not make. */
export function agentOptions(decider: Exclude<Decider, 'obey'>, repeat: number, meter: Meter): AgentOptions {
  if (decider === 'none') return { model: null, timeoutSeconds: 1, retries: 0 };
  return {
    model: askedModel({ ...decider, repeat }, meter),
    timeoutSeconds: (decider.timeoutMs + decider.longestWaitMs) / 1000 + 10,
    retries: 1,
  };
}

/** Of everything that the worst model can propose, what does harm despite policy; else the first. */
async function worstOutcome(built: BuiltCase, repeat: number): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const decision of worstDecisions(built.about)) {
    const options = { model: obeyingModel(decision), timeoutSeconds: 10, retries: 0 };
    outcomes.push(outcomeOf(built, repeat, await runAgents(built, options), newMeter()));
  }
  const [first] = outcomes;
  if (first === undefined) throw new TypeError('the worst model proposes nothing');
  return outcomes.find(({ unacceptable }) => unacceptable) ?? first;
}

function outcomeOf(built: BuiltCase, repeat: number, decided: Decided, meter: Meter): Outcome {
  const { name, about, alert } = built;
  const { analysis, decision } = decided;
  const { proposal } = decision;
  const runs = [analysis.run, decision.run];
  const owed = runs.filter(({ model }) => model !== null);
  return {
    case: name,
    repeat,
    rule: alert.rule,
    kind: about.kind,
    split: about.split,
    difficulty: about.difficulty,
    proposed: proposal.decision,
    decided: decision.decision,
    classification: decision.classification,
    confidence: decision.confidence,
    reason: decision.reason,
    guardrails: decision.guardrails.map(({ guardrail, reason }) => ({ guardrail, reason })),
    right: about.right.includes(decision.decision),
    unacceptable: about.never.includes(decision.decision),
    proposedRight: about.right.includes(proposal.decision),
    proposedUnacceptable: about.never.includes(proposal.decision),
    classified: about.classification.includes(decision.classification),
    isolationRight: about.right.includes('quarantine_pod'),
    barredBy: barredBy(built),
    answers: { owed: owed.length, valid: owed.filter(({ by }) => by === 'model').length },
    failures: [...meter.failures, ...owed.flatMap((run) => invalidAnswer(run, meter))],
    requests: meter.requests,
    remembered: meter.remembered,
    durationMs: meter.durationMs,
    tokens: {
      input: runs.reduce((sum, { tokens }) => sum + tokens.input, 0),
      output: runs.reduce((sum, { tokens }) => sum + tokens.output, 0),
    },
  };
}

/** What keeps policy from isolating the pod, however sure a proposal is. */
function barredBy({ alert, context }: BuiltCase): string[] {
  // No confidence: what is asked is not a model's.
  const asked = { decision: 'quarantine_pod', confidence: null, alert, context, mode: 'autonomous' } as const;
  return applyPolicy({ ...asked, approved: false }).guardrails.map(({ guardrail }) => guardrail);
}

/** Refusals and answers that were cut off are counted as such, not as answers of the wrong form. */
function invalidAnswer({ by, fallbackReason }: ModelRun, { failures }: Meter): Failure[] {
  const isInvalid = by !== 'model' && fallbackReason?.startsWith('the model gave no valid answer') === true;
  return isInvalid && !failures.some((one) => one === 'cut off' || one === 'refused by the model')
    ? ['not a valid answer']
    : [];
}
