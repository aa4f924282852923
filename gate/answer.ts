import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Answers in the gate's own name. */
export function answer(
  response: ServerResponse,
  status: number,
  message: string,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(`${JSON.stringify({ error: message })}\n`);
}

/** The same where a body may still be on its way: the connection ends with the answer. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  answer(response, status, message, { connection: 'close' });
}
