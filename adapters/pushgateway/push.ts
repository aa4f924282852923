import { AggregatorRegistry } from 'prom-client';

import { PipelineError } from '../../core/errors';
import { JOB } from '../../core/names';
import type { EndedIncident } from '../../core/telemetry/ended';
import type { Measures } from '../../core/telemetry/measure';
import { type HttpService, send } from '../http/send';
import { explainPushgateway } from './explain';
import { groupPath } from './groupPath';
import { IncidentMetrics } from './incidentMetrics';
import { type PushedMetric, readPushedState } from './pushedState';

export interface PushgatewayAccess {
  url: string;
  username: string;
  password: string;
}

/** Incidents remembered so that a retried execution does not count twice. */
const REMEMBERED = 10_000;

/**
 * One Pushgateway group, pushed whole each time: Pushgateway adds nothing up, so the counters live here and go on from
 * what the group held when this process first pushed. Pushes follow one another, so that no older state overtakes a newer.
 */
class Group {
  private readonly metrics = new IncidentMetrics();
  private readonly counted = new Set<string>();
  private resumed: PushedMetric[] | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly instance: string) {}

  countIncident(incidentId: string, measures: Measures): void {
    if (this.counted.has(incidentId)) return;
    this.counted.add(incidentId);
    if (this.counted.size > REMEMBERED) this.counted.delete(this.counted.values().next().value ?? incidentId);
    this.metrics.count(measures);
  }

  countFailure(): void {
    this.metrics.countFailure();
  }

  countEnded(incidents: readonly EndedIncident[]): void {
    this.metrics.countEnded(incidents);
  }

  push(access: PushgatewayAccess): Promise<void> {
    const service: HttpService = {
      name: 'Pushgateway',
      example: 'http://pushgateway.monitoring:9091',
      explain: explainPushgateway(groupPath(this.instance)),
      ...access,
    };
    const next = this.last.then(() => this.pushNow(service));
    // The next push waits for this one to end, however it ends; its caller hears of its own failure only.
    this.last = next.catch(() => undefined);
    return next;
  }

  private async pushNow(service: HttpService): Promise<void> {
    this.resumed ??= await this.readBack(service);
    const own = await this.metrics.registry.getMetricsAsJSON();
    const whole = AggregatorRegistry.aggregate([own, this.resumed]);
    await send(service, {
      method: 'PUT',
      path: groupPath(this.instance),
      headers: { 'content-type': 'text/plain; version=0.0.4' },
      body: await whole.metrics(),
    });
  }

  private async readBack(service: HttpService): Promise<PushedMetric[]> {
    const answer = await send(service, { method: 'GET', path: '/api/v1/metrics' });
    try {
      return readPushedState(answer, JOB, this.instance);
    } catch (error) {
      throw new PipelineError('rejected', `Pushgateway at ${service.url} did not say what it holds`, {
        nextStep: 'Check that the URL in the Pushgateway credential is that of a Pushgateway 1.x, not of a Prometheus.',
        cause: error,
      });
    }
  }
}

const groups = new Map<string, Group>();

/** The group of one instance at one Pushgateway; there is one per process, since it holds what was counted. */
export function metricsGroup(url: string, instance: string): Group {
  const key = JSON.stringify([url.replace(/\/+$/, ''), instance]);
  const group = groups.get(key) ?? new Group(instance);
  groups.set(key, group);
  return group;
}
