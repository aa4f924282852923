/**
 * Measures what bodies that are made to cost as much as they can do to others: how long each holds the event loop at one
 * go, on the trigger's own code; and, with --stack, how long a Falco alert takes to be contained while such bodies come in,
 * beside its quiet time. Prints figures; judges nothing.
 */
import type { IWebhookFunctions } from 'n8n-workflow';

import { numberOf, parse, readCommandLine } from '../cluster/shared/commandLine.js';
import { normaliseAlerts } from '../core/alert/normalise.js';
import { incidentAlertSteps } from '../core/alert/pagerDutyAlerts.js';
import { signsOf } from '../core/policy/table/raise.js';
import type { Sender } from '../core/sources/senders.js';
import { SECRET_HEADER } from '../core/names.js';
import { SENDER_FACTS } from '../nodes/SecurityAlertTrigger/senders.js';
import { receiveAlert } from '../nodes/SecurityAlertTrigger/receiveAlert.js';
import { paced } from '../nodes/shared/paced.js';
import { alertOf } from '../tests/support/alerts.js';
import { hostileTexts } from '../tests/support/hostileTexts.js';
import { hostileBodies, hostileIncidentAlerts } from '../tests/support/hostileBodies.js';
import { report, signatureOf } from '../tests/support/reports.js';
import { meanwhile } from './hostileStack.js';
import { type Hold, longestHold } from './loopHold.js';

// Without spaces: PagerDuty's credential holds secrets apart by them.
const SECRET = 'the-secret-of-the-benchmark';
/** How many of the worst are printed of each sender. */
const WORST = 5;

interface Row extends Hold {
  sender: string;
  name: string;
  answer: string;
}

interface Options {
  kib: number;
  stack: boolean;
  rounds: number;
}

const HOSTILE = {
  command: 'npm run bench:hostile',
  about: "Measures how long hostile bodies block n8n's event loop.",
  options: {
    kib: { type: 'string', default: '1024', about: 'how large each body is, KiB' },
    stack: {
      type: 'boolean',
      default: false,
      about: 'measure also how long a Falco alert waits meanwhile, in the stack',
    },
    rounds: { type: 'string', default: '3', about: 'with --stack: how often each body is sent' },
  },
} as const;

function readOptions(args: readonly string[]): Options {
  const { kib, stack, rounds } = parse(HOSTILE, args).values;
  return { kib: numberOf('kib', kib, 32, 65_536), stack, rounds: numberOf('rounds', rounds, 1, 1_000) };
}

async function main({ kib, stack, rounds }: Options): Promise<void> {
  print([...(await inProcess(kib)), ...(await inSigns())], kib);
  if (stack) await meanwhile(kib, rounds);
}

/** How long the search for signs of an attack holds the loop, by what a text of 4 KiB repeats. */
async function inSigns(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, text } of hostileTexts()) {
    const fields = {
      'proc.cmdline': text,
      'proc.exepath': text,
      'proc.env': text,
      'fd.name': text,
      'fd.nameraw': text,
    };
    const work = () => Promise.resolve(signsOf(alertOf('pod-quarantine-test', { fields }), undefined));
    await work();
    rows.push({ sender: 'Search for signs', name: JSON.stringify(name), answer: '', ...(await longestHold(work)) });
  }
  return rows;
}

/** Each body twice, so that what is measured is the work and not its first compilation. */
async function inProcess(kib: number): Promise<Row[]> {
  const idle = await longestHold(() => new Promise((resolve) => setTimeout(resolve, 2000)));
  const rows: Row[] = [{ sender: '(nothing)', name: 'two seconds of rest', answer: '', ...idle }];
  // Quotes and escapes make a body longer than what is in it.
  for (const { sender, name, body } of hostileBodies(kib * 900)) {
    const bytes = Buffer.from(JSON.stringify(body));
    if (bytes.length > kib * 1024) throw new Error(`${name}: ${bytes.length} bytes are more than a trigger takes`);
    await post(sender, bytes, kib);
    let answer = '';
    const hold = await longestHold(async () => (answer = await post(sender, bytes, kib)));
    rows.push({ sender, name, answer, ...hold });
  }
  const [incident] = normaliseAlerts(report('pagerduty-triggered'), new Date(), 'pagerDuty').alerts;
  if (incident === undefined) throw new Error('there is no incident');
  for (const { name, alerts } of hostileIncidentAlerts(kib * 900)) {
    const work = () => paced(incidentAlertSteps(incident, alerts), 'bench');
    await work();
    rows.push({ sender: "PagerDuty's REST API", name, answer: 'read', ...(await longestHold(work)) });
  }
  return rows;
}

let posted = 0;

/** Posts a body to the trigger's own function, in a context that says what n8n's would. Returns what it answered. */
async function post(sender: Sender, body: Buffer, maxKib: number): Promise<string> {
  // Other bytes each time, since a copy is answered without being read.
  const bytes = Buffer.concat([body, Buffer.from(' '.repeat(++posted % 64))]);
  let answer: unknown;
  const response = {
    status: () => response,
    json: (reply: unknown) => (answer = reply),
    once: () => undefined,
    setHeader: () => response,
  };
  const context = {
    getRequestObject: () => ({ rawBody: bytes }),
    getResponseObject: () => response,
    getHeaderData: () => ({
      [SECRET_HEADER.toLowerCase()]: SECRET,
      'x-pagerduty-signature': signatureOf(bytes.toString('utf8'), SECRET),
      'x-webhook-id': `delivery ${posted}`,
    }),
    // Each body comes to a trigger that knows no incident yet: what is new costs more than what is counted.
    getWorkflow: () => ({ id: `bench ${posted}` }),
    getNode: () => ({ name: 'Security Alert Trigger', credentials: { [SENDER_FACTS[sender].credential.type]: {} } }),
    getCredentials: () => Promise.resolve({ secret: SECRET, secrets: SECRET }),
    getNodeParameter: (name: string) => (name === 'sender' ? sender : maxKib + 1),
  } as unknown as IWebhookFunctions;
  const said: unknown = (await receiveAlert(context)).webhookResponse ?? answer;
  const { status, reason } = said as { status: string; reason?: string };
  return reason === undefined ? status : `${status}: ${reason.slice(0, 60)}`;
}

function print(rows: readonly Row[], kib: number): void {
  console.log(`\nLongest hold of the event loop, bodies of up to ${kib} KiB`);
  for (const sender of new Set(rows.map((row) => row.sender))) {
    const own = rows.filter((row) => row.sender === sender);
    console.log(`\n${sender}: ${own.length}; the worst:`);
    for (const { name, clock, work, answer } of own.toSorted((a, b) => b.work - a.work).slice(0, WORST))
      console.log(
        `  ${work.toFixed(1).padStart(7)} ms of work ${clock.toFixed(1).padStart(7)} ms by the clock  ${name}  ${answer}`,
      );
  }
}

// A trigger's turn waits by a timer that keeps no process alive: n8n has others.
setInterval(() => undefined, 1_000);
await main(readCommandLine(readOptions));
process.exit();
