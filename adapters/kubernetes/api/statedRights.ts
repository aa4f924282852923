import { ACTION_DEFINITIONS } from '../actions';
import { APPROVAL_RIGHTS } from '../resources/approvals';
import { EVIDENCE_CLUSTER_RIGHTS, EVIDENCE_RIGHTS } from '../actions/evidence/capture';
import { EXCEPTION_RIGHTS } from '../resources/exceptions';
import { INCIDENT_RIGHTS } from '../resources/incidents';
import { LIST_NAMESPACES_RIGHTS, LIST_PODS_RIGHTS } from '../resources/names';
import { NEO_TASK_RIGHTS } from '../resources/neoTasks';
import { OTHER_POLICY_CLUSTER_RIGHTS, OTHER_POLICY_RIGHTS } from '../state/networkPolicies/otherPolicies';
import { READ_EVENTS_RIGHTS } from '../state/readContext';
import { LOAD_POD_STATE_RIGHTS } from '../state/loadPodState';
import { READ_NAMESPACE_RIGHTS } from '../state/readNamespace';
import { SERVICE_ACCOUNT_RIGHTS_RIGHTS } from '../state/serviceAccountRights';
import { READ_WORKLOAD_RIGHTS } from '../state/readWorkload';
import { RECORD_EVENT_RIGHTS } from '../resources/events';
import { RECORD_RIGHTS } from '../resources/records';
import { RESPONSE_POLICY_RIGHTS } from '../resources/responsePolicy';
import { RETENTION_RIGHTS } from '../resources/retention';
import type { Right } from './rights';
import { WATCH_CLUSTER_RIGHTS, WATCH_OWN_RIGHTS, WATCH_RIGHTS } from './watch/watches';

/** Every right that a call states beside its code, by where it is needed. manifests/token grants these and no more. */
export const STATED_RIGHTS: Readonly<Record<'namespace' | 'cluster' | 'own', readonly Right[]>> = {
  /** In a namespace that is acted in. */
  namespace: [
    ...LOAD_POD_STATE_RIGHTS,
    ...READ_WORKLOAD_RIGHTS,
    ...READ_EVENTS_RIGHTS,
    ...WATCH_RIGHTS,
    ...RECORD_EVENT_RIGHTS,
    ...EVIDENCE_RIGHTS,
    ...OTHER_POLICY_RIGHTS,
    ...LIST_PODS_RIGHTS,
    ...Object.values(ACTION_DEFINITIONS).flatMap(({ rights }) => rights),
  ],
  /** Of objects that are in no namespace. */
  cluster: [
    ...READ_NAMESPACE_RIGHTS,
    ...WATCH_CLUSTER_RIGHTS,
    ...EVIDENCE_CLUSTER_RIGHTS,
    ...OTHER_POLICY_CLUSTER_RIGHTS,
    ...LIST_NAMESPACES_RIGHTS,
    ...SERVICE_ACCOUNT_RIGHTS_RIGHTS,
  ],
  /** In the responder's own namespace. */
  own: [
    ...RECORD_EVENT_RIGHTS,
    ...RECORD_RIGHTS,
    ...RESPONSE_POLICY_RIGHTS,
    ...APPROVAL_RIGHTS,
    ...NEO_TASK_RIGHTS,
    ...INCIDENT_RIGHTS,
    ...RETENTION_RIGHTS,
    ...EXCEPTION_RIGHTS,
    ...WATCH_OWN_RIGHTS,
  ],
};
