import type { Browser as Chromium } from 'playwright-core';

import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../core/names';
import { type IncidentRecord, incidentRecordSchema, statusOf } from '../../core/incident/incidentRecord';
import { launchChromium } from './support/chromium';
import { Browser, wordsOf } from './support/form';
import { logged, send } from './support/incident';
import { N8n } from './support/n8n';
import { FIRST_START_MS, startStack } from './support/stack';

/** What an attacker in the pod writes, to be run in the browser of a person who opens the report. */
const HOSTILE = `sh -c "</td></style><img src=x onerror='document.title=1'><script>document.title=2</script>"`;
const REPORT = 'https://report.example.test/';

let stack: Stack;
let cluster: Cluster;
let n8n: N8n;
let person: Browser;
let chromium: Chromium;

beforeAll(async () => {
  stack = await startStack();
  cluster = connect();
  n8n = await N8n.connect(stack);
  person = await Browser.owner(stack);
  chromium = await launchChromium();
}, FIRST_START_MS);
afterAll(async () => {
  await (chromium as Chromium | undefined)?.close();
});

/** The Incident that has this id, once its pass has ended. */
async function incidentOf(id: string): Promise<IncidentRecord> {
  return until(`the Incident of ${id}`, 30, async () => {
    const { items } = await cluster.objects.list(CUSTOM_RESOURCES.apiVersion, 'Incident', NAMESPACES.responder);
    const found = items
      .flatMap((item) => incidentRecordSchema.safeParse(item).data ?? [])
      .find((record) => statusOf(record).incident === id);
    return found === undefined || statusOf(found).state === 'Open' ? undefined : found;
  });
}

const askFor = async (incident: string, as: 'Page' | 'File') =>
  person.next(await person.submit(await person.open(`${stack.urls.n8n}/form/incident-report`), [incident, [as]]));

test('the report of a handled incident opens in a browser and shows pod, decision and action, with an attack as text', async () => {
  const { incident, pod } = await send(stack, cluster, 'pod-quarantine-test', (alert) => {
    alert.output_fields['proc.cmdline'] = HOSTILE;
  });
  await logged(stack, incident);
  const { metadata } = await incidentOf(incident);

  const shown = await askFor(metadata.name, 'Page');
  expect(shown.html).toContain('<h2>Timeline</h2>');
  expect(shown.html).not.toContain('<img');

  const [execution] = await n8n.executions('incident-report');
  const [{ page: file } = { page: undefined }] = (await n8n.outputs(execution?.id ?? ''))['Read Page'] ?? [];
  const page = await chromium.newPage({ colorScheme: 'dark' });
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.route(REPORT, (route) => route.fulfill({ contentType: 'text/html', body: String(file) }));
  await page.goto(REPORT);
  const words = await page.locator('body').innerText();
  expect(words).toContain(`playground/${pod.metadata?.name ?? ''}`);
  expect(words).toContain('The pipeline decided to quarantine the pod.');
  expect(words).toContain(`Isolated pod playground/${pod.metadata?.name ?? ''} by NetworkPolicy`);
  expect(words).toContain('Analysis (ROSES)');
  expect(words).toContain("<img src=x onerror='document.title=1'>");
  expect(await page.locator('img, script, iframe, form').count()).toBe(0);
  expect(await page.title()).toMatch(/^Incident /);
  expect(requests).toEqual([REPORT]);
  await page.emulateMedia({ media: 'print' });
  expect((await page.pdf()).byteLength).toBeGreaterThan(10_000);
  await page.close();

  const given = await askFor(metadata.name, 'File');
  expect(wordsOf(given)).toContain('The report was downloaded');
  expect(decodeURIComponent(given.html)).toContain(`"fileName":"${metadata.name}.html","type":"text/html"`);
});

test('an incident that does not exist has no report, and the page says where names are', async () => {
  const words = wordsOf(await askFor('no-such', 'Page'));
  expect(words).toContain('There is no report');
  expect(words).toContain('there is no Incident no-such');
  expect(words).toContain('kubectl get incidents -n n8n');
});
