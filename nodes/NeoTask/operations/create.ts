import { openTask, type TaskDecision } from '../../../app/neo/openTask';
import type { Alert } from '../../../core/incident/alert';
import { reportedFinding } from '../../../core/alert/finding';
import { incidentAlertSteps } from '../../../core/alert/pagerDutyAlerts';
import { sanitize } from '../../../core/text/sanitize';
import { PipelineError } from '../../../core/errors';
import type { Claim, ClaimSpec } from '../../../core/remediation/claim';
import { type Infrastructure, INFRASTRUCTURE, type TaskPlace, placeOf } from '../../../core/remediation/infrastructure';
import { neoPrompt, NEO_PROMPT_VERSION, UPDATERS } from '../../../core/remediation/prompt';
import { report } from '../../../core/remediation/report';
import { written } from '../../../core/remediation/repository';
import { APPROVAL_MODES, PERMISSION_MODES } from '../../../core/remediation/taskRequest';
import type { NeoTask } from '../../../core/incident/task';
import { readIncident } from '../../../core/incident/incident';
import { now } from '../../shared/clock';
import { paced } from '../../shared/paced';
import {
  toKnown,
  byState,
  type NodeOperation,
  type OperationInput,
  portsOf,
  textParameter,
  withTask,
} from './operation';

/** Gives an incident its one task. What stands in the way is kept with the claim too, so that people are notified of it once. */
export const create: NodeOperation = {
  name: 'Create',
  value: 'create',
  action: 'Create the task of an incident',
  description: "Claim the incident and ask Neo for its one task; the incident's later copies leave by known",
  run: async (input) => {
    const { json, neo } = input;
    const { incidentAlerts, alertsProblem, ...rest } = json;
    const incident = readIncident(rest);
    const alert =
      incidentAlerts === undefined
        ? incident.alert
        : await paced(incidentAlertSteps(incident.alert, incidentAlerts), 'pagerDuty');
    const item = { ...rest, alert };
    const unwanted = unwantedBecause(alert);
    if (unwanted !== null) return toKnown(withTask(item, skipped(input, alert, unwanted)));

    const place = placeOf(alert.infrastructure, defaultsOf(input), {
      organization: neo.organization,
      repositories: listed(input, 'repositories'),
      stacks: listed(input, 'stacks'),
      environments: listed(input, 'environments'),
    });
    const unread = typeof alertsProblem === 'string' && alertsProblem !== '' ? sanitize(alertsProblem, 500) : null;
    const wanted: TaskDecision =
      unread === null
        ? wantedFor(input, alert, place)
        : { refused: `the incident's alerts could not be read: ${unread}` };
    const spec: ClaimSpec = {
      ...claimSpec(input, alert),
      repository: place.repository === null ? '' : written(place.repository),
      stack: place.stack === null ? '' : `${place.stack.project}/${place.stack.name}`,
    };
    const { task, ours } = await openTask(await portsOf(input), spec, wanted);
    return ours ? byState(item, task) : toKnown(withTask(item, task));
  },
};

function wantedFor(
  input: OperationInput,
  alert: Alert,
  { repository, stack, infrastructure, skipped }: TaskPlace,
): TaskDecision {
  if (repository === null) {
    const why = skipped.join('; ') || "neither the alert's custom fields nor this workflow name one";
    return { refused: `Neo has no repository to work on: ${why}` };
  }
  const updater = chosen(UPDATERS, textParameter(input, 'updater'));
  const integrations = listed(input, 'integrations');
  if ((updater === 'neo') !== integrations.includes(PAGERDUTY))
    throw new PipelineError(
      'misconfigured',
      `"Incident Is Updated By" and "Integrations Neo May Use" contradict each other`,
      {
        nextStep: `Name ${PAGERDUTY} among the integrations if Neo is to update the incident, and only then.`,
      },
    );
  const content = neoPrompt({
    alert,
    repository,
    infrastructure,
    directory: textParameter(input, 'directory'),
    updater,
    neoUser: updater === 'neo' ? textParameter(input, 'neoUser') : '',
  });
  return {
    ...(skipped.length === 0 ? {} : { remark: skipped.join('; ') }),
    request: {
      content,
      repository,
      stack,
      approvalMode: chosen(APPROVAL_MODES, textParameter(input, 'approvalMode')),
      permissionMode: chosen(PERMISSION_MODES, textParameter(input, 'permissionMode')),
      planMode: input.context.getNodeParameter('planMode', input.index) === true,
      integrations,
    },
  };
}

/** Neo's integration by which it sees and changes incidents. */
const PAGERDUTY = 'pagerduty';

/** What is over, and what is only a test, is worth nobody's work. */
function unwantedBecause({ status, synthetic }: Alert): string | null {
  if (status === 'resolved') return 'its source says that the incident is over';
  return synthetic ? 'it is a self-test' : null;
}

function claimSpec({ neo }: OperationInput, alert: Alert): ClaimSpec {
  const finding = reportedFinding(alert);
  return {
    incident: alert.id,
    fingerprint: alert.fingerprint,
    claimedAt: now().toISOString(),
    organization: neo.organization,
    repository: '',
    stack: '',
    promptVersion: NEO_PROMPT_VERSION,
    item: JSON.stringify({ alert }),
    ...(finding === null ? {} : { finding: { ...finding, source: alert.source } }),
  };
}

/** For an incident for which no task is wanted, and no claim made. */
function skipped(input: OperationInput, alert: Alert, problem: string): NeoTask {
  const claim: Claim = { spec: claimSpec(input, alert), status: {}, version: '' };
  return report(claim, { state: 'skipped', problem }, input.neo.consoleUrl, now());
}

function defaultsOf({ context, index }: OperationInput): Infrastructure {
  const given: unknown = context.getNodeParameter('infrastructure', index, {});
  const fields: Record<string, unknown> = typeof given === 'object' && given !== null ? { ...given } : {};
  const entries = INFRASTRUCTURE.map((name) => [name, fields[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string' && value !== '')) as Infrastructure;
}

function listed(input: OperationInput, name: string): string[] {
  return textParameter(input, name)
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
}

/** @throws PipelineError `misconfigured` for what the list does not offer; it must not become a laxer mode. */
function chosen<T extends string>(offered: readonly T[], value: string): T {
  const known = offered.find((one) => one === value);
  if (known !== undefined) return known;
  throw new PipelineError('misconfigured', `"${value}" is not one of ${offered.join(', ')}`, {
    nextStep: 'Choose one of the list.',
  });
}
