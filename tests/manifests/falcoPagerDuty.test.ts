import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadYaml, type V1EnvVar } from '@kubernetes/client-node';

import { parsePriority, PRIORITIES } from '../../core/incident/priority';
import stable from '../fixtures/falco-stable.json';
import { ROOT } from '../support/manifests';

interface Appended {
  match?: { rule: string };
  suggested_output?: boolean;
  extra_fields?: (string | Record<string, string>)[];
}
interface Values {
  falco: { append_output: Appended[] };
  falcosidekick: {
    config: {
      webhook: { address: string };
      pagerduty?: { minimumpriority: string; region?: string };
      customfields?: string;
      templatedfields?: string;
      outputFieldFormat?: string;
      extraEnv: V1EnvVar[];
    };
    webui: { enabled: boolean };
  };
}
interface Rule {
  rule?: string;
  priority?: string;
}

const text = (file: string) => readFileSync(join(ROOT, 'manifests/falco', file), 'utf8');
const below = loadYaml<Values>(text('values.yaml'));
const values = loadYaml<Values>(text('pagerduty.yaml'));
const { config, webui } = values.falcosidekick;

describe('Falcosidekick', () => {
  test('tells PagerDuty and nobody else', () => {
    expect([config.webhook.address, webui.enabled]).toEqual(['', false]);
    expect(Object.keys(config).toSorted()).toEqual([
      'extraEnv',
      'outputFieldFormat',
      'pagerduty',
      'templatedfields',
      'webhook',
    ]);
  });

  test("reads what it reads without this file, and the routing key for the webhook's headers", () => {
    const [key, ...context] = config.extraEnv;
    expect(key).toEqual({
      name: 'PAGERDUTY_ROUTINGKEY',
      valueFrom: { secretKeyRef: { name: 'falcosidekick-pagerduty', key: 'PAGERDUTY_ROUTINGKEY' } },
    });
    const before = below.falcosidekick.config.extraEnv;
    expect(context).toEqual(before.filter(({ name }) => name !== 'WEBHOOK_CUSTOMHEADERS'));
    expect(context).toHaveLength(before.length - 1);
  });

  test('makes a subject of one part before and one after the only colon', () => {
    expect(config.templatedfields?.split(',')).toHaveLength(1);
    expect(config.templatedfields?.split(':')).toEqual(['subject', expect.stringContaining('k8s.pod.name')]);
  });

  test('reports every rule but those that only inform', () => {
    const floor = config.pagerduty?.minimumpriority ?? '';
    const rank = (priority: string) => PRIORITIES.findIndex((known) => known === parsePriority(priority));
    const left = Object.entries(stable.rules).filter(([, said]) => rank(said) > rank(floor));
    expect(left).toEqual([['System user interactive', 'INFO']]);
  });
});

describe("Falco's fields", () => {
  const { append_output: appended } = values.falco;

  test("are those of values.yaml, and each loaded rule's name and priority", () => {
    expect(appended.slice(0, 2)).toEqual(below.falco.append_output);
    const named = appended.slice(2).map(({ match, extra_fields = [] }) => {
      // Falco takes maps of one key only.
      for (const field of extra_fields) expect(Object.keys(field)).toHaveLength(1);
      return [match?.rule, ...extra_fields];
    });
    const ours = loadYaml<Rule[]>(text('rules.yaml')).flatMap(({ rule, priority }) =>
      rule ? [[rule, priority] as const] : [],
    );
    const loaded = [...Object.entries(stable.rules), ...ours].toSorted(([a], [b]) => (a < b ? -1 : 1));
    expect(named).toEqual(loaded.map(([rule, said]) => [rule, { rule }, { priority: written(said) }]));
  });

  /** As Falco writes it in its own output. */
  function written(priority = ''): string {
    const word = priority === 'INFO' ? 'INFORMATIONAL' : priority;
    return `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`;
  }
});
