import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { SECRET_HEADER } from '../../core/names';
import { SecurityAlertTrigger } from '../../nodes/SecurityAlertTrigger/SecurityAlertTrigger.node';
import { alertOf, payload } from '../support/alerts';
import { type RunningTrigger, serveTrigger } from '../support/webhook';

interface Recorded {
  request: string;
  headers: [name: string, value: string][];
  body: string;
}
const recorded = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/falcosidekick/n8n-output.json'), 'utf8'),
) as Recorded;
const SECRET = new Map(recorded.headers).get(SECRET_HEADER) ?? '';

let trigger: RunningTrigger;
beforeEach(async () => {
  trigger = await serveTrigger({
    node: new SecurityAlertTrigger(),
    parameters: { sender: 'falcosidekick' },
    credentials: { securityAlertSecretApi: { secret: SECRET } },
  });
});
afterEach(() => trigger.close());

/** Writes a request byte by byte as it is, and returns the status of the answer. */
async function write({ request, headers, body }: Recorded): Promise<number> {
  const head = [request, ...headers.map(([name, value]) => `${name}: ${value}`), 'Connection: close'].join('\r\n');
  const { hostname, port } = new URL(trigger.url);
  const chunks: Buffer[] = [];
  const socket = connect(Number(port), hostname, () => socket.write(`${head}\r\n\r\n${body}`));
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    socket.on('close', () => {
      resolve();
    });
    socket.on('error', reject);
  });
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(chunks).toString())?.[1]);
}

const changed = (change: (header: [string, string]) => [string, string][]): Recorded => ({
  ...recorded,
  headers: recorded.headers.flatMap(change),
});

describe("request of Falcosidekick's n8n output", () => {
  test('is taken as it is, with what the event says', async () => {
    expect(await write(recorded)).toBe(202);
    const { output_fields: fields, rule } = payload('pod-quarantine-test');
    expect(trigger.executions).toMatchObject([
      [
        {
          alert: {
            id: alertOf('pod-quarantine-test').id,
            rule,
            source: 'falco',
            trust: 'kernel',
            target: { pod: fields['k8s.pod.name'], podUid: fields['k8s.pod.uid'] },
            fields: { 'fd.name': '10.244.0.12:41244->10.96.0.1:443', 'proc.cmdline': fields['proc.cmdline'] },
          },
        },
      ],
    ]);
  });

  test('is what the fixture says: Falcosidekick by name, one header with the secret, the body by its length', () => {
    expect(new Map(recorded.headers)).toMatchObject(
      new Map([
        ['Host', 'n8n.n8n.svc.cluster.local:5678'],
        ['User-Agent', 'Falcosidekick'],
        ['Content-Length', String(Buffer.byteLength(recorded.body))],
        ['Content-Type', 'application/json; charset=utf-8'],
        [SECRET_HEADER, SECRET],
        ['Accept-Encoding', 'gzip'],
      ]),
    );
    expect(SECRET).toMatch(/[:,]/);
  });

  test.each<[string, Recorded]>([
    [
      'without the header, as when headerauthvalue is empty',
      changed((header) => (header[0] === SECRET_HEADER ? [] : [header])),
    ],
    ['with another value', changed(([name, value]) => [[name, name === SECRET_HEADER ? `${value}x` : value]])],
    ['with another name', changed(([name, value]) => [[name === SECRET_HEADER ? 'X-Secret' : name, value]])],
    [
      'with user and password in place of it',
      changed(([name, value]) =>
        name === SECRET_HEADER
          ? [['Authorization', `Basic ${Buffer.from(`u:${value}`).toString('base64')}`]]
          : [[name, value]],
      ),
    ],
  ])('is turned away %s', async (_what, request) => {
    expect(await write(request)).toBe(401);
    expect(trigger.executions).toEqual([]);
  });
});
