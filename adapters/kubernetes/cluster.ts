import type { Cluster } from '../../app/ports';
import { ACTION_DEFINITIONS } from './actions';
import { checkEviction } from './actions/checkEviction';
import { captureEvidence } from './actions/evidence/capture';
import type { KubernetesClient } from './api/client';
import { clockProblem } from './api/clock';
import { isStarting } from './api/starting';
import { checkAccess } from './api/whoAmI';
import {
  approvalsOf,
  notCarriedOut,
  readApproval,
  requestApproval,
  waitingApprovals,
  writeApproval,
} from './resources/approvals';
import { recordAction, recordEscalation, recordFailure, recordOnce } from './resources/events';
import { changeExceptions, countMatches, findException, listExceptions } from './resources/exceptions';
import { kubernetesIncidents } from './resources/incidents';
import { kubernetesClaims } from './resources/neoTasks';
import { closeRecord, findRecord, knownRecords, markRecord, openRecords } from './resources/records';
import { giveBack, reserve } from './resources/reservations';
import { readConfiguration } from './resources/responsePolicy';
import { kubernetesRetention } from './resources/retention';
import { loadPodState, readPod, tryLoadPodState } from './state/loadPodState';
import { readNetwork } from './state/networkPolicies/readNetwork';
import { readContext } from './state/readContext';
import { confirmNamespace } from './state/readNamespace';

/** The use cases' cluster, behind one client. */
export function clusterOf(client: KubernetesClient): Cluster {
  return {
    beginRecord: async (action, input) => (await ACTION_DEFINITIONS[action].begin?.({ ...input, client })) ?? null,
    runAction: (action, input) => ACTION_DEFINITIONS[action].run({ ...input, client }),
    loadPodState: (target, incident, now, freshness, alert) =>
      loadPodState(client, target, incident, now, freshness, { alert, mayCall: false }),
    confirmNamespace: (judged) => confirmNamespace(client, judged),
    tryLoadPodState: (...asked) => tryLoadPodState(client, ...asked, 'now'),
    isStarting: () => isStarting(client),
    readContext: (...asked) => readContext(client, ...asked),
    readPod: (...pod) => readPod(client, ...pod),
    captureEvidence: (context, evidenceMs, now) => captureEvidence({ client, context, evidenceMs, now }),
    readNetwork: (namespace) => readNetwork(client, namespace),
    readConfiguration: () => readConfiguration(client),
    checkEviction: (...pod) => checkEviction(client, ...pod),
    clockProblem: (now) => clockProblem(client, now),
    checkAccess: (now) => checkAccess(client, now),
    requestApproval: (spec) => requestApproval(client, spec),
    readApproval: (name) => readApproval(client, name),
    approvalsOf: (incident) => approvalsOf(client, incident),
    taskOf: (incident) => kubernetesClaims(client).find(incident),
    waitingApprovals: () => waitingApprovals(client),
    notCarriedOut: () => notCarriedOut(client),
    writeApproval: (...status) => writeApproval(client, ...status),
    incidents: kubernetesIncidents(client),
    retention: kubernetesRetention(client),
    findException: (...alert) => findException(client, ...alert),
    countMatches: (...matched) => countMatches(client, ...matched),
    listExceptions: () => listExceptions(client),
    changeExceptions: (...change) => changeExceptions(client, ...change),
    records: async () => (await knownRecords(client)).records,
    openRecords: () => openRecords(client),
    findRecord: (uid) => findRecord(client, uid),
    markRecord: async (...change) => {
      await markRecord(client, ...change);
    },
    closeRecord: (...ended) => closeRecord(client, ...ended),
    reserve: (...unit) => reserve(client, ...unit),
    giveBack: (unit) => giveBack(client, unit),
    recordAction: (...done) => recordAction(client, ...done),
    recordEscalation: (...incident) => recordEscalation(client, ...incident),
    recordFailure: (...failure) => recordFailure(client, ...failure),
    recordOnce: (...notice) => recordOnce(client, ...notice),
  };
}
