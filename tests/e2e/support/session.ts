import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Stack } from '../../../cluster/local/stack';

/** The id of the browser that n8n ties the session to. */
export const SESSION_BROWSER = 'e2e';

const HEADERS = { 'content-type': 'application/json', 'browser-id': SESSION_BROWSER };

/** The owner's session as a Cookie header. It is kept from file to file: n8n allows five logins in five minutes. */
export async function ownerSession({ urls, login, logs }: Stack): Promise<string> {
  const file = join(logs, '../e2e-session');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== '') {
    const asked = await fetch(`${urls.n8n}/rest/login`, { headers: { ...HEADERS, cookie: kept } });
    if (asked.ok) return kept;
  }
  const answer = await fetch(`${urls.n8n}/rest/login`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ emailOrLdapLoginId: login.email, password: login.password }),
  });
  if (!answer.ok) throw new Error(`n8n refuses its owner's login: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  await writeFile(file, cookie, { mode: 0o600 });
  return cookie;
}
