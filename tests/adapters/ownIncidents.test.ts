import { MOST_SETTLED, OwnIncidents } from '../../adapters/kubernetes/resources/ownIncidents';
import { type IncidentRecord, incidentRecordSchema, type IncidentStatus } from '../../core/incident/incidentRecord';

const TIME = '2026-11-27T10:00:00Z';

function recordOf(name: string, version: string, state: IncidentStatus['state']): IncidentRecord {
  return incidentRecordSchema.parse({
    metadata: { name, resourceVersion: version },
    spec: {
      source: 'falco',
      rule: 'a rule',
      subject: { kind: 'Pod', namespace: 'shop', name: 'web' },
      opened: {
        state,
        reason: 'a test',
        incident: name,
        opening: 1,
        priority: 'notice',
        firstSeen: TIME,
        lastSeen: TIME,
        count: 1,
        counted: 1,
        passed: 1,
        passes: [],
        pods: [],
        samples: [],
      },
    },
  });
}

describe('the incidents of this process, where the watch has none', () => {
  test('are known for some seconds, whatever their state', () => {
    const own = new OwnIncidents();
    own.keep(recordOf('a', '1', 'Open'), 0);
    for (const isTrusted of [true, false]) {
      expect(own.of('a', isTrusted, 5000)).not.toBeNull();
      expect(own.of('a', isTrusted, 5001)).toBeNull();
    }
    expect(own.of('b', true, 0)).toBeNull();
  });

  test('are known for longer if they are settled, but only by a watch that would have them opened again', () => {
    const own = new OwnIncidents();
    own.keep(recordOf('a', '1', 'Settled'), 0);
    expect(own.of('a', true, 3_600_000)).toMatchObject({ metadata: { resourceVersion: '1' } });
    expect(own.of('a', false, 3_600_000)).toBeNull();
    own.keep(recordOf('a', '2', 'Open'), 3_600_000);
    expect(own.of('a', true, 7_200_000)).toBeNull();
  });

  test('are forgotten when they are read again, and beyond a number the longest settled first', () => {
    const own = new OwnIncidents();
    for (let index = 0; index <= MOST_SETTLED; index += 1) own.keep(recordOf(`i-${index}`, '1', 'Settled'), index);
    expect(own.of('i-0', true, 1_000_000)).toBeNull();
    expect(own.of('i-1', true, 1_000_000)).not.toBeNull();
    own.forget('i-1');
    expect(own.of('i-1', true, 1_000_000)).toBeNull();
    expect(own.withOwn([]).length).toBeLessThanOrEqual(MOST_SETTLED + 1);
  });

  test('add to what the watch has, and replace only what is older', () => {
    const own = new OwnIncidents();
    own.keep(recordOf('a', '9', 'Settled'), 0);
    own.keep(recordOf('b', '10', 'Open'), 0);
    const seen = [recordOf('a', '10', 'Open'), recordOf('b', '9', 'Open')];
    expect(own.withOwn(seen).map(({ metadata }) => [metadata.name, metadata.resourceVersion])).toEqual([
      ['a', '10'],
      ['b', '10'],
    ]);
    expect(own.withOwn([]).map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });
});
