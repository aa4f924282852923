/**
 * How much one sender, or all of them together, may cost before n8n receives a byte. An unauthenticated client gets no
 * more than this, so that the total fits into the gate's own memory limit (manifests/n8n/deployment.yaml).
 */

const MIB = 2 ** 20;

export interface Limits {
  /** Open connections. Another one closes the connection that has waited longest for its sender. */
  connections: number;
  /** WebSockets of signed-in editors, which stay open. */
  tunnels: number;
  /**
   * Bytes of all bodies in memory. Beyond this, the gate closes the longest waiting connection with more than
   * `smallBytes`.
   */
  heldBytes: number;
  /**
   * A connection with a body up to this size is never closed for memory: an alert is a few KiB. In addition to
   * `heldBytes`, each connection holds at most this much.
   */
  smallBytes: number;
  /** Time for a request's headers, milliseconds from the connection's first byte. */
  headersMilliseconds: number;
  /** Time for the whole request, headers and body. */
  requestMilliseconds: number;
  /** Time for a kept connection without a request. */
  idleMilliseconds: number;
  /** Time for a connection without a byte in either direction, such as one whose answer is not read. */
  silentMilliseconds: number;
  /** Concurrent requests to n8n, by lane; the others wait in order. */
  lanes: Readonly<Record<Lane, number>>;
}

/**
 * Uploads have their own lane because n8n writes each to disk; people have one because their answers are large and
 * slow.
 */
export type Lane = 'alerts' | 'people' | 'uploads';

export const LIMITS: Limits = {
  connections: 512,
  tunnels: 64,
  heldBytes: 24 * MIB,
  smallBytes: 64 * 1024,
  headersMilliseconds: 5_000,
  requestMilliseconds: 15_000,
  idleMilliseconds: 5_000,
  silentMilliseconds: 300_000,
  lanes: { alerts: 64, people: 64, uploads: 4 },
};

/** Each chunk of a body also costs its object: a body that arrives byte by byte is not cheap. */
export const CHUNK_OVERHEAD_BYTES = 256;

/** n8n's own limit (N8N_PAYLOAD_SIZE_MAX); the trigger refuses more than its parameter allows, by default a quarter. */
export const JSON_BYTES = 4 * MIB;

/** Our forms contain a decision and a note, no file. n8n writes each named part of a form to a file on disk. */
export const FORM_BYTES = 64 * 1024;

/** How much of a refused body is still read and dropped, so that its sender gets to read the answer. */
export const LINGER = { bytes: 16 * MIB, milliseconds: 2_000 };

export const HEADER_BYTES = 16 * 1024;
export const HEADER_COUNT = 100;
