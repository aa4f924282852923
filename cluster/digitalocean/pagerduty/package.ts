/**
 * PagerDuty's provider, as far as this program uses it. Its package for Node is not needed for six types, and older
 * releases of it, which some registries still give, do not know alert grouping settings. Names and fields are those of
 * the provider's schema; Pulumi installs the plugin of this version by itself.
 */
import * as pulumi from '@pulumi/pulumi';

const VERSION = '4.34.0';

type Inputs<T> = { [Key in keyof T]: pulumi.Input<T[Key]> };

const token = (type: string): string => `pagerduty:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;

abstract class PagerDutyResource extends pulumi.CustomResource {
  protected constructor(type: string, name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions = {}) {
    super(token(type), name, inputs, { ...options, version: VERSION });
  }
}

export interface EscalationPolicyArguments {
  name: string;
  description: string;
  numLoops: number;
  rules: { escalationDelayInMinutes: number; targets: { type: 'user_reference'; id: string }[] }[];
}

export class EscalationPolicy extends PagerDutyResource {
  constructor(name: string, inputs: Inputs<EscalationPolicyArguments>, options?: pulumi.CustomResourceOptions) {
    super('EscalationPolicy', name, inputs, options);
  }
}

export interface ServiceArguments {
  name: string;
  description: string;
  escalationPolicy: string;
  alertCreation: 'create_alerts_and_incidents';
  /** In seconds; the text `null` turns it off. */
  autoResolveTimeout: string;
  acknowledgementTimeout: string;
}

export class Service extends PagerDutyResource {
  /** Where a person sees it. */
  declare readonly htmlUrl: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs<ServiceArguments>, options?: pulumi.CustomResourceOptions) {
    super('Service', name, { ...inputs, htmlUrl: undefined }, options);
  }
}

export interface ServiceIntegrationArguments {
  name: string;
  service: string;
  type: 'events_api_v2_inbound_integration';
}

export class ServiceIntegration extends PagerDutyResource {
  /** The routing key: its holder can raise incidents. */
  declare readonly integrationKey: pulumi.Output<string>;

  constructor(name: string, inputs: Inputs<ServiceIntegrationArguments>, options?: pulumi.CustomResourceOptions) {
    super(
      'ServiceIntegration',
      name,
      { ...inputs, integrationKey: undefined },
      {
        ...options,
        additionalSecretOutputs: ['integrationKey'],
      },
    );
  }
}

export interface AlertGroupingSettingArguments {
  name: string;
  description: string;
  type: 'content_based';
  services: pulumi.Input<string>[];
  config: { aggregate: 'all' | 'any'; fields: string[]; timeWindow: number };
}

export class AlertGroupingSetting extends PagerDutyResource {
  constructor(name: string, inputs: Inputs<AlertGroupingSettingArguments>, options?: pulumi.CustomResourceOptions) {
    super('AlertGroupingSetting', name, inputs, options);
  }
}

/** The id of the user with this e-mail address; rejects when there is none. */
export async function userId(email: string): Promise<string> {
  const found: unknown = await pulumi.runtime.invoke(
    'pagerduty:index/getUser:getUser',
    { email },
    { version: VERSION },
  );
  if (typeof found === 'object' && found !== null && 'id' in found && typeof found.id === 'string') return found.id;
  throw new Error(`PagerDuty's response about ${email} has no id.`);
}
