import type { INodeProperties } from 'n8n-workflow';

import { PRIORITIES } from '../../core/incident/priority';

/** Shown for Read Incident only. */
const FOR_INCIDENT = { show: { operation: ['readIncident'] } };

/** Shown for Read Falco's Output only. */
const FOR_READING = { show: { operation: ['readFalco'] } };

export const properties: INodeProperties[] = [
  {
    displayName:
      'One line per item: decision, classification, what it is about, the alert, times and the rest of the incident\'s story. Find an incident with {job="incident-pipeline"} | incident_id="…"; structured metadata needs Loki\'s schema v13.',
    name: 'about',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'log',
    options: [
      {
        name: "Read Falco's Output",
        value: 'readFalco',
        action: "Read Falco's output",
        description: 'Reads what Falco reported from Loki, since the last run; for Admit Missed of K8s Quarantine',
      },
      {
        name: 'Read Incident',
        value: 'readIncident',
        action: 'Read the lines of an incident',
        description: 'Reads what was decided and done about one incident from Loki; for Get Report of K8s Quarantine',
      },
      { name: 'Log Item', value: 'log', action: 'Log the item', description: 'Writes the line of the item' },
      {
        name: 'Send Waiting',
        value: 'sendWaiting',
        action: 'Send the lines that wait',
        description: 'Sends the lines that Loki did not take before; writes none of the item',
      },
    ],
  },
  {
    displayName: 'Incident ID',
    name: 'incidentId',
    type: 'string',
    default: '={{ $json.incident.id }}',
    required: true,
    displayOptions: FOR_INCIDENT,
    description: 'As Incident: Get of K8s Quarantine gives it',
  },
  {
    displayName: 'Since',
    name: 'since',
    type: 'string',
    default: '={{ $json.incident.firstSeen }}',
    required: true,
    displayOptions: FOR_INCIDENT,
    description: 'When the incident began, as ISO 8601; older lines are not read',
  },
  {
    displayName: 'Selector',
    name: 'selector',
    type: 'string',
    noDataExpression: true,
    default: '{job="falco"}',
    required: true,
    displayOptions: FOR_READING,
    description: "The stream of Falco's own output in Loki",
  },
  {
    displayName: 'Look Back (Hours)',
    name: 'lookBackHours',
    type: 'number',
    noDataExpression: true,
    typeOptions: { minValue: 1, maxValue: 720 },
    default: 24,
    displayOptions: FOR_READING,
    description: 'How far the first run goes back. Later runs begin where the last one ended.',
  },
  {
    displayName: 'Grace (Seconds)',
    name: 'graceSeconds',
    type: 'number',
    noDataExpression: true,
    typeOptions: { minValue: 15, maxValue: 3600 },
    default: 120,
    displayOptions: FOR_READING,
    description: 'What is younger is left to the next run: it may still be on its way to Loki or n8n',
  },
  {
    displayName: 'Minimum Priority',
    name: 'minimumPriority',
    type: 'options',
    noDataExpression: true,
    default: 'debug',
    options: PRIORITIES.map((value) => ({ name: `${value.charAt(0).toUpperCase()}${value.slice(1)}`, value })),
    displayOptions: FOR_READING,
    description: 'What Falcosidekick sends to n8n (webhook.minimumpriority); less severe events are skipped',
  },
];
