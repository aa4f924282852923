import type { CustomObjectsApi } from '@kubernetes/client-node';

import { CONFIGURATION } from '../support/alerts';
import { expectRefusal } from './support/admission';
import {
  breakGlassConfig,
  dismissTenant,
  mightyResponderConfig,
  plainAdministratorConfig,
  responderConfig,
  tenantConfig,
} from './support/identities';
import {
  API_VERSION,
  expectInvalid,
  patchRecord,
  RECORDS,
  recordsApi,
  REFUSALS,
  setStatus,
  TIME,
} from './support/recordsApi';
import { FIRST_START_MS, startCluster } from './support/stack';

const [plural, name] = ['responsepolicies', 'default'];

let responder: CustomObjectsApi;
let administrator: CustomObjectsApi;
/** May do everything in the responder's namespace. */
let tenant: CustomObjectsApi;
let breakGlass: CustomObjectsApi;

beforeAll(async () => {
  responder = recordsApi(responderConfig(await startCluster()));
  administrator = recordsApi(plainAdministratorConfig());
  tenant = recordsApi(await tenantConfig(RECORDS.namespace));
  breakGlass = recordsApi(breakGlassConfig());
}, FIRST_START_MS);
afterAll(() => dismissTenant(RECORDS.namespace));

const policy = (spec: object, called = name) => ({
  apiVersion: API_VERSION,
  kind: 'ResponsePolicy',
  metadata: { name: called },
  spec,
});
const rehearse = (body: object) =>
  administrator.createNamespacedCustomObject({ ...RECORDS, namespace: 'default', plural, body, dryRun: 'All' });

test('the ResponsePolicy says by itself what holds where the administrator says nothing', async () => {
  expect(await rehearse(policy({}))).toMatchObject({ spec: CONFIGURATION });
});

test.each<[string, object, string]>([
  ['of another name', policy({}, 'other'), 'named default'],
  ['with an unknown mode', policy({ mode: 'reckless' }), 'Unsupported value'],
  ['with a confidence above 1', policy({ minimumConfidence: { deletePod: 1.1 } }), 'deletePod'],
  ['with no window', policy({ budget: { windowMinutes: 0 } }), 'windowMinutes'],
])('one %s is refused', async (_what, body, message) => {
  await expectInvalid(rehearse(body), message);
});

test('it is set by users with the right to, never by the responder', async () => {
  expect(await patchRecord(tenant, plural, name, { spec: { mode: 'observe' } })).toMatchObject({
    spec: { mode: 'observe' },
  });
  expect(await patchRecord(tenant, plural, name, { spec: { mode: null } })).toMatchObject({
    spec: { mode: 'autonomous' },
  });
  const mighty = recordsApi(mightyResponderConfig());
  await expectRefusal(
    patchRecord(mighty, plural, name, { spec: { mode: 'observe' } }),
    'may not write what it is held to',
  );
});

test('it is booked on by the responder alone', async () => {
  const reservation = { pod: 'uid', namespace: 'playground', workload: 'Deployment/web', incident: 'i', at: TIME };
  const booked = { reservations: [reservation] };
  expect(await setStatus(responder, plural, name, booked)).toMatchObject({ status: booked });
  await expectInvalid(
    setStatus(responder, plural, name, { reservations: Array.from({ length: 1001 }, () => reservation) }),
    'reservations',
  );
  for (const api of [tenant, administrator, breakGlass])
    await expectRefusal(setStatus(api, plural, name, { reservations: [] }), REFUSALS.status);
  await setStatus(responder, plural, name, { reservations: [] });
});

test('it is not deleted, which would forget what was booked', async () => {
  for (const api of [tenant, administrator])
    await expectRefusal(api.deleteNamespacedCustomObject({ ...RECORDS, plural, name }), REFUSALS.deleted);
  await breakGlass.deleteNamespacedCustomObject({ ...RECORDS, plural, name, dryRun: 'All' });
});
