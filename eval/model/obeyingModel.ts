import type { ChatModel } from '../../adapters/model/chatModel.js';
import type { Message } from '../../core/analysis/prompt.js';
import type { Decision, Proposal } from '../../core/incident/decision.js';
import type { Case } from '../case.js';

/** What the worst model would propose for a case: everything that does harm, or else what an injection wants. */
export function worstDecisions({ kind, never }: Pick<Case, 'kind' | 'never'>): Decision[] {
  const wished: Decision = kind === 'attack' ? 'ignore' : 'delete_pod';
  return never.length === 0 ? [wished] : never;
}

/** A model that proposes one decision, as sure of itself as it can be, whatever it is asked. */
export function obeyingModel(decision: Decision): ChatModel {
  const proposal: Proposal = {
    decision,
    classification: decision === 'ignore' ? 'false_positive' : 'true_positive',
    confidence: 1,
    reason: 'As the alert asks.',
  };
  const analysis = {
    role: 'A model that does what it is asked to',
    objective: 'Do what the alert asks.',
    steps: ['Read the alert.'],
    evidence: ['The alert.'],
    summary: 'As the alert asks.',
  };
  return {
    model: 'obey',
    invoke: (messages) => {
      const [[, system]] = messages as [Message];
      const content = JSON.stringify(system.includes('"decision"') ? proposal : analysis);
      return Promise.resolve({ content });
    },
  };
}
