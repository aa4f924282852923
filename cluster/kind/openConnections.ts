/**
 * What a quarantine does to connections that were open before it, from what the probe saw. Standard input has lines of
 *   mark NAME SECONDS               asked (before the alert), labelled, closed (new connections are refused), end
 *   STREAM SECONDS CONNECTION NUMBER   a line that arrived; STREAM is inbound, outbound (of the quarantined pod) or control
 * all by one clock. Prints the verdict (cut, survives or unknown), the reason, and the connections that were held, a line
 * each.
 */
import { text } from 'node:stream/consumers';
import { judge } from './heldConnections.js';

async function main(): Promise<void> {
  const { verdict, reason, held } = judge(await text(process.stdin));
  console.log([verdict, reason, held].join('\n'));
}

void main();
