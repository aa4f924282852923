#!/usr/bin/env node
// Stands in for busybox's nc where a machine has none: nc HOST PORT, nc -l -p PORT. As there, the end of the input ends
// only what is sent, and the end of what is received ends nc.
import { connect, createServer } from 'node:net';

function join(socket) {
  process.stdin.pipe(socket);
  socket.on('data', (chunk) => process.stdout.write(chunk));
  socket.on('end', () => process.exit(0));
  socket.on('error', () => process.exit(1));
  process.stdout.on('error', () => process.exit(1));
}

const [first, second, third] = process.argv.slice(2);
if (first === '-l') {
  if (second !== '-p') throw new Error('usage: nc -l -p PORT');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    server.close();
    join(socket);
  });
  server.listen(Number(third));
} else {
  const socket = connect({ host: first, port: Number(second), allowHalfOpen: true }, () => join(socket));
  socket.on('error', () => process.exit(1));
}
