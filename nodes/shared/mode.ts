import type { INodeProperties } from 'n8n-workflow';

import { LABELS } from '../../core/names';

/** What this workflow allows at most. RACE Agent routes by it; K8s Quarantine checks it again. */
export const MODE_PROPERTY: INodeProperties = {
  displayName: 'Mode at Most',
  name: 'mode',
  type: 'options',
  noDataExpression: true,
  default: 'autonomous',
  options: [
    { name: 'Autonomous', value: 'autonomous', description: 'Act where namespace and ResponsePolicy allow it' },
    { name: 'Observe', value: 'observe', description: 'Change nothing in the cluster' },
    { name: 'Supervised', value: 'supervised', description: "Act after a person's approval" },
  ],
  description: `What this workflow allows. The lowest counts: of this, the namespace's label ${LABELS.response} and the ResponsePolicy.`,
};
