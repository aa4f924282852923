/** Bodies that are made to cost as much as they can, for every sender, and what an incident's alerts of PagerDuty can be. */
import type { Sender } from '../../core/sources/senders';
import { JSON_LIMITS } from '../../core/text/json';

export interface HostileBody {
  sender: Sender;
  name: string;
  body: unknown;
}

/** Texts that the rules of masking find the most work in. */
export const HOSTILE_TEXTS: readonly string[] = ['a://b:c@', 'mysql -p ', 'password="', 'k=', 'a\u200b', '[masked: '];

const TIME = '2026-11-26T20:00:00Z';
const UID = '5b0f2a3c-1d4e-4f60-8a71-92b3c4d5e6f7';

/** The text again and again, for as many characters. */
const long = (text: string, length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length);
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: Math.max(1, Math.floor(count)) }, (_, index) => make(index));
/** With more keys an object is refused before anything else is done with it. Other keys than the hostile ones need room. */
const MOST_KEYS = JSON_LIMITS.keys - 96;
const record = (count: number, name: (index: number) => string, value: unknown): Record<string, unknown> =>
  Object.fromEntries(many(Math.min(count, MOST_KEYS), (index) => [name(index), value]));
const nested = (levels: number): unknown => many(levels, () => 0).reduce<unknown>((inner) => [inner], 0);

const falco = (change: object = {}, fields: object = {}) => ({
  rule: 'A rule',
  priority: 'Warning',
  time: TIME,
  output: 'x',
  output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'checkout-1', 'k8s.pod.uid': UID, ...fields },
  ...change,
});

const entry = (change: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'A', namespace: 'shop', pod: 'checkout-1' },
  annotations: {},
  startsAt: TIME,
  endsAt: '',
  generatorURL: '',
  fingerprint: 'f',
  ...change,
});
const group = (alerts: unknown[], change: object = {}) => ({
  version: '4',
  groupKey: 'g',
  receiver: 'r',
  alerts,
  ...change,
});

const result = (change: object) => ({
  policy: 'p',
  status: 'fail',
  resource: { kind: 'Pod', namespace: 'shop', name: 'checkout-1', uid: UID },
  creationTimestamp: TIME,
  ...change,
});

const scan = (report: object, metadata: object = {}) => ({
  metadata: { name: 'r', namespace: 'shop', ...metadata },
  report,
});
const finding = (text: string) => ({ vulnerabilityID: text, severity: 'CRITICAL', resource: text });

const incident = (data: object) => ({
  event: {
    id: 'E',
    event_type: 'incident.triggered',
    occurred_at: TIME,
    data: { id: 'P1', status: 'triggered', title: 't', ...data },
  },
});

/** How many characters of a text, again and again, make so many bytes of JSON. */
function charactersOf(text: string, bytes: number): number {
  return (bytes * text.length) / (Buffer.byteLength(JSON.stringify(text)) - 2);
}

/** Hostile bodies of at most about `size` bytes each. */
export function hostileBodies(size: number): HostileBody[] {
  const longName = Math.min(100_000, size / 2);
  const bodies: [Sender, string, unknown][] = [
    [
      'falcosidekick',
      'as many fields as there may be',
      falco(
        {},
        record(size / 16, (i) => `f${i}`, 'x'),
      ),
    ],
    ['falcosidekick', 'values of one character', falco({}, { list: many(size / 3, () => 1) })],
    ['falcosidekick', 'empty objects', falco({}, { list: many(size / 4, () => ({})) })],
    [
      'falcosidekick',
      'names of 100 kB',
      falco(
        {},
        record(size / longName, (i) => `${i}${long('k=', longName)}`, 'x'),
      ),
    ],
    ['falcosidekick', 'many tags', falco({ tags: many(size / 12, (i) => `k=${i}`) })],
    [
      'falcosidekick',
      'lists nested as deeply as they may be',
      falco(
        {},
        record(size / 500, (i) => `f${i}`, nested(240)),
      ),
    ],
    ['falcosidekick', 'lists nested more deeply', falco({}, { deep: nested(Math.min(size / 3, 1000)) })],
    ['falcosidekick', 'escaped characters', falco({ output: long('\u0001"\\', size / 4) })],
    ['reports', 'Alertmanager: many alerts', group(many(size / 170, () => entry()))],
    ['reports', 'Alertmanager: many alerts that are none', group(many(size / 3, () => 1))],
    ['reports', 'policy-reporter: many properties', result({ properties: record(size / 16, (i) => `p${i}`, 'x') })],
    ['reports', 'Trivy: many findings', scan({ vulnerabilities: many(size / 70, (i) => finding(`CVE-${i}`)) })],
    [
      'reports',
      'Trivy: a large summary',
      scan({ vulnerabilities: [finding('a')], summary: record(size / 16, (i) => `s${i}`, 1) }),
    ],
    ['pagerDuty', 'many assignees', incident({ assignees: many(size / 15, (i) => ({ id: `U${i}` })) })],
    ['pagerDuty', 'much that is not read', incident({ body: record(size / 16, (i) => `f${i}`, 'x') })],
  ];
  for (const text of HOSTILE_TEXTS) {
    const name = JSON.stringify(text);
    const characters = charactersOf(text, size);
    const whole = long(text, characters - 2000);
    // Besides an output of 8192 characters.
    const parts = many((characters - 8192) / 6500, (i) => `${i} ${long(text, 6400)}`);
    const fields = Object.fromEntries(parts.map((part, i) => [`f${i}`, part]));
    bodies.push(
      ['falcosidekick', `one text of ${name}`, falco({ output: whole })],
      ['falcosidekick', `fields of ${name}`, falco({ output: long(text, 8192) }, fields)],
      ['falcosidekick', `a list of ${name}`, falco({}, { list: many(characters / 40, () => long(text, 36)) })],
      [
        'falcosidekick',
        `names of ${name}`,
        falco(
          {},
          record(characters / 150, (i) => `${i}${long(text, 130)}`, 'x'),
        ),
      ],
      [
        'reports',
        `Alertmanager: a group of ${name}`,
        group(
          many(60, () => entry()),
          { groupKey: whole.slice(60 * 170) },
        ),
      ],
      [
        'reports',
        `Alertmanager: alerts of ${name}`,
        group(
          many(characters / 2500, (i) =>
            entry({
              labels: { alertname: text, a: `${i}${long(text, 1000)}` },
              annotations: { summary: `${i}${long(text, 1000)}` },
            }),
          ),
        ),
      ],
      [
        'reports',
        `Alertmanager: labels of ${name}`,
        group(
          many(50, () =>
            entry({ labels: record(characters / 50 / 60, (i) => `${i}${long(text, 24)}`, long(text, 24)) }),
          ),
        ),
      ],
      ['reports', `policy-reporter: properties of ${name}`, result({ message: long(text, 8192), properties: fields })],
      [
        'reports',
        `Trivy: findings of ${name}`,
        scan({ vulnerabilities: many(characters / 200, (i) => finding(`${i}${long(text, 70)}`)) }),
      ],
      ['pagerDuty', `a title of ${name}`, incident({ title: whole })],
    );
  }
  return bodies.map(([sender, name, body]) => ({ sender, name, body }));
}

/** What PagerDuty's REST API can hand on of an incident: ten alerts whose details are hostile, of about `size` bytes in all. */
export function hostileIncidentAlerts(size: number): { name: string; alerts: unknown[] }[] {
  const ten = (details: unknown) => many(10, (index) => ({ id: `A${index}`, summary: 's', body: { details } }));
  const each = size / 10;
  return [
    { name: 'details with many names', alerts: ten(record(each / 14, (i) => `f${i}`, 'x')) },
    { name: 'details nested deeply', alerts: ten({ deep: nested(Math.min(each, 1000)) }) },
    ...HOSTILE_TEXTS.flatMap((text) => [
      {
        name: `details of ${JSON.stringify(text)}`,
        alerts: ten(Object.fromEntries(many(each / 6500, (i) => [`f${i}`, long(text, 6400)]))),
      },
      {
        name: `names of ${JSON.stringify(text)}`,
        alerts: ten(record(each / 150, (i) => `${i}${long(text, 130)}`, 'x')),
      },
    ]),
  ];
}
