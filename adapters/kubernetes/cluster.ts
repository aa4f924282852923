import type { Cluster } from '../../app/ports';
import { ACTION_DEFINITIONS } from './actions';
import type { KubernetesClient } from './api/client';
import { clockProblem } from './api/clock';
import { readApproval, waitingApprovals, writeApproval } from './resources/approvals';
import { recordAction, recordOnce } from './resources/events';
import { closeRecord, knownRecords } from './resources/records';
import { giveBack, reserve } from './resources/reservations';
import { loadPodState } from './state/loadPodState';

/** The use cases' cluster, behind one client. */
export function clusterOf(client: KubernetesClient): Cluster {
  return {
    runAction: (action, input) => ACTION_DEFINITIONS[action].run({ ...input, client }),
    loadPodState: (...asked) => loadPodState(client, ...asked),
    clockProblem: (now) => clockProblem(client, now),
    readApproval: (name) => readApproval(client, name),
    waitingApprovals: () => waitingApprovals(client),
    writeApproval: (...status) => writeApproval(client, ...status),
    records: async () => (await knownRecords(client)).records,
    closeRecord: (...ended) => closeRecord(client, ...ended),
    reserve: (...unit) => reserve(client, ...unit),
    giveBack: (unit) => giveBack(client, unit),
    recordAction: (...done) => recordAction(client, ...done),
    recordOnce: (...notice) => recordOnce(client, ...notice),
  };
}
