import { fetch } from 'undici';
import {
  enqueue,
  follow,
  freshEvent,
  incidentOf,
  scenario,
  type SimulatedIncident,
  type SimulatedTask,
  tasksOf,
  type Variant,
} from './scenarios.js';
import { messageOf } from '../errors.js';
import { printAndRecord } from '../log/runLog.js';
import { URLS } from '../process/ports.js';
import { ACCOUNT } from '../simulators/example.js';
import { until } from '../process/wait.js';

/** n8n takes up what PagerDuty posts at once, and looks at Neo's tasks every minute. */
const START_SECONDS = 60;
const REVIEW_SECONDS = 150;

/**
 * Sends what a detector sent to PagerDuty, and follows it: the incident, Neo's task, and what becomes of both. Where Neo
 * asks for an approval, it is given as a person would.
 * @returns whether it ended as the scenario wants
 */
export async function runScenario(name: string, variant: Variant): Promise<boolean> {
  const { script, end } = scenario(name);
  const started = performance.now();
  const print = (text: string): void => {
    printAndRecord(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${text}`);
  };
  console.log(`\n${opening(name, variant)}\n`);
  try {
    await follow({ name: script });
    const key = await enqueue(await freshEvent(name, variant));
    const { id, title } = await until('The incident in PagerDuty', START_SECONDS, () => incidentOf(key));
    print(`PagerDuty: incident ${id}, ${title.slice(0, 80)}`);
    const task = await until("Neo's task", START_SECONDS, async () => (await tasksOf(id))[0]);
    print(`Neo: task ${task.id} (${task.approvalMode}, ${task.permissionMode}) for ${placesOf(task)}`);
    const tell = teller(key, print);
    await until("PagerDuty's note about the task", START_SECONDS, async () => tell((_, { length }) => length >= 1));
    if (await asks(id, task)) {
      await until('The note that Neo asks', REVIEW_SECONDS, async () => tell((_, { length }) => length >= 2));
      await approve(id);
      print(
        "This command approved Neo's pull request, as a person would in Pulumi Cloud. n8n checks Neo's tasks once a minute.",
      );
    }
    const over = end === 'fixed' ? isResolved : isHandedBack;
    await until('The end of the incident', REVIEW_SECONDS, async () => tell(over));
    print(end === 'fixed' ? 'PagerDuty: resolved.' : 'PagerDuty: given back to whom it was assigned.');
    const tasks = await tasksOf(id);
    if (tasks.length !== 1) throw new Error(`Neo has ${tasks.length} tasks for the incident`);
    return true;
  } catch (error) {
    console.error(`\n${messageOf(error)}\nLook at the executions of PagerDuty to Neo in ${URLS.n8n}.`);
    return false;
  }
}

/** What is reported, and what of it is not as in a person's own account. */
export function opening(name: string, variant: Variant): string {
  const { about, script } = scenario(name);
  const approval =
    script === 'fixes' ? ' Neo asks before it opens a pull request: this command approves in place of a person.' : '';
  return `${about} (${variant === 'with-context' ? 'with' : 'without'} custom fields). ${WHERE[variant]} PagerDuty and Neo are simulated: their links lead nowhere.${approval}`;
}

const WHERE: Readonly<Record<Variant, string>> = {
  'with-context': 'The report says where the code lives.',
  'without-context': "The location of the code comes from the workflow's node Settings.",
};

type Over = (incident: SimulatedIncident, notes: SimulatedIncident['notes']) => boolean;

/** The state comes first and the note after it, in which people read why. */
const isResolved: Over = ({ status }, notes) => status === 'resolved' && notes.some(hasPullRequest);
const hasPullRequest = ({ content }: SimulatedIncident['notes'][number]): boolean => content.includes('/pull/');
const isHandedBack: Over = ({ assignees }, { length }) => length >= 2 && assignees.includes(ACCOUNT.onCall);

/** Shows each note of the incident once. Answers when the incident is as it is waited for. */
function teller(key: string, print: (text: string) => void): (over: Over) => Promise<true | undefined> {
  let shown = 0;
  return async (over) => {
    const incident = await incidentOf(key);
    if (incident === undefined) return undefined;
    const { notes, status, assignees } = incident;
    for (; shown < notes.length; shown += 1)
      print(
        `PagerDuty: ${status}, assigned to ${assignees.join(', ') || 'nobody'}; note:\n${(notes[shown]?.content ?? '').replace(/^/gm, '             ')}`,
      );
    return over(incident, notes) ? true : undefined;
  };
}

function placesOf({ entities }: SimulatedTask): string {
  return entities
    .filter(({ type }) => type === 'repository' || type === 'stack')
    .map(({ type, name, org, project }) => `${type} ${org ?? project ?? ''}/${name}`)
    .join(' and ');
}

/** Waits until Neo asks or is at its end. */
async function asks(incident: string, { approvalMode }: SimulatedTask): Promise<boolean> {
  if (approvalMode === 'auto') return false;
  return until("Neo's first turn", START_SECONDS, async () => {
    const [task] = await tasksOf(incident);
    if (task === undefined) return undefined;
    if (task.waitsFor !== null) return true;
    return task.status === 'idle' ? false : undefined;
  });
}

/** What a person does in Pulumi Cloud's console. */
export async function approve(incident: string, ok = true): Promise<void> {
  const [task] = await tasksOf(incident);
  const path = `/api/preview/agents/${ACCOUNT.organization}/tasks/${task?.id ?? ''}`;
  const event = {
    type: 'user_confirmation',
    approval_request_id: task?.waitsFor ?? '',
    ok,
    timestamp: new Date().toISOString(),
  };
  const answer = await fetch(`${URLS.neo}${path}`, {
    method: 'POST',
    headers: {
      authorization: `token ${ACCOUNT.pulumiToken}`,
      accept: 'application/vnd.pulumi+8',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ event }),
  });
  if (answer.status !== 202) throw new Error(`Neo does not take the approval: ${answer.status} ${await answer.text()}`);
}
