import type { IncomingMessage } from 'node:http';
import { CHUNK_OVERHEAD_BYTES } from './limits';

export class BodyTooLarge extends Error {}

/** Whether a request announces a body. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Reads a body to its end.
 * @param limit in bytes
 * @param hold is told what each chunk costs as it arrives
 * @throws BodyTooLarge as soon as the limit is certain to be exceeded
 * @throws Error when the sender goes away before the end
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
      reject(new Error('The sender went away.'));
    });
  });
}
