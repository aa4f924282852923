/** What each actor can make the pipeline spend within an hour: the table in docs/incidents.md, driven to its bounds. */
import { readFileSync } from 'node:fs';

import { DEFAULT_INCIDENT_BOUNDS } from '../../core/incident/responsePolicy';
import { PRIORITIES } from '../../core/incident/priority';
import type { Alert } from '../../core/incident/alert';
import { Admissions, eventOf } from '../support/incidents';

interface Spent {
  executions: number;
  'model requests': number;
  notifications: number;
  Incidents: number;
}

const ACTORS = {
  'code in a pod, by one rule': () => hour([aboutPod('a', 'a')], { settled: 5 }),
  'code in a pod, by every rule': () =>
    hour(
      times(100, (rule) => aboutPod('a', 'a', `rule ${rule}`)),
      { settled: 5 },
    ),
  'a tenant who creates pods of one workload': () => hour(times(100, (pod) => aboutPod(`web-${pod}`, 'web'))),
  'a tenant with pods of many workloads, in one namespace': () =>
    hour(times(51 * 31, (pod) => aboutPod(`pod-${pod}`, `workload-${pod % 51}`))),
  'all tenants of 20 namespaces, with a pod of each of 510 workloads': () =>
    hour(
      // One of them uses up what the cluster has before the others begin, which have their floors.
      times(510, (pod) => ({
        ...aboutPod(`pod-${pod}`, `workload-${pod}`, 'a rule', `tenant-${pod < 50 ? 0 : 1 + (pod % 19)}`),
        from: pod < 50 ? 0 : 3,
      })),
      { settled: 8 },
    ),
  'who has the secret of reports, with 2,000 namespaces that do not exist': () =>
    hour(
      times(2000, (pod) => ({ ...aboutPod(`pod-${pod}`, 'web', 'a rule', `invented-${pod}`), isReport: true })),
      { settled: 5 },
    ),
} satisfies Record<string, () => Promise<Spent>>;

/** Analysis and decision; each of them again if the model's answer is not valid; and all of them again without a reply. */
const REQUESTS_PER_PASS = 8;

test.each(Object.entries(ACTORS))('%s costs what the docs say, and no more', async (actor, drive) => {
  expect(await drive()).toEqual(documented(actor));
});

test('the docs name the actors that are driven, and no others', () => {
  expect([...rows().keys()]).toEqual(Object.keys(ACTORS));
});

interface Source {
  about: string;
  alert: Partial<Alert> & { pod: string; rule: string };
  isReport?: boolean;
  /** The round with which its events begin. */
  from?: number;
}

/** An event about a pod that belongs to a workload. */
function aboutPod(pod: string, workload: string, rule = 'a rule', namespace = 'shop'): Source {
  const target = { namespace, pod, podUid: `uid-${pod}`, container: null, image: null };
  return { about: workload, alert: { pod, rule, target, subject: { kind: 'Pod', namespace, name: pod } } };
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/**
 * An hour in which the events come again and again. After each of the first rounds every incident is settled, so that its
 * next event opens it again; after that each priority is above the last. A report's sender settles it, by saying that it is resolved.
 */
async function hour(sources: readonly Source[], { settled = 0 } = {}): Promise<Spent> {
  const workloads = new Map(sources.map(({ alert, about }) => [alert.pod, about]));
  const admissions = new Admissions(DEFAULT_INCIDENT_BOUNDS, {
    acts: ({ trust }) => trust === 'kernel',
    about: ({ target, subject }) =>
      Promise.resolve(
        target === null
          ? subject
          : { kind: 'Deployment', namespace: target.namespace, name: workloads.get(target.pod) ?? '' },
      ),
  });
  const spent: Spent = { executions: 0, 'model requests': 0, notifications: 0, Incidents: 0 };
  const rounds = settled + RISING.length;
  for (let round = 0; round < rounds; round += 1) {
    const priority = RISING[Math.max(round - settled, 0)] ?? 'unknown';
    for (const { alert, isReport = false, from = 0 } of sources) {
      if (round < from) continue;
      const sender = isReport ? ({ source: 'alertmanager', trust: 'report' } as const) : {};
      const event = () => eventOf({ ...alert, ...sender, priority }, admissions.now);
      const { passing } = await admissions.admit(event());
      if (isReport && passing.length > 0)
        passing.push(...(await admissions.admit({ ...event(), status: 'resolved' })).passing);
      for (const { incident } of passing) {
        spent.executions += 1;
        if (incident?.model === true) spent['model requests'] += REQUESTS_PER_PASS;
        if (incident?.notify === true) spent.notifications += 1;
      }
    }
    if (round < settled) await admissions.settle();
    admissions.later(59 / rounds);
  }
  spent.Incidents = (await admissions.store.all()).length;
  return spent;
}

const RISING = [...PRIORITIES.toReversed(), 'unknown'] as const;

/** The numbers of an actor in the docs. */
function documented(actor: string): Spent {
  const [executions, requests, notifications, incidents] = rows().get(actor) ?? [];
  return {
    executions: Number(executions),
    'model requests': Number(requests),
    notifications: Number(notifications),
    Incidents: Number(incidents),
  };
}

function rows(): Map<string, string[]> {
  const lines = readFileSync('docs/incidents.md', 'utf8').split('\n');
  const first = lines.findIndex((line) => line.startsWith('| actor |')) + 2;
  const table = lines.slice(first, lines.indexOf('', first));
  return new Map(
    table.map((line): [string, string[]] => {
      const [actor = '', ...cells] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [actor, cells];
    }),
  );
}
