import type { IncomingMessage } from 'node:http';
import { CHUNK_OVERHEAD_BYTES } from './limits';

export class BodyTooLarge extends Error {}

/** Whether a request has a body, according to its headers. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Reads a body completely.
 * @param limit in bytes
 * @param hold is called with the cost of each chunk as it arrives
 * @throws BodyTooLarge as soon as the limit is certain to be exceeded
 * @throws Error when the sender disconnects before the end
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  hold: (bytes: number) => void,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data').resume();
        reject(new BodyTooLarge());
        return;
      }
      chunks.push(chunk);
      hold(chunk.length + CHUNK_OVERHEAD_BYTES);
    });
    request.once('end', () => {
      resolve(Buffer.concat(chunks, size));
    });
    request.once('error', reject);
    request.once('close', () => {
      reject(new Error('The sender disconnected.'));
    });
  });
}
