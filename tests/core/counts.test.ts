import { readBacklog } from '../../core/telemetry/backlog';
import {
  countedAt,
  countsOf,
  countsOfEnded,
  countsOfFailure,
  gaugesOfBacklog,
  gaugesOfReading,
} from '../../core/telemetry/counts';
import { endedPass } from '../../core/telemetry/ended';
import { exposition } from '../../core/telemetry/exposition';
import { failurePass } from '../../core/telemetry/failure';
import { measure, type Measures } from '../../core/telemetry/measure';
import { merged, type Sample, seriesOf, type SeriesValue } from '../../core/telemetry/samples';
import { alertOf } from '../support/alerts';

const measures: Measures = {
  ...measure({ alert: alertOf() }),
  decision: 'delete_pod',
  classification: 'true_positive',
  acknowledgeSeconds: 0.2,
  respondSeconds: 0.4,
};

/** What a store comes to that got these changes. */
const held = (...changes: Sample[][]): SeriesValue[] => merged(changes.flat());
const lines = (...changes: Sample[][]): string[] => exposition(held(...changes)).split('\n');
const shown = (...changes: Sample[][]): string[] => lines(...changes).filter((line) => !line.startsWith('#'));

describe('the exposition of counts', () => {
  test('has every known series from the beginning, and no response time before there is one', () => {
    const nothing = exposition([]);
    expect(nothing).toContain('incident_pipeline_decision_total{decision="ignore"} 0\n');
    expect(nothing).toContain('incident_pipeline_action_total{action="quarantine_pod",outcome="failed"} 0\n');
    expect(nothing).toContain('incident_pipeline_respond_seconds_bucket{le="+Inf"} 0\n');
    expect(nothing).not.toMatch(/mtt[ar]_seconds/);
    expect(nothing.endsWith('\n')).toBe(true);
    const names = nothing.split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(new Set(names).size).toBe(names.length);
  });

  test('adds an incident to its series, and its durations to the buckets from theirs on', () => {
    expect(shown(countsOf(measures), countsOf({ ...measures, decision: 'ignore', respondSeconds: 7 }))).toEqual(
      expect.arrayContaining([
        'incident_pipeline_events_total 2',
        'incident_pipeline_decision_total{decision="delete_pod"} 1',
        'incident_pipeline_decision_total{decision="ignore"} 1',
        'incident_pipeline_incident_total{classification="true_positive"} 2',
        'incident_pipeline_mttr_seconds 7',
        'incident_pipeline_respond_seconds_bucket{le="0.25"} 0',
        'incident_pipeline_respond_seconds_bucket{le="0.5"} 1',
        'incident_pipeline_respond_seconds_bucket{le="5"} 1',
        'incident_pipeline_respond_seconds_bucket{le="10"} 2',
        'incident_pipeline_respond_seconds_bucket{le="+Inf"} 2',
        'incident_pipeline_respond_seconds_sum 7.4',
        'incident_pipeline_respond_seconds_count 2',
      ]),
    );
  });

  test('has one histogram for each value of a label, and a bucket for what is longer than all', () => {
    const long = { ...measures, containSeconds: { first: 0.05, decided: 100_000 } };
    expect(shown(countsOf(long)).filter((line) => line.includes('contain_seconds'))).toEqual(
      expect.arrayContaining([
        'incident_pipeline_contain_seconds_bucket{phase="first",le="0.05"} 1',
        'incident_pipeline_contain_seconds_bucket{phase="decided",le="86400"} 0',
        'incident_pipeline_contain_seconds_bucket{phase="decided",le="+Inf"} 1',
        'incident_pipeline_contain_seconds_sum{phase="decided"} 100000',
        'incident_pipeline_contain_seconds_count{phase="decided"} 1',
      ]),
    );
  });

  test('escapes what a label may hold, and leaves out series of other versions', () => {
    const text = exposition([
      { series: seriesOf('incident_pipeline_guardrail_total', { guardrail: 'a"b\\c\nd' }), value: 1 },
      { series: seriesOf('incident_pipeline_of_a_later_version', {}), value: 1 },
    ]);
    expect(text).toContain('incident_pipeline_guardrail_total{guardrail="a\\"b\\\\c\\nd"} 1\n');
    expect(text).not.toContain('later_version');
  });

  test('shows when something was counted last', () => {
    expect(shown(countedAt(new Date(1_795_083_330_123)))).toContain(
      'incident_pipeline_last_count_timestamp_seconds 1795083330.123',
    );
  });
});

describe('merging changes', () => {
  const sample = (series: string, operation: Sample['operation'], value: number) => ({ series, operation, value });
  test('adds what is added, keeps the last of what is set, and orders the series', () => {
    expect(
      merged([sample('b', 'add', 2), sample('a', 'set', 4), sample('b', 'add', 3), sample('a', 'set', 1)]),
    ).toEqual([sample('a', 'set', 1), sample('b', 'add', 5)]);
  });
});

describe('what is counted', () => {
  test('of incidents that ended are their repeats, and what each came to', () => {
    const ended = countsOfEnded([
      { incident: 'a', events: 7, repeats: 6 },
      { incident: 'b', events: 5000, repeats: 0 },
    ]);
    expect(shown(countsOf({ ...measures, endedEvents: 3 }), ended)).toEqual(
      expect.arrayContaining([
        'incident_pipeline_events_total 7',
        'incident_pipeline_repeats_total 6',
        'incident_pipeline_incident_events_bucket{le="10"} 2',
        'incident_pipeline_incident_events_sum 5010',
      ]),
    );
  });

  test("of a person's decision on several pods is the decision once, and each of its actions", () => {
    const approval = { state: 'Approved', classification: 'true_positive' };
    const actions = [{ action: 'quarantine_pod', outcome: 'done' }];
    const passes = [1, 2, 3].map((part) => countsOf({ ...measures, approval, isFurtherPod: part > 1, actions }));
    expect(shown(...passes)).toEqual(
      expect.arrayContaining([
        'incident_pipeline_approval_total{state="Approved"} 1',
        'incident_pipeline_action_total{action="quarantine_pod",outcome="done"} 3',
        'incident_pipeline_events_total 0',
      ]),
    );
  });

  test('of a self-test is its own series, once, and no other', () => {
    const everything: Measures = {
      ...measures,
      synthetic: true,
      actions: [{ action: 'delete_pod', outcome: 'done' }],
      guardrails: ['budget'],
      containSeconds: { first: 0.1, decided: 0.4 },
      clockSkews: 1,
      stages: { decision: 0.1 },
      tokens: { input: 10, output: 3 },
      modelFallbacks: 1,
    };
    const approved = { ...everything, approval: { state: 'Approved', classification: 'true_positive' } };
    const before = shown();
    expect(shown(countsOf(everything), countsOf(approved)).filter((line) => !before.includes(line))).toEqual([
      'incident_pipeline_synthetic_total{decision="delete_pod"} 1',
    ]);
  });

  test('of an alert that Reconcile found names why it was lost', () => {
    const late = shown(countsOf({ ...measures, late: 'missed' }), countsOf(measures));
    expect(late).toContain('incident_pipeline_late_total{why="missed"} 1');
    expect(late).toContain('incident_pipeline_late_total{why="unfinished"} 0');
  });

  test('of a backlog are what waits and since when, and 0 when nothing waits', () => {
    const at = '2026-11-27T10:00:00.000Z';
    const since = '2026-11-27T09:50:00.000Z';
    const backlog = readBacklog({ backlog: { unfinished: 3, since, approvals: 2, approvalsSince: since, at } });
    if (backlog === null) throw new Error('it is a backlog');
    const seconds = Date.parse(at) / 1000;
    expect(shown(gaugesOfBacklog(backlog))).toEqual(
      expect.arrayContaining([
        'incident_pipeline_unfinished_passes 3',
        `incident_pipeline_unfinished_since_timestamp_seconds ${seconds - 600}`,
        'incident_pipeline_waiting_approvals 2',
        `incident_pipeline_waiting_approvals_since_timestamp_seconds ${seconds - 600}`,
        `incident_pipeline_reconcile_timestamp_seconds ${seconds}`,
      ]),
    );
    const none = { unfinished: 0, since: null, approvals: 0, approvalsSince: null, at };
    expect(shown(gaugesOfBacklog(none))).toEqual(
      expect.arrayContaining([
        'incident_pipeline_unfinished_since_timestamp_seconds 0',
        'incident_pipeline_waiting_approvals_since_timestamp_seconds 0',
      ]),
    );
    for (const other of [{}, { backlog: {} }, { backlog: { ...none, unfinished: -1 } }, { error: 'no' }])
      expect(readBacklog(other)).toBeNull();
  });

  test("of how far Falco's output is read are seconds", () => {
    expect(shown(gaugesOfReading('1764238600123456789'))).toContain(
      'incident_pipeline_falco_output_read_timestamp_seconds 1764238600.123',
    );
  });

  test('of a failed execution is the failure, once for each execution that has an id', () => {
    expect(shown(countsOfFailure())).toContain('incident_pipeline_failure_total 1');
    const failure = { incidentId: null, executionId: '7', node: null, message: '' };
    expect(failurePass(failure)).toBe('failure 7');
    expect(failurePass({ ...failure, executionId: null })).toBeNull();
  });

  test('of ended incidents has a pass for each execution, and for each list within it', () => {
    const incident = { incident: 'a', events: 7, repeats: 6 };
    const passes = [
      endedPass([incident], '1'),
      endedPass([incident], '2'),
      endedPass([{ ...incident, incident: 'b' }], '1'),
      endedPass([], '1'),
    ];
    expect(new Set(passes).size).toBe(4);
    expect(endedPass([{ ...incident }], '1')).toBe(passes[0]);
    expect(Math.max(...passes.map((pass) => pass.length))).toBeLessThan(100);
  });
});
