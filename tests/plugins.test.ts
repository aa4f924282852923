/** An action, source, guardrail, metric or playbook entry without its docs or its tests fails here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { normaliseAlerts } from '../core/alert/normalise';
import { PipelineError } from '../core/errors';
import { type Action, ACTION_FACTS, ACTIONS } from '../core/incident/actions';
import type { Alert } from '../core/incident/alert';
import { GUARDRAILS } from '../core/policy/guardrails';
import { playbook } from '../core/policy/playbook';
import { RELEASE_GUARDRAIL } from '../core/policy/release';
import { acts } from '../core/policy/strength';
import { FALCO_TABLE, REPORT_TABLE } from '../core/policy/table';
import { SIGNS } from '../core/policy/table/signs';
import { BY_TAG, FALLBACK } from '../core/policy/table/tags';
import { SOURCES } from '../core/sources';
import { SENDERS } from '../core/sources/senders';
import { COUNTERS, GAUGES, HISTOGRAMS } from '../core/telemetry/metrics';
import { RESOURCES } from '../nodes/K8sQuarantine/resources';
import type { Resource } from '../nodes/K8sQuarantine/resources/operation';
import { SENDER_FACTS } from '../nodes/SecurityAlertTrigger/senders';
import { OPERATIONS } from './e2e/support/operations';
import { RECEIVED_AT } from './support/alerts';
import { ROOT } from './support/manifests';

const page = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8');

/** The rows of all tables of a page, as their cells. */
const rows = (name: string): string[][] =>
  [...page(name).matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | '));

/** The operation of K8s Quarantine that carries an action out, as n8n shows it. */
function operationOf(action: Action): string {
  const named = ({ operations }: Resource) =>
    operations.some(({ action: label }) => label === ACTION_FACTS[action].label);
  return `${RESOURCES.find(named)?.name ?? ''}: ${ACTION_FACTS[action].verb}`;
}

describe('every action', () => {
  test.each(ACTIONS)('%s has a row in docs/policy.md, with the operation that carries it out', (action) => {
    expect(rows('policy.md').map((cells) => cells.slice(0, 2))).toContainEqual([
      `\`${action}\``,
      `*${operationOf(action)}*`,
    ]);
  });

  test.each(ACTIONS)('%s is an operation whose every call fails in tests/e2e/faults.test.ts', (action) => {
    expect(OPERATIONS.map(({ name }) => name)).toContain(action);
  });
});

describe('every source', () => {
  const alerts = ['tests/fixtures/alerts', 'cluster/local/alerts'].flatMap(alertsIn);

  test.each(SOURCES)('$label has a row in docs/alerts.md that says what its alerts are about', ({ label }) => {
    const [, table = ''] = page('alerts.md').split('| source | subject');
    expect(table.split('\n\n')[0]).toMatch(new RegExp(`^\\| [^|]*\\b${label}\\b`, 'm'));
  });

  test.each(SOURCES)('$label has a payload among the fixtures', ({ id }) => {
    expect(alerts.map(({ source }) => source)).toContain(id);
  });

  test.each(SOURCES)('$label gives its alerts rules that the playbook knows', ({ id }) => {
    for (const alert of alerts.filter(({ source }) => source === id))
      expect([alert.rule, playbook(alert).reason]).not.toEqual([alert.rule, FALLBACK.reason]);
  });

  test.each(SENDERS)('of the sender %s is authenticated by a credential that docs/alerts.md names', (sender) => {
    const { type } = SENDER_FACTS[sender].credential;
    const names = readdirSync(join(ROOT, 'credentials')).flatMap((file) => {
      const text = readFileSync(join(ROOT, 'credentials', file), 'utf8');
      return text.includes(`name = '${type}'`) ? (/displayName = '([^']*)'/.exec(text)?.[1] ?? []) : [];
    });
    expect(names).toHaveLength(1);
    expect(page('alerts.md')).toContain(`*${names.join()}*`);
  });
});

// tests/core/policy.test.ts checks that each has a case in its table.
describe('every guardrail', () => {
  test.each([...GUARDRAILS.map(({ name }) => name), RELEASE_GUARDRAIL])('%s has a row in docs/policy.md', (name) => {
    expect(rows('policy.md').map(([first]) => first)).toContain(`\`${name}\``);
  });
});

describe('every metric', () => {
  test.each(Object.keys({ ...GAUGES, ...COUNTERS, ...HISTOGRAMS }))(
    '%s has a row in docs/metrics-and-logs.md',
    (name) => {
      expect(rows('metrics-and-logs.md').map(([first = '']) => first.replace(/\{.*\}/, ''))).toContain(`\`${name}\``);
    },
  );
});

// tests/manifests/falcoRules.test.ts and tests/core/playbook.test.ts check that Falco's rules are those of its sets.
describe('every entry of the playbook', () => {
  const rowsOf = [...FALCO_TABLE.values(), ...REPORT_TABLE.values()].flat();
  const entries = [...rowsOf.map(([rule, , answer]) => [rule, answer] as const), ...BY_TAG];

  test.each(entries)('%s gives a reason in sentences, and contains first only if it contains', (_name, entry) => {
    expect(entry.reason).toMatch(/^\S.*\.$/);
    if (entry.containFirst) expect(acts(entry.decision)).toBe(true);
  });

  test.each([...FALCO_TABLE, ...REPORT_TABLE])(
    '%s has an answer whatever its facts are, and only one',
    (_name, own) => {
      expect(own.map(([, when]) => Object.keys(when).length === 0)).toEqual(own.map((_, at) => at === own.length - 1));
    },
  );

  test('every sign is one of a kind and continues the sentence that it is put into', () => {
    expect(new Set(SIGNS.map(({ name }) => name)).size).toBe(SIGNS.length);
    for (const { meaning } of SIGNS) expect(meaning).toMatch(/^[a-z].*[^.]$/);
  });

  test.each([...REPORT_TABLE.keys()])('for the report %s is about a rule that the docs name', (rule) => {
    expect(page('alerts.md') + page('detectors.md')).toContain(`\`${rule}\``);
  });
});

/** The alerts of a folder's payloads; payloads that are refused or skipped on purpose have none. */
function alertsIn(folder: string): Alert[] {
  return readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      const body: unknown = JSON.parse(readFileSync(join(ROOT, folder, file), 'utf8'));
      try {
        return normaliseAlerts(body, RECEIVED_AT, 'anyone').alerts;
      } catch (error) {
        if (error instanceof PipelineError) return [];
        throw error;
      }
    });
}
