/**
 * The calls of the pipeline to the API server between an alert and a contained pod, in its order, and nothing else: the alert is
 * not verified, bounded or masked, and nothing is decided. Bodies are those of core/. Prints its address; ends with its input.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { Agent } from 'undici';

import { HOST } from '../../cluster/local/process/ports.js';
import { contain, open, type SeenAlert } from './floorCalls.js';
import { ApiServer } from './floorServer.js';

const { FLOOR_SERVER = '', FLOOR_CERTIFICATE = '', FLOOR_TOKEN = '' } = process.env;

const certificate = await readFile(FLOOR_CERTIFICATE, 'utf8');
const agent = new Agent({ connect: { ca: certificate }, keepAliveTimeout: 60_000 });
const api = new ApiServer({ url: FLOOR_SERVER, certificate, token: FLOOR_TOKEN }, agent);
await api.watchPolicy();

const server = createServer((request, response) => {
  void text(request).then(async (body) => {
    const alert = JSON.parse(body) as SeenAlert;
    const incident = await open(api, alert);
    // As n8n answers, once it has stored the execution.
    response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ incident: alert.uuid }));
    await contain(api, alert, incident);
  });
});
server.listen(0, HOST, () => {
  console.log(`http://${HOST}:${(server.address() as AddressInfo).port}/`);
});
process.stdin.resume().once('end', () => process.exit());
