import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import type { PostgresAccess } from '../../adapters/postgres/access';
import type { SeenRequest } from '../../cluster/local/simulators/http/requests';
import type { Neo } from '../../cluster/local/simulators/neo/start';
import { normaliseAlerts } from '../../core/alert/normalise';
import { NeoTask } from '../../nodes/NeoTask/NeoTask.node';
import { OUTPUTS } from '../../nodes/NeoTask/outputs';
import { RECEIVED_AT } from './alerts';
import { type Ran, type Run, runNode } from './engine';
import { startPostgres } from './postgres';
import { type SimulatedCloud, simulatePulumiCloud } from './pulumiCloud';
import { report } from './reports';

let counted = 0;

/** An incident of its own, as Security Alert Trigger gives it. */
export function incident(alert: IDataObject = {}): IDataObject {
  const [read] = normaliseAlerts(report('pagerduty-triggered'), RECEIVED_AT, 'pagerDuty').alerts;
  counted += 1;
  const own = { id: `incident-${counted}`, fingerprint: `print-${counted}` };
  return { alert: { ...read, ...own, ...alert }, note: 'kept' } as unknown as IDataObject;
}

/** An incident's alerts as PagerDuty gives them, with one detector's details. */
export function alertWith(details: IDataObject): IDataObject[] {
  return [{ id: 'A1', summary: 'Netcat in a pod', body: { details } }];
}

/** The least that Create needs. */
export const OWN: IDataObject = { infrastructure: { git_repo: 'github.com/acme/infrastructure' } };

/** What left, by the name of its output. */
export function left({ outputs, error }: Ran): Record<(typeof OUTPUTS)[number], IDataObject[]> {
  if (error !== undefined) throw error;
  const of = (name: (typeof OUTPUTS)[number]): IDataObject[] =>
    (outputs[OUTPUTS.indexOf(name)] ?? []).map(({ json }) => json);
  return { task: of('task'), person: of('person'), known: of('known') };
}

export interface NeoNode {
  neo: Neo;
  credential: SimulatedCloud['credential'];
  postgres: PostgresAccess;
  /** Runs Neo Task in n8n's engine, with both credentials; parameters are those of its description where they are left out. */
  run: (items: IDataObject[], parameters?: IDataObject, more?: Partial<Run>) => Promise<Ran>;
  /** Requests for a new task, in order. */
  posts: () => SeenRequest[];
  /** Forgets requests, faults and the script. */
  forget: () => void;
  close: () => Promise<void>;
}

/** Neo Task between a real PostgreSQL and Neo's simulator. */
export async function startNeoNode(): Promise<NeoNode> {
  const [cloud, postgres] = await Promise.all([simulatePulumiCloud(), startPostgres()]);
  const { neo, credential } = cloud;
  const claims = { ...postgres.access } as unknown as ICredentialDataDecryptedObject;
  return {
    neo,
    credential,
    postgres: postgres.access,
    run: (items, parameters = OWN, more = {}) =>
      runNode({
        node: new NeoTask(),
        items,
        parameters: { claims: 'postgres', ...parameters },
        credentials: { pulumiCloudApi: credential, incidentPostgresApi: claims },
        ...more,
      }),
    posts: () => neo.requests.all().filter(({ method, path }) => method === 'POST' && path.endsWith('/tasks')),
    forget: () => {
      neo.requests.clear();
      neo.faults.clear();
      neo.follow({ name: 'fixes' });
    },
    close: async () => {
      await Promise.all([cloud.close(), postgres.close()]);
    },
  };
}
