/**
 * What one sender, or all of them together, may cost before n8n has seen a byte. A sender that has not proved who it is
 * gets no more than this, so that the sum fits into the gate's own memory limit (manifests/n8n/deployment.yaml).
 */

const MIB = 2 ** 20;

export interface Limits {
  /** Open connections. One more closes the connection that has waited longest for its sender. */
  connections: number;
  /** WebSockets of signed-in editors, which stay open. */
  tunnels: number;
  /** Bytes of all bodies in memory. More closes the longest waiting connection that holds more than `smallBytes`. */
  heldBytes: number;
  /** A body that never gives way: an alert is a few KiB. All connections together hold no more than this each besides. */
  smallBytes: number;
  /** A request's headers, milliseconds from the connection's first byte. */
  headersMilliseconds: number;
  /** The whole request, headers and body. */
  requestMilliseconds: number;
  /** A kept connection without a request. */
  idleMilliseconds: number;
  /** A connection without a byte in either direction, such as one whose answer nobody reads. */
  silentMilliseconds: number;
  /** Requests that n8n has at the same time, by lane; the others wait in their order. */
  lanes: Readonly<Record<Lane, number>>;
}

/** Uploads are apart because n8n writes each to disk; people are apart because their answers are large and slow. */
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

/** Each chunk of a body costs its object too: a body that comes byte by byte is not cheap. */
export const CHUNK_OVERHEAD_BYTES = 256;

/** n8n's own limit (N8N_PAYLOAD_SIZE_MAX); the trigger refuses more than its parameter says, by default a quarter. */
export const JSON_BYTES = 4 * MIB;

/** A form of ours holds a decision and a note, no file. n8n makes a file on disk of each part of a form that has a name. */
export const FORM_BYTES = 64 * 1024;

export const HEADER_BYTES = 16 * 1024;
export const HEADER_COUNT = 100;
