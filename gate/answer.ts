import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { LINGER } from './limits';
import type { Answer } from './repeats/repeats';

/** Answers the request instead of n8n. */
export function answer(
  response: ServerResponse,
  status: number,
  message: string,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(errorBody(message));
}

/** Gives an answer of n8n's again. */
export function repeat(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-length': body.length,
    ...(type === undefined ? {} : { 'content-type': type }),
  });
  response.end(body);
}

/**
 * Answers a request whose body may not have arrived completely, and closes the connection after that. The rest of the
 * body is read and dropped for a moment first: a connection that is closed while its sender still writes is reset, and
 * most clients then report a broken connection instead of the answer.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  const body = errorBody(message);
  response.writeHead(status, {
    connection: 'close',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.write(body);
  drain(request, () => {
    response.end();
  });
}

function errorBody(message: string): string {
  return `${JSON.stringify({ error: message })}\n`;
}

/** Reads and drops what still arrives of a request, within limits. */
function drain(request: IncomingMessage, done: () => void): void {
  if (request.complete) {
    done();
    return;
  }
  let dropped = 0;
  const end = (): void => {
    clearTimeout(timer);
    request.off('data', count).off('end', end).off('close', end);
    done();
  };
  const count = (chunk: Buffer): void => {
    dropped += chunk.length;
    if (dropped > LINGER.bytes) end();
  };
  const timer = setTimeout(end, LINGER.milliseconds);
  request.on('data', count).once('end', end).once('close', end);
}
