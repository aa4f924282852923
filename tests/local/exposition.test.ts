import { DECISION_METRIC, decisionsIn } from '../../cluster/local/exposition';
import { COUNTERS } from '../../core/telemetry/metrics';

describe('the decision counter in the Pushgateway', () => {
  it('is the one that the pipeline pushes', () => {
    expect(Object.keys(COUNTERS)).toContain(DECISION_METRIC);
  });

  it('is summed over instances, by decision', () => {
    const text = [
      `# TYPE ${DECISION_METRIC} counter`,
      `${DECISION_METRIC}{decision="ignore",instance="a",job="incident-pipeline"} 2`,
      `${DECISION_METRIC}{decision="ignore",instance="b",job="incident-pipeline"} 3`,
      `${DECISION_METRIC}{instance="a",job="incident-pipeline",decision="escalate"} 1e+01`,
      `${DECISION_METRIC}_created{decision="ignore"} 1.7e+09`,
      'go_goroutines 12',
    ].join('\n');
    expect(decisionsIn(text)).toEqual(
      new Map([
        ['ignore', 5],
        ['escalate', 10],
      ]),
    );
  });
});
