import { normaliseAlerts } from '../../core/alert/normalise';
import type { ModelRun } from '../../core/incident/modelRun';
import type { ActionResponse } from '../../core/incident/response';
import { outcomeOfPass } from '../../core/folding/outcome';
import { decide } from '../../core/policy/decide';
import { playbook } from '../../core/policy/playbook';
import { contextOf, payload, RECEIVED_AT } from './alerts';

/** No pod has these: an action on them finds nothing. */
export const SAMPLE_POD = { namespace: 'sample', pod: 'sample-pod', podUid: '00000000-0000-4000-8000-000000000000' };

const NO_MODEL: ModelRun = {
  by: 'playbook',
  fallbackReason: 'no model is connected',
  promptVersion: 'sample',
  model: null,
  tokens: { input: 0, output: 0 },
  questions: 0,
  durationMs: 0,
};

/**
 * What the nodes of *Incident Pipeline* that need a cluster, Pushgateway, Loki or another workflow give in a run by hand: made by
 * the core from Falcosidekick's recorded alert, marked as a self-test, about a pod that does not exist.
 */
export function sampleRun(): Record<string, { json: object }[]> {
  const fields = {
    'k8s.ns.name': SAMPLE_POD.namespace,
    'k8s.pod.name': SAMPLE_POD.pod,
    'k8s.pod.uid': SAMPLE_POD.podUid,
    synthetic: true,
  };
  // Of no cluster's pods: other clusters have other networks than the one of the recording.
  const recorded = JSON.stringify(payload('pod-quarantine-test', {}, fields)).replaceAll('10.244.0.12', '192.0.2.12');
  const [alert] = normaliseAlerts(JSON.parse(recorded) as object, RECEIVED_AT, 'falcosidekick').alerts;
  if (alert === undefined) throw new Error('the recorded alert cannot be read');
  const context = contextOf(alert);
  const decision = decide({
    proposal: playbook(alert, context),
    alert,
    context,
    mode: 'autonomous',
    run: NO_MODEL,
    now: RECEIVED_AT,
  });
  // The rest of what an item has by then is left out: it would be most of the workflow's file.
  const decided = { alert, decision };
  const escalated = {
    ...decided,
    escalation: {
      message: 'A sample: nobody is notified.',
      event: null,
      problem: null,
      recordedAt: RECEIVED_AT.toISOString(),
    },
  };
  const acted = { ...decided, response: response('quarantine_pod') };
  const { state, reason } = outcomeOfPass(acted, RECEIVED_AT);
  const one = (json: object) => [{ json }];
  return {
    'Security Alert Trigger': one({ alert }),
    'Get Context': one({ alert, context }),
    'Contain First': one({ alert, context }),
    'Delete Pod': one({ ...decided, response: response('delete_pod') }),
    'Quarantine Pod': one(acted),
    'Record Event': one(escalated),
    'Request Approval': one(escalated),
    'Count Incident': one(acted),
    'Log Incident': one(acted),
    'Record Outcome': one({ ...acted, outcome: { state, reason } }),
    'Notify the Team': one(escalated),
  };
}

const response = (action: ActionResponse['action']): ActionResponse => ({
  action,
  outcome: 'dry_run',
  reason: 'A sample: nothing was sent to a cluster.',
  target: { namespace: SAMPLE_POD.namespace, pod: SAMPLE_POD.pod, uid: SAMPLE_POD.podUid },
  checked: [],
  changed: [],
  contained: null,
  gaps: [],
  guardrails: [],
  undo: null,
  startedAt: RECEIVED_AT.toISOString(),
  completedAt: RECEIVED_AT.toISOString(),
});
