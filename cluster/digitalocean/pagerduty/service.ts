import type { Output, Resource } from '@pulumi/pulumi';
import { AlertGroupingSetting, EscalationPolicy, Service, ServiceIntegration } from './package';

/**
 * The field by which PagerDuty recognizes two alerts about the same problem. manifests/falco/pagerduty.yaml and
 * manifests/monitoring/alertmanager.yaml send it: rule or alert, and its object. Summaries do not work: Falco's text
 * begins with the time.
 */
export const GROUPING_FIELDS = ['custom_details.subject'];

/** Of an hour's window each new alert begins a new hour; PagerDuty allows 300 to 3600 seconds. */
export const GROUPING_WINDOW_SECONDS = 3600;

export interface PagerDutyService {
  id: Output<string>;
  url: Output<string>;
  /** How alerts are grouped, if they are. */
  grouping: Resource[];
  /** Routing keys of the Events API, one a sender, so that each can be replaced alone. */
  routingKeys: { falco: Output<string>; prometheus: Output<string> };
}

interface Arguments {
  name: string;
  userId: string;
  hasAlertGrouping: boolean;
}

/** Who is paged, for which alerts, and who may raise them. */
export function pagerDutyService({ name: serviceName, userId, hasAlertGrouping }: Arguments): PagerDutyService {
  const policy = new EscalationPolicy('security-incidents', {
    name: serviceName,
    description: 'Calls the person who holds the workshop.',
    numLoops: 0,
    rules: [{ escalationDelayInMinutes: 30, targets: [{ type: 'user_reference', id: userId }] }],
  });
  const service = new Service('security-incidents', {
    name: serviceName,
    description: "What Falco, Trivy, Kyverno and Prometheus find in the workshop's cluster.",
    escalationPolicy: policy.id,
    alertCreation: 'create_alerts_and_incidents',
    autoResolveTimeout: '14400',
    acknowledgementTimeout: '1800',
  });
  const integration = (name: string): ServiceIntegration =>
    new ServiceIntegration(name.toLowerCase(), {
      name,
      service: service.id,
      type: 'events_api_v2_inbound_integration',
    });
  const grouping = (): Resource =>
    new AlertGroupingSetting('by-subject', {
      name: serviceName,
      description: 'Alerts of an hour about the same matter are one incident.',
      type: 'content_based',
      services: [service.id],
      config: { aggregate: 'all', fields: GROUPING_FIELDS, timeWindow: GROUPING_WINDOW_SECONDS },
    });
  return {
    id: service.id,
    url: service.htmlUrl,
    grouping: hasAlertGrouping ? [grouping()] : [],
    routingKeys: { falco: integration('Falco').integrationKey, prometheus: integration('Prometheus').integrationKey },
  };
}
