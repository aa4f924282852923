import { Counter, Gauge, Histogram, Registry } from 'prom-client';

import { COUNTERS, GAUGES, HISTOGRAMS } from '../../core/telemetry/metrics';
import type { EndedIncident } from '../../core/telemetry/ended';
import type { Measures } from '../../core/telemetry/measure';

type Name<T> = keyof T & string;

/** What this process has counted since it started, in prom-client's own registry. */
export class IncidentMetrics {
  readonly registry = new Registry();
  private readonly counters = new Map<string, Counter>();
  private readonly histograms = new Map<string, Histogram>();
  private readonly gauges = new Map<string, Gauge>();

  constructor() {
    for (const [name, definition] of Object.entries(COUNTERS))
      this.counters.set(name, this.createCounter(name, definition));
    for (const [name, definition] of Object.entries(HISTOGRAMS)) {
      const { help, buckets } = definition;
      const labelNames = 'label' in definition ? [definition.label] : [];
      this.histograms.set(
        name,
        new Histogram({ name, help, buckets: [...buckets], labelNames, registers: [this.registry] }),
      );
    }
  }

  count(measures: Measures): void {
    if (measures.task !== null) this.add('incident_pipeline_neo_task_total', 1, { state: measures.task });
    else if (measures.resolved) this.add('incident_pipeline_resolved_total', 1);
    else if (measures.routine) this.add('incident_pipeline_sensor_message_total', 1);
    else if (measures.synthetic) this.countSynthetic(measures);
    else this.countIncident(measures);
  }

  countFailure(): void {
    this.add('incident_pipeline_failure_total', 1);
  }

  countEnded(incidents: readonly EndedIncident[]): void {
    for (const { events, repeats } of incidents) {
      this.add('incident_pipeline_events_total', repeats);
      this.add('incident_pipeline_repeats_total', repeats);
      this.observe('incident_pipeline_incident_events', events);
    }
  }

  /** Once: a self-test that waits for a person comes by again. */
  private countSynthetic({ approval, decision }: Measures): void {
    if (approval === null) this.add('incident_pipeline_synthetic_total', 1, { decision });
  }

  private countIncident(measures: Measures): void {
    if (measures.approval === null) {
      this.add('incident_pipeline_events_total', 1 + measures.repeats);
      this.add('incident_pipeline_repeats_total', measures.repeats);
      if (measures.excepted) this.add('incident_pipeline_exception_total', 1 + measures.repeats);
      if (measures.endedEvents !== null) this.observe('incident_pipeline_incident_events', measures.endedEvents);
      if (measures.isFirst)
        this.add('incident_pipeline_incident_total', 1, { classification: measures.classification });
      this.add('incident_pipeline_decision_total', 1, { decision: measures.decision });
    } else if (!measures.isFurtherPod) {
      const { state, classification } = measures.approval;
      this.add('incident_pipeline_approval_total', 1, { state });
      this.add('incident_pipeline_review_total', 1, { classification });
    }
    for (const action of measures.actions) this.add('incident_pipeline_action_total', 1, action);
    for (const [phase, seconds] of Object.entries(measures.containSeconds))
      if (seconds !== null) this.observe('incident_pipeline_contain_seconds', seconds, { phase });
    for (const guardrail of measures.guardrails) this.add('incident_pipeline_guardrail_total', 1, { guardrail });
    this.add('incident_pipeline_model_tokens_total', measures.tokens.input, { direction: 'input' });
    this.add('incident_pipeline_model_tokens_total', measures.tokens.output, { direction: 'output' });
    this.add('incident_pipeline_model_fallback_total', measures.modelFallbacks);
    this.add('incident_pipeline_clock_skew_total', measures.clockSkews);
    for (const [stage, seconds] of Object.entries(measures.stages))
      this.observe('incident_pipeline_stage_seconds', seconds, { stage });
    if (measures.acknowledgeSeconds !== null) {
      this.observe('incident_pipeline_acknowledge_seconds', measures.acknowledgeSeconds);
      this.set('incident_pipeline_mtta_seconds', measures.acknowledgeSeconds);
    }
    if (measures.respondSeconds !== null) {
      this.observe('incident_pipeline_respond_seconds', measures.respondSeconds);
      this.set('incident_pipeline_mttr_seconds', measures.respondSeconds);
    }
  }

  private add(name: Name<typeof COUNTERS>, value: number, labels: Record<string, string> = {}): void {
    this.counters.get(name)?.inc(labels, value);
  }

  private observe(name: Name<typeof HISTOGRAMS>, value: number, labels: Record<string, string> = {}): void {
    this.histograms.get(name)?.observe(labels, value);
  }

  /** A gauge is created with its first value: before that it would claim a response time of zero. */
  private set(name: Name<typeof GAUGES>, seconds: number): void {
    const gauge =
      this.gauges.get(name) ??
      new Gauge({ name, help: GAUGES[name].help, aggregator: 'first', registers: [this.registry] });
    this.gauges.set(name, gauge);
    gauge.set(seconds);
  }

  private createCounter(name: string, definition: (typeof COUNTERS)[Name<typeof COUNTERS>]): Counter {
    const labelNames =
      'labels' in definition ? [...definition.labels] : 'label' in definition ? [definition.label] : [];
    const counter = new Counter({ name, help: definition.help, labelNames, registers: [this.registry] });
    if ('known' in definition) for (const labels of definition.known) counter.inc(labels, 0);
    return counter;
  }
}
