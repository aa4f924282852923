import { messageWithStep, PipelineError } from '../../core/errors';
import { statusOf } from '../../core/incident/incidentRecord';
import type { Pass } from '../../core/report/pass';
import type { IncidentRecords } from '../../core/report/records';
import type { Cluster } from '../ports';

type Reader = Pick<Cluster, 'incidents' | 'approvalsOf' | 'records' | 'taskOf' | 'readConfiguration'>;

/**
 * Everything that the cluster keeps of an incident since it was opened last. What cannot be read beside the Incident itself
 * is named among the problems.
 * @param log what Loki has of it; null where nobody read that
 * @throws PipelineError `not_found` when there is no such Incident
 */
export async function readRecords(
  cluster: Reader,
  name: string,
  log: readonly Pass[] | null,
): Promise<IncidentRecords> {
  const record = await cluster.incidents.find(name);
  if (record === null)
    throw new PipelineError('not_found', `there is no Incident ${name}`, {
      nextStep:
        'kubectl get incidents -n n8n lists their names. What was pruned is in Loki: {job="incident-pipeline"} | event="pruned".',
    });
  const { incident } = statusOf(record);
  const problems: string[] = [];
  const orNamed = async <T>(read: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await read;
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      problems.push(messageWithStep(error));
      return otherwise;
    }
  };
  const [approvals, quarantines, task, configuration] = await Promise.all([
    orNamed(cluster.approvalsOf(incident), []),
    orNamed(cluster.records(), []),
    orNamed(cluster.taskOf(incident), null),
    orNamed(cluster.readConfiguration(), null),
  ]);
  return {
    record,
    approvals,
    quarantines: quarantines
      .filter(({ spec }) => spec.incident === incident)
      .toSorted((one, other) => one.spec.requestedAt.localeCompare(other.spec.requestedAt)),
    task,
    log,
    links: configuration?.links,
    problems,
  };
}
