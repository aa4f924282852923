import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Stack } from '../../cluster/local/stack';
import { N8n } from './support/n8n';
import { FIRST_START_MS, startStack } from './support/stack';

let stack: Stack;
let n8n: N8n;
let kubernetes: { server: string; caCertificate: string; token: string };

beforeAll(async () => {
  stack = await startStack();
  n8n = await N8n.connect(stack);
  const { value } = JSON.parse(readFileSync(join(stack.logs, '../token.json'), 'utf8')) as { value: string };
  kubernetes = {
    server: stack.urls.kubernetes,
    caCertificate: readFileSync(stack.caCertificate, 'utf8'),
    token: value,
  };
}, FIRST_START_MS);

const check = (type: string, data: object) => n8n.testCredential(type, data);

describe('the test that n8n runs on a credential', () => {
  test('passes for what works', async () => {
    expect(await check('securityAlertSecretApi', { secret: stack.webhookSecret })).toMatchObject({ status: 'OK' });
    expect(await check('kubernetesResponderApi', kubernetes)).toMatchObject({
      status: 'OK',
      message: expect.stringMatching(
        /^Connected as system:serviceaccount:n8n:n8n-responder; the token ends at \d{4}-/,
      ) as string,
    });
    expect(await check('pushgatewayApi', { url: stack.urls.pushgateway, username: 'u', password: 'p' })).toMatchObject({
      status: 'OK',
    });
    expect(await check('lokiApi', { url: stack.urls.loki, tenant: 'team', username: '', password: '' })).toMatchObject({
      status: 'OK',
    });
  });

  test('says what is wrong', async () => {
    expect(await check('securityAlertSecretApi', { secret: 'short' })).toMatchObject({
      status: 'Error',
      message: expect.stringContaining('16 characters') as string,
    });
    expect(await check('kubernetesResponderApi', { ...kubernetes, token: 'wrong' })).toMatchObject({
      status: 'Error',
      message: expect.stringContaining('token has expired') as string,
    });
    expect(await check('kubernetesResponderApi', { ...kubernetes, server: 'http://127.0.0.1:1' })).toMatchObject({
      status: 'Error',
      message: expect.stringContaining('https') as string,
    });
    for (const type of ['pushgatewayApi', 'lokiApi'])
      expect(await check(type, { url: 'http://127.0.0.1:9' })).toMatchObject({ status: 'Error' });
  });
});
