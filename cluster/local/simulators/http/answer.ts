import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** What a route is asked: the parts of the path are those that its pattern names. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  parts: Record<string, string>;
  body: Buffer;
}

export interface Said {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

/** A status with JSON, a function that writes the answer itself, or the connection's end without one. */
export type Answer = Said | ((response: ServerResponse) => void) | 'drop';

/** Thrown anywhere below a route: what the client did wrong, in the words of the service that is simulated. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(readonly said: Said) {
    super(JSON.stringify(said.body));
  }
}
