/**
 * The gate, a reverse proxy before n8n. Its settings:
 * - GATE_HOST, GATE_PORT: where it listens; all addresses and 5678 if unset
 * - GATE_UPSTREAM_PORT: n8n's port on loopback, 5680 if unset; in queue mode its main process's
 * - GATE_WEBHOOKS: in queue mode n8n's webhook processors, as host:port, separated by commas
 * - GATE_RESERVED: webhooks with webhook processors of their own, as /webhook/path=host:port, separated by commas
 * - GATE_BEHIND_PROXY: `true` if only a proxy of ours can reach the gate, so that its X-Forwarded headers are trusted
 */
import { createGate } from './server';
import { Tally } from './tally';
import { addressesIn } from './address';
import { reservedIn } from './reserved';

function portFrom(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return otherwise;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  console.error(`gate: ${name} is not a port: ${JSON.stringify(text)}. Set it to a number from 1 to 65535.`);
  process.exit(2);
}

/** @param form how one entry of the setting is written */
function listFrom<T>(name: string, read: (text: string) => T, form: string): T {
  try {
    return read(process.env[name] ?? '');
  } catch (error) {
    console.error(`gate: ${name} has ${(error as Error).message}. Write it as ${form}, several separated by commas.`);
    process.exit(2);
  }
}

const { server, repeats } = createGate({
  port: portFrom('GATE_UPSTREAM_PORT', 5680),
  webhooks: listFrom('GATE_WEBHOOKS', addressesIn, 'host:port'),
  reserved: listFrom('GATE_RESERVED', reservedIn, '/webhook/path=host:port'),
  readyMilliseconds: 1_000,
  behindProxy: process.env.GATE_BEHIND_PROXY === 'true',
  turnedAway: new Tally((line) => {
    console.log(line);
  }).add,
});

const port = portFrom('GATE_PORT', 5678);
server.listen({ port, host: process.env.GATE_HOST }, () => {
  console.log(`gate: listening on port ${port}`);
});
server.once('error', (error) => {
  console.error(`gate: cannot listen on port ${port}: ${error.message}. End the program that listens there.`);
  process.exit(1);
});

// Requests that n8n is processing are still answered, and n8n gets the repeats that it does not know of; new requests are
// not accepted.
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    server.close(() => {
      void repeats.close().then(() => process.exit(0));
    });
    server.closeIdleConnections();
  });
