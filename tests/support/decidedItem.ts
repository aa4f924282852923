import type { IDataObject } from 'n8n-workflow';

import { decide } from '../../core/policy/decide';
import { playbook } from '../../core/policy/playbook';
import { alertOf, contextOf, RECEIVED_AT } from './alerts';
import { NO_MODEL } from './modelRun';

/** An item as it leaves RACE Agent: a recorded alert, its pod, and what the playbook decided. */
export function decidedItem(name = 'pod-delete-test'): IDataObject {
  const alert = alertOf(name);
  const context = contextOf(alert);
  return {
    alert,
    context,
    decision: decide({
      proposal: playbook(alert),
      alert,
      context,
      mode: 'autonomous',
      run: NO_MODEL,
      now: RECEIVED_AT,
    }),
  } as unknown as IDataObject;
}
