import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod/v4';

import { readRecords } from '../../../../app/incidents/readRecords';
import { isObjectName } from '../../../../core/alert/target';
import { PipelineError } from '../../../../core/errors';
import { passSchema } from '../../../../core/report/pass';
import type { IncidentRecords } from '../../../../core/report/records';
import { INCIDENT, textOf } from '../locators';
import type { OperationInput } from '../operation';

const logSchema = z.array(passSchema);

/**
 * What is kept of the incident that the node's parameter names: in the cluster, and in Loki as far as the item has it (`log`, of
 * Loki Push: Read Incident). @throws PipelineError
 */
export async function recordsOf({ context, cluster, json, index }: OperationInput): Promise<IncidentRecords> {
  const name = textOf(context, INCIDENT.name, index);
  // A person or a model may have written it: it becomes a part of the request's path.
  if (!isObjectName(name))
    throw new PipelineError(
      'misconfigured',
      name === '' ? 'no incident was chosen' : 'no incident can have that name',
      {
        nextStep: 'Choose one in "Incident", or give its name: kubectl get incidents -n n8n lists them.',
      },
    );
  const records = await readRecords(cluster, name, logOf(json));
  // What Loki's node says if it is set to continue.
  const { error } = json;
  return typeof error === 'string' ? { ...records, problems: [...records.problems, error] } : records;
}

function logOf({ log }: IDataObject): IncidentRecords['log'] {
  if (log === undefined) return null;
  const result = logSchema.safeParse(log);
  if (result.success) return result.data;
  throw new PipelineError('bad_item', 'the key log is not what Loki Push: Read Incident gives', {
    nextStep: 'Connect this node after Loki Push: Read Incident, and do not change the key log.',
  });
}
