import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { basicAuthProperties } from './basicAuth';
import { helpLink } from './helpLink';

/** A Pushgateway. Pushgateway Metrics tests it and detects if the server is a Prometheus. */
export class PushgatewayApi implements ICredentialType {
  name = 'pushgatewayApi';
  displayName = 'Pushgateway API';
  icon = {
    light: 'file:../nodes/PushgatewayMetrics/pushgatewayMetrics.svg',
    dark: 'file:../nodes/PushgatewayMetrics/pushgatewayMetrics.dark.svg',
  } as const;
  properties: INodeProperties[] = [
    helpLink('pushgateway-api'),
    { displayName: 'URL', name: 'url', type: 'string', default: 'http://pushgateway.monitoring:9091', required: true },
    ...basicAuthProperties,
  ];
}
