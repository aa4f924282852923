import { connect } from '../../adapters/kubernetes/api/client';
import { isStarting } from '../../adapters/kubernetes/api/starting';
import { serve } from '../support/httpServer';

/** An API server with this answer for who asks which API groups there are. */
async function startingWith(status: number, body: object): Promise<boolean> {
  const server = await serve((_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
  try {
    const access = { server: server.url, certificate: { text: '' }, token: { text: 't' } };
    return await isStarting(await connect(access, { watch: false }));
  } finally {
    await server.close();
  }
}

test('isStarting: an API server that refuses even its list of groups has not read its roles', async () => {
  const refusal = { kind: 'Status', status: 'Failure', message: 'forbidden: User "x" cannot get path "/apis"' };
  expect(await startingWith(403, refusal)).toBe(true);
});

test('isStarting: an API server that lists its groups has started', async () => {
  expect(await startingWith(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: [] })).toBe(false);
});
