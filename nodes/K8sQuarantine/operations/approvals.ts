import { clusterOf } from '../../../adapters/kubernetes/cluster';
import { approvalPod } from '../../../app/approvalPod';
import {
  decideApproval as decide,
  expireApprovals as expire,
  requestApproval as request,
} from '../../../app/approvals';
import { PipelineError } from '../../../core/errors';
import { CHOICES } from '../../../core/response/approval';
import { decidedItem } from '../../../core/response/approvalItem';
import { pageOf, summaryOf } from '../../../core/response/approvalPage';
import { readIncident } from '../../../core/incident/incident';
import { now } from '../../shared/clock';
import { done, type NodeOperation, toEscalate } from './operation';

/** Puts the incident before a person. */
export const requestApproval: NodeOperation = {
  name: 'Request Approval',
  value: 'request_approval',
  action: 'Put the incident before a person',
  description: 'Keep the incident until somebody decides or its time is over',
  run: async ({ client, json }) => {
    const incident = readIncident(json);
    try {
      const { metadata, spec } = await request(clusterOf(client), incident, now());
      return done({ ...json, approval: { name: metadata.name, expiresAt: spec.expiresAt } });
    } catch (error) {
      // The Event and the log line report the incident in any case.
      if (!(error instanceof PipelineError)) throw error;
      return toEscalate({ ...json, approvalProblem: `${error.message}. ${error.nextStep}` });
    }
  },
};

/** One item for each incident that waits for a person, or one that says there is none. */
export const listApprovals: NodeOperation = {
  name: 'List Approvals',
  value: 'list_approvals',
  action: 'List incidents that wait for a person',
  description: 'Give an item for each incident that waits for a person',
  run: async ({ client }) => {
    const waiting = await clusterOf(client).waitingApprovals();
    return waiting.length === 0
      ? done({ approvals: 0 })
      : waiting.map((approval) => done({ approval: summaryOf(approval) }));
  },
};

/** One incident that waits, with how its pod is now and what a person can choose. What is decided leaves by *escalate*. */
export const getApproval: NodeOperation = {
  name: 'Get Approval',
  value: 'get_approval',
  action: 'Get an incident that waits for a person',
  description: 'Give one incident with the state of its pod now, and what can be chosen for it',
  run: async ({ context, client, json, index }) => {
    const name = textOf(context.getNodeParameter('approvalName', index));
    const cluster = clusterOf(client);
    try {
      const approval = await cluster.readApproval(name);
      const { status } = approval;
      if (status.state !== undefined)
        return toEscalate({ ...json, problem: `It was decided already: ${status.state} by ${status.decidedBy}.` });
      return done({ approval: pageOf(approval, await approvalPod(cluster, approval, now())) });
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      return toEscalate({ ...json, problem: `${error.message}. ${error.nextStep}` });
    }
  },
};

/** Takes a person's decision, and gives the incident back with it. */
export const decideApproval: NodeOperation = {
  name: 'Decide Approval',
  value: 'decide_approval',
  action: 'Decide on a waiting incident',
  description: 'Take a person’s decision, once, and give the incident back with it',
  run: async ({ context, client, json, index }) => {
    const name = textOf(context.getNodeParameter('approvalName', index));
    const by = textOf(context.getNodeParameter('decidedBy', index)).slice(0, 256);
    const choice = CHOICES.find((known) => known === context.getNodeParameter('choice', index));
    const via = context.getNodeParameter('via', index) === 'form' ? 'form' : 'link';
    if (choice === undefined || by === '' || name === '')
      return toEscalate({
        ...json,
        problem: 'Nothing was decided: an approval, a choice and the name of who makes it are needed.',
      });
    try {
      return done(decidedItem(await decide(clusterOf(client), name, { choice, by, via }, now())));
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      return toEscalate({ ...json, problem: `${error.message}. ${error.nextStep}` });
    }
  },
};

/** An expression may give anything. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Ends the waiting of what nobody decided in time: the pods stay as they are, and the incidents go to *escalate*. */
export const expireApprovals: NodeOperation = {
  name: 'Expire Approvals',
  value: 'expire_approvals',
  action: 'End approvals that nobody decided',
  description: 'Give back the incidents whose time to decide is over; their pods stay as they are',
  run: async ({ client }) => {
    const expired = await expire(clusterOf(client), now());
    return expired.length === 0 ? done({ expired: 0 }) : expired.map((approval) => toEscalate(decidedItem(approval)));
  },
};
