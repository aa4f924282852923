import { markLost } from '../../app/incidents/markLost';
import type { Alert } from '../../core/incident/alert';
import { RECORD_LIMITS } from '../../core/incident/incidentRecord';
import { Admissions, eventOf, newStore } from '../support/incidents';

/** Two processes over one store of incidents: what one of them remembers, the other does not know. */
function processes() {
  const store = newStore();
  return [new Admissions({}, { store }), new Admissions({}, { store })] as const;
}

/** An event of a PagerDuty incident. */
const pagerDuty = (id: string, status: Alert['status'] = 'firing') =>
  eventOf({ id, status, source: 'pagerduty', trust: 'report', target: null, grouping: 'pagerduty/P1' });

const triggered = pagerDuty('first');
const resolved = pagerDuty('first', 'resolved');
const reopened = pagerDuty('second');

describe('a delivery that reaches another process when it is repeated', () => {
  test('starts nothing, is not counted, and is answered with its incident', async () => {
    const [one, other] = processes();
    expect(await one.admit(triggered, 0, ['a'])).toMatchObject({ incident: 'first', passing: [{ id: 'first' }] });
    const again = await other.admit(triggered, 0, ['a']);
    expect(again).toMatchObject({ incident: 'first', passing: [], duplicate: { incident: 'first' } });
    expect(again.duplicate).not.toHaveProperty('repeated');
    expect(await other.statuses()).toMatchObject([{ count: 1, passed: 1 }]);
  });

  test('opens nothing again, whatever came since', async () => {
    const [one, other] = processes();
    await one.admit(triggered, 0, ['a']);
    await one.admit(resolved, 0, ['b']);
    await one.admit(reopened, 0, ['c']);
    expect(await other.admit(triggered, 0, ['a'])).toMatchObject({ incident: 'first', passing: [] });
    expect(await other.statuses()).toMatchObject([{ state: 'Open', incident: 'second', opening: 2 }]);
  });

  test('settles nothing that was opened again since', async () => {
    const [one, other] = processes();
    await one.admit(triggered, 0, ['a']);
    await one.admit(resolved, 0, ['b']);
    await one.admit(reopened, 0, ['c']);
    expect(await other.admit(resolved, 0, ['b'])).toMatchObject({ incident: 'first', passing: [] });
    expect(await other.statuses()).toMatchObject([{ state: 'Open', incident: 'second' }]);
  });

  test('is known although it was only counted, and answered as that', async () => {
    const [one, other] = processes();
    await one.admit(triggered, 0, ['a']);
    await one.admit(resolved, 0, ['b']);
    expect(await one.admit(resolved, 0, ['c'])).toMatchObject({ incident: 'first', passing: [] });
    await one.ports.repeats.flush();
    await one.admit(reopened, 0, ['d']);
    expect(await other.admit(resolved, 0, ['c'])).toMatchObject({ passing: [], duplicate: { repeated: true } });
    expect(await other.statuses()).toMatchObject([{ state: 'Open', count: 1 }]);
  });

  test('is known by either of its keys: its bytes, or the id that the sender repeats', async () => {
    const [one, other] = processes();
    await one.admit(triggered, 0, ['id', 'bytes']);
    await one.admit(reopened, 0, ['c']);
    expect((await other.admit(triggered, 0, ['id', 'others'])).duplicate).toBeDefined();
    expect((await other.admit(triggered, 0, ['bytes'])).duplicate).toBeDefined();
  });
});

test('a delivery that n8n could not store counts when it comes again', async () => {
  const [one, other] = processes();
  const [passing] = (await one.admit(triggered, 0, ['a'])).passing;
  if (passing === undefined) throw new Error('the alert did not pass');
  await markLost(one.store, passing, ['a']);
  const again = await other.admit(triggered, 0, ['a']);
  expect(again).toMatchObject({ incident: 'first', passing: [{ incident: { why: 'retried' } }] });
  expect((await one.admit(triggered, 0, ['a'])).duplicate).toBeDefined();
});

test('a delivery whose analysis was lost with its process starts it again, once', async () => {
  const [one, other] = processes();
  await one.admit(triggered, 0, ['a']);
  for (const admissions of [one, other]) admissions.later(11);
  expect((await other.admit(triggered, 0, ['a'])).passing).toMatchObject([{ incident: { why: 'retried' } }]);
  expect((await one.admit(triggered, 0, ['a'])).passing).toEqual([]);
});

test('an incident keeps a bounded number of deliveries, each once, the last ones', async () => {
  const [one, other] = processes();
  await one.admit(triggered, 0, ['first']);
  for (let count = 0; count < 3 * RECORD_LIMITS.deliveries; count += 1) {
    await one.admit(triggered, 0, [`id-${count}`, `bytes-${count}`]);
    if (count % 5 === 0) await one.ports.repeats.flush();
  }
  await one.ports.repeats.flush();
  const [record] = await other.store.all();
  const deliveries = record?.status?.deliveries ?? record?.spec.opened.deliveries ?? [];
  expect(deliveries).toHaveLength(RECORD_LIMITS.deliveries);
  expect(deliveries.at(-1)?.keys).toEqual(['id-47', 'bytes-47']);
  expect(new Set(deliveries.flatMap(({ keys }) => keys)).size).toBe(2 * RECORD_LIMITS.deliveries);
});

test('of a sender that does not repeat deliveries nothing is kept', async () => {
  const [one] = processes();
  await one.admit(eventOf());
  await one.admit(eventOf());
  await one.ports.repeats.flush();
  expect((await one.statuses())[0]?.deliveries).toBeUndefined();
});
