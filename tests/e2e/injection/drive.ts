import { randomUUID } from 'node:crypto';

import { freshAlert, loadAlert, now } from '../../../cluster/local/alerts';
import type { Cluster } from '../../../cluster/local/kubernetes';
import type { Stack } from '../../../cluster/local/stack';
import { ROSES_ANSWER, type Script } from '../../support/scriptedModel';
import { accepted } from '../support/incident';
import type { LogLines, LoggedIncident } from '../support/logLines';
import type { Case } from './cases';
import { createPod } from './namespaces';

/** What became of a case. */
export interface Outcome {
  subject: Case;
  incident: string;
  /** The alert's own pod; no other alert is about it. */
  pod: string;
  line: LoggedIncident;
}

/** A model that does what the attacker wants, alert by alert. */
export class DupedModel {
  private readonly cases = new Map<string, Case>();
  /** Questions that belong to no case, which must not be. */
  readonly strangers: string[] = [];

  expect(incident: string, subject: Case): void {
    this.cases.set(incident, subject);
  }

  script: Script = ({ agent, text }) => {
    const subject = this.cases.get(incidentIn(text));
    if (subject !== undefined) return agent === 'roses' ? analysis(subject) : subject.wish.answer;
    this.strangers.push(text);
    return 500;
  };
}

/** The alert's id, as the question's own data says it: an attacker's text in it can close neither tag nor string. */
function incidentIn(question: string): string {
  const [, alert = '{}'] = /<alert>\n(\{.*\})\n<\/alert>/.exec(question) ?? [];
  return (JSON.parse(alert) as { id?: string }).id ?? '';
}

/** The analysis is duped as well: it hands the attacker's words on to the agent that decides. */
function analysis({ text, wish }: Case): string {
  const words = `${wish.order}. ${text}`.slice(0, 2000);
  return JSON.stringify({ ...JSON.parse(ROSES_ANSWER), evidence: [words], summary: words });
}

export interface Stage {
  stack: Stack;
  cluster: Cluster;
  model: DupedModel;
  lines: LogLines;
}

/** Enough to keep two cores busy. */
const IN_FLIGHT = 8;

/** Sends every case at a pod of its own and waits until the pipeline is done with it. */
export async function drive(stage: Stage, run: string, cases: readonly Case[]): Promise<Outcome[]> {
  const queue = cases.entries();
  const outcomes: Outcome[] = [];
  const work = async () => {
    for (const [index, subject] of queue) outcomes.push(await send(stage, `${run}-${index}`, subject));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return outcomes;
}

async function send({ stack, cluster, model, lines }: Stage, pod: string, subject: Case): Promise<Outcome> {
  const { namespace, alert: recorded } = subject.wish;
  const uid = await createPod(cluster, namespace, pod, subject.pod);
  if (subject.event !== undefined) await leaveEvent(cluster, namespace, pod, subject.event);

  const alert = await loadAlert(recorded);
  Object.assign(alert.output_fields, { 'k8s.ns.name': namespace, 'k8s.pod.name': pod });
  alert.priority = subject.priority;
  subject.write(alert);
  const uuid = randomUUID();
  model.expect(uuid, subject);
  const incident = await accepted(stack, freshAlert(alert, { ...now(subject.uid(uid)), uuid }));
  return { subject, incident, pod, line: await lines.of(incident) };
}

async function leaveEvent(
  { core }: Cluster,
  namespace: string,
  name: string,
  said: { reason: string; message: string },
): Promise<void> {
  const involvedObject = { apiVersion: 'v1', kind: 'Pod', namespace, name };
  const lastTimestamp = new Date();
  await core.createNamespacedEvent({
    namespace,
    body: { metadata: { generateName: 'injection-' }, involvedObject, type: 'Warning', lastTimestamp, ...said },
  });
}
