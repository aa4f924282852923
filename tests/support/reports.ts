import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A payload of another tool, in its form (tests/fixtures/alerts/README.md says after what). */
export function reportText(name: string): string {
  return readFileSync(join(__dirname, '../fixtures/alerts', `${name}.json`), 'utf8');
}

/** One that a test may change. */
export function report(name: string): Record<string, unknown> {
  return JSON.parse(reportText(name)) as Record<string, unknown>;
}

export function signatureOf(body: string, secret: string): string {
  return `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
