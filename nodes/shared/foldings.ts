import type { Logger } from 'n8n-workflow';

import { connect } from '../../adapters/kubernetes/api/client';
import { recordOnce } from '../../adapters/kubernetes/resources/events';
import { kubernetesIncidents } from '../../adapters/kubernetes/resources/incidents';
import { postgresIncidents } from '../../adapters/postgres/incidents';
import type { AdmissionPorts } from '../../app/incidents/admission';
import type { IncidentStore } from '../../app/incidents/ports';
import { CountedRepeats } from '../../app/incidents/repeats';
import type { PipelineError } from '../../core/errors';
import { forgetOldest } from '../../core/forgetOldest';
import { actsByPlaybook } from '../../core/policy/playbook';
import { now } from './clock';
import { readAccess } from './kubernetesCredential';
import { readPostgresAccess } from './postgresCredential';
import { HOUR_MS, onceAnHour, spentMessage, type Report, warn } from './spentBounds';

/** A store of incidents, and what was counted for it. */
export interface Folding extends AdmissionPorts {
  /** Notifies a person that incidents cannot be kept. Does not throw. */
  tell: (problem: PipelineError) => Promise<void>;
  /** Until when it is not asked because it failed, milliseconds of performance.now(). */
  restsUntil: number;
}

/** One for each store of incidents, whichever nodes use it, so that what was counted is not counted twice. */
const foldings = new Map<string, Folding>();
/** A token is renewed, and its predecessor is not used again. */
const MOST = 16;

/**
 * The folding over the incidents of a cluster, by the fields of a Kubernetes Responder credential.
 * @throws PipelineError `misconfigured`
 */
export async function clusterFolding(data: object): Promise<Folding> {
  const access = await readAccess(data);
  const key = JSON.stringify(access);
  const known = foldings.get(key);
  if (known !== undefined) return known;
  const client = await connect(access);
  /** An Event, once an hour. */
  const record = (reason: string, name: string, message: string): Promise<void> => {
    const at = now();
    return recordOnce(client, { reason, name: `${name}-${Math.floor(at.getTime() / HOUR_MS)}`, message }, at);
  };
  return keptFolding(key, () =>
    foldingOver(kubernetesIncidents(client), {
      tell: ({ message }) =>
        record('IncidentsNotKept', 'incidents-not-kept', `Repeated alerts are not folded into incidents: ${message}`),
      spent: (bound, trust) =>
        void record('IncidentBoundReached', `bound-${bound.toLowerCase()}-${trust}`, spentMessage(bound, trust)),
    }),
  );
}

/**
 * The folding over the incidents of a database, by the fields of an Incident PostgreSQL credential. What is wrong with the
 * database is in n8n's log: of each alert that is not folded, and of the rest once a minute.
 * @throws PipelineError `misconfigured`
 */
export function databaseFolding(data: object, logger: Logger): Folding {
  const access = readPostgresAccess(data);
  const logged = (effect: string) => {
    let quietUntil = -Infinity;
    return ({ message, nextStep }: PipelineError): void => {
      const at = performance.now();
      if (at < quietUntil) return;
      quietUntil = at + 60_000;
      logger.error(`${effect}: ${message}. ${nextStep}`);
    };
  };
  const skipped = logged('An incident counts towards no bound');
  const failed = logged('Repeated alerts are not counted in their incidents');
  return keptFolding(JSON.stringify(access), () =>
    foldingOver(postgresIncidents(access, now, skipped), { failed, spent: warn(logger) }),
  );
}

interface Listeners {
  tell?: Folding['tell'];
  failed?: (problem: PipelineError) => void;
  spent: Report;
}

export function foldingOver(store: IncidentStore, { tell = nobody, failed, spent }: Listeners): Folding {
  return {
    store,
    repeats: new CountedRepeats(store, failed ?? ((problem) => void tell(problem))),
    acts: actsByPlaybook,
    spent: onceAnHour(spent),
    tell,
    restsUntil: -Infinity,
  };
}

const nobody: Folding['tell'] = () => Promise.resolve();

/** The folding of this key, made if this process has none yet. */
export function keptFolding(key: string, make: () => Folding): Folding {
  const known = foldings.get(key);
  if (known !== undefined) return known;
  const folding = make();
  foldings.set(key, folding);
  forgetOldest(foldings, MOST);
  return folding;
}
