import fc from 'fast-check';

import { normaliseAlerts } from '../../core/alert/normalise';
import { incidentName, ownSubject, podKey } from '../../core/folding/key';
import { SOURCES } from '../../core/sources';
import { payload, RECEIVED_AT } from '../support/alerts';

/** What the fold reads of an alert: the gate must not answer two events alike that differ in it. */
function foldedBy(body: object) {
  const [alert] = normaliseAlerts(body, RECEIVED_AT, 'falcosidekick').alerts;
  if (alert === undefined) throw new Error('there is no alert');
  return [incidentName(alert, ownSubject(alert)), podKey(alert), alert.priority, alert.status];
}

test('only a source whose alerts come alone names values that may differ', () => {
  expect(SOURCES.filter((source) => 'differ' in source).map(({ id }) => id)).toEqual(['falco']);
});

test.each([
  ['a pod', payload('pod-quarantine-test')],
  ['a host', { ...payload('pod-quarantine-test'), hostname: 'node-1', output_fields: {} }],
  [
    'an object of an audit log',
    {
      ...payload('pod-quarantine-test'),
      source: 'k8s_audit',
      output_fields: { 'ka.target.resource': 'secrets', 'ka.target.name': 'db', 'ka.target.namespace': 'shop' },
    },
  ],
])('what may differ between repeats of an event about %s decides nothing about its incident', (_what, event) => {
  const kinds = SOURCES.flatMap((source) => ('differ' in source ? source.differ : []))
    .filter((path) => path.endsWith('*'))
    .map((path) => path.slice('output_fields/'.length, -1));
  const name = fc
    .tuple(fc.constantFrom(...kinds), fc.constantFrom('name', 'uid', 'pod', 'ns', ''))
    .map(([kind, rest]) => kind + rest);
  const value = fc.oneof(fc.string(), fc.integer(), fc.constantFrom('k8s.pod.uid', 'kube-system', 'true', null));
  fc.assert(
    fc.property(fc.dictionary(name, value), fc.string(), fc.uuid(), (some, output, uuid) => {
      const fields = { ...event.output_fields, ...some };
      const other = { ...event, output, uuid, time: '2026-11-27T12:00:00Z', output_fields: fields };
      expect(foldedBy(other)).toEqual(foldedBy(event));
    }),
  );
});
