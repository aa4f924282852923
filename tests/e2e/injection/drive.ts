import { freshAlert, loadAlert, now } from '../../../cluster/local/alerts/alertFiles';
import type { Cluster } from '../../../cluster/local/kubernetes/client';
import type { Stack } from '../../../cluster/local/stack';
import { normaliseAlert } from '../../support/alerts';
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
  /** Incidents whose question held what the attacker wrote into the pod or its Events. */
  readonly reached = new Set<string>();

  expect(incident: string, subject: Case): void {
    this.cases.set(incident, subject);
  }

  script: Script = ({ agent, text }) => {
    const incident = dataIn(text, 'alert').id ?? '';
    const subject = this.cases.get(incident);
    if (subject !== undefined && holds(dataIn(text, 'context'), subject)) this.reached.add(incident);
    if (subject !== undefined) return agent === 'roses' ? analysis(subject) : subject.wish.answer;
    this.strangers.push(text);
    return 500;
  };
}

/** What of the question's data is looked at. */
interface Data {
  id?: string;
  pod?: { labels: Record<string, string>; annotations: Record<string, string> };
  events?: { reason: string }[];
}

/** A part of the question's own data: an attacker's text in it can close neither tag nor string. */
function dataIn(question: string, tag: 'alert' | 'context'): Data {
  const [, data = '{}'] = new RegExp(`<${tag}>\\n(\\{.*\\})\\n</${tag}>`).exec(question) ?? [];
  return JSON.parse(data) as Data;
}

/**
 * Whether a case's Event, labels and annotations, as far as it has any, are in the context that the model was given. Of
 * annotations only the pipeline's own ever are.
 */
function holds({ pod, events = [] }: Data, subject: Case): boolean {
  const keys = Object.keys({ ...pod?.labels, ...pod?.annotations });
  const { labels = {}, annotations = {} } = subject.pod ?? {};
  const own = Object.keys(annotations).filter((key) => key.startsWith('security/'));
  const written = [...Object.keys(labels), ...own];
  return written.every((key) => keys.includes(key)) && (subject.event === undefined || events.length > 0);
}

/** The analysis is duped as well: it hands the attacker's words on to the agent that decides. */
function analysis({ quoted, wish }: Case): string {
  const words = `${wish.order}. ${quoted}`.slice(0, 2000);
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
  if (subject.event !== undefined) await leaveEvent(cluster, namespace, { name: pod, uid }, subject.event);

  const alert = await loadAlert(recorded);
  Object.assign(alert.output_fields, { 'k8s.ns.name': namespace, 'k8s.pod.name': pod });
  alert.priority = subject.priority;
  subject.write(alert);
  const body = freshAlert(alert, now(subject.uid(uid)));
  model.expect(normaliseAlert(JSON.parse(body), new Date(), 'kernel').id, subject);
  const incident = await accepted(stack, body);
  return { subject, incident, pod, line: await lines.of(incident) };
}

async function leaveEvent(
  { core }: Cluster,
  namespace: string,
  pod: { name: string; uid: string },
  said: { reason: string; message: string },
): Promise<void> {
  // Only an Event with the pod's uid is taken for the pod's.
  const involvedObject = { apiVersion: 'v1', kind: 'Pod', namespace, ...pod };
  const lastTimestamp = new Date();
  await core.createNamespacedEvent({
    namespace,
    body: { metadata: { generateName: 'injection-' }, involvedObject, type: 'Warning', lastTimestamp, ...said },
  });
}
