// relay.mjs FROM TO: passes connections on from one port of 127.0.0.1 to another. Stopped (SIGSTOP), it is a network that
// drops everything without a word: the connections stand at both ends, and carry nothing.
import { connect, createServer } from 'node:net';

const [from, to] = process.argv.slice(2).map(Number);
createServer((client) => {
  const server = connect(to, '127.0.0.1');
  client.pipe(server).pipe(client);
  for (const socket of [client, server]) {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => [client, server].forEach((each) => each.destroy()));
  }
}).listen(from, '127.0.0.1');
