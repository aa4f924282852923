import type { AddressInfo } from 'node:net';

import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

import { until } from '../../../cluster/local/process/wait';

export interface Mailbox {
  port: number;
  /** Waits for the next e-mail. */
  next: () => Promise<Email>;
  close: () => Promise<void>;
}

/** A mail server on a free port of the loopback interface that takes whatever comes. */
export async function openMailbox(): Promise<Mailbox> {
  const received: Buffer[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push(Buffer.concat(chunks));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    next: async () => PostalMime.parse(await until('an e-mail', 30, () => Promise.resolve(received.shift()))),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}
