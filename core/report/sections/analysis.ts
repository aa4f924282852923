import { definitions, element, type Html, joined, list } from '../html';
import type { Story } from '../story';
import { DECIDED_BY } from '../../incident/decisionInWords';

/** Role, Objective, Steps, Evidence, Summary, and who wrote them. */
export function analysisSection({ analysis, log }: Story): Html {
  const head = element('h2', 'Analysis (ROSES)');
  if (analysis === null)
    return joined([head, element('p', log === null ? 'Not in the cluster; Loki has it.' : 'No analysis is recorded.')]);
  const { role, objective, steps, evidence, summary, run } = analysis;
  const by = `${DECIDED_BY[run.by]}${run.model === null ? '' : `, ${run.model}`}${run.fallbackReason === null ? '' : `, because: ${run.fallbackReason}`}`;
  return joined([
    head,
    definitions([
      ['Summary', summary],
      ['Evidence', list('ul', evidence)],
      ...(steps === undefined ? [] : [['Steps', list('ol', steps)] as const]),
      ...(objective === undefined ? [] : [['Objective', objective] as const]),
      ...(role === undefined ? [] : [['Role', role] as const]),
      ['Written by', by],
    ]),
  ]);
}
