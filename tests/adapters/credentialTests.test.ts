import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';

import { K8sQuarantine } from '../../nodes/K8sQuarantine/K8sQuarantine.node';
import { LokiPush } from '../../nodes/LokiPush/LokiPush.node';
import { NeoTask } from '../../nodes/NeoTask/NeoTask.node';
import { PushgatewayMetrics } from '../../nodes/PushgatewayMetrics/PushgatewayMetrics.node';
import { loopbackCertificate, type ServerCertificate } from '../e2e/support/loopbackCertificate';
import { type RunningServer, serve } from '../support/httpServer';

/** The credential's test of each node, as n8n calls it, and the fields of a credential for an address. */
const TESTED = {
  Loki: {
    run: (data: object) => new LokiPush().methods.credentialTest.lokiTest(decrypted(data)),
    at: (url: string) => ({ url }),
    example: 'http://loki.monitoring:3100',
  },
  Pushgateway: {
    run: (data: object) => new PushgatewayMetrics().methods.credentialTest.pushgatewayTest(decrypted(data)),
    at: (url: string) => ({ url }),
    example: 'http://pushgateway.monitoring:9091',
  },
  'Pulumi Cloud': {
    run: (data: object) => new NeoTask().methods.credentialTest.pulumiCloudTest.call({} as never, decrypted(data)),
    at: (url: string) => ({ url, organization: 'acme', accessToken: 'token' }),
    example: 'https://api.pulumi.com',
  },
  'a Kubernetes API server': {
    run: (data: object) =>
      new K8sQuarantine().methods.credentialTest.kubernetesResponderTest.call({} as never, decrypted(data)),
    at: (server: string, caCertificate = '') => ({ authentication: 'token', server, caCertificate, token: 'token' }),
    example: 'https://kubernetes.default.svc',
  },
} as const;
type Name = keyof typeof TESTED;
const PLAIN = ['Loki', 'Pushgateway'] as const;
const ALL = Object.keys(TESTED) as Name[];

const decrypted = (data: object) => ({ id: '', name: '', type: '', data }) as unknown as ICredentialsDecrypted;
const tested = (name: Name, url: string, ca?: string): Promise<INodeCredentialTestResult> =>
  TESTED[name].run(TESTED[name].at(url, ca ?? ''));

type Page = [status: number, headers: Record<string, string>, body: string];
const JSON_TYPE = { 'content-type': 'application/json' };
const page = (status: number, body: unknown): Page => [status, JSON_TYPE, JSON.stringify(body)];

/** What each server answers where the tests of credentials look; every other path is its 404. */
const PAGES: Record<string, Record<string, Page>> = {
  Loki: {
    '/loki/api/v1/labels': page(200, { status: 'success' }),
    '/loki/api/v1/status/buildinfo': page(200, { version: '3.7.3', goVersion: 'go1.26' }),
  },
  Pushgateway: {
    '/api/v1/status': page(200, { status: 'success', data: { build_information: {}, flags: {}, start_time: '' } }),
  },
  Prometheus: {
    '/-/ready': [200, {}, 'Prometheus Server is Ready.'],
    '/api/v1/status/buildinfo': page(200, { status: 'success', data: { version: '3.8.0', goVersion: 'go1.26' } }),
  },
  Grafana: { '/api/health': page(200, { database: 'ok', version: '12.0.0' }) },
  Alertmanager: { '/api/v2/status': page(200, { cluster: {}, versionInfo: {} }) },
};

/** The Kubernetes client takes a while to load. */
jest.setTimeout(60_000);

const running: { close: () => unknown }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

async function answering(pageOf: (path: string, headers: Record<string, unknown>) => Page): Promise<string> {
  const server: RunningServer = await serve((request, response) => {
    const [status, headers, body] = pageOf(request.url ?? '', request.headers);
    response.writeHead(status, headers).end(body);
  });
  running.push(server);
  return server.url;
}
const serverOf = (name: string) => answering((path) => PAGES[name]?.[path] ?? [404, {}, '404 page not found\n']);
const always = (...answer: Page) => answering(() => answer);

/** A server that is none of HTTP: it takes a connection and does with it what it is told. */
async function tcp(onConnection: (socket: Socket) => void): Promise<string> {
  const server: Server = createTcpServer(onConnection).listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  running.push(server);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function tls(certificate: ServerCertificate, pageOf: (path: string) => Page): Promise<string> {
  const server = createTlsServer(certificate, (request, response) => {
    const [status, headers, body] = pageOf(request.url ?? '');
    response.writeHead(status, headers).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function refusedPort(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** An error whose message says each of these, and nothing that only a programmer reads. */
async function says(result: Promise<INodeCredentialTestResult>, ...patterns: RegExp[]): Promise<void> {
  const { status, message } = await result;
  expect(status).toBe('Error');
  for (const pattern of patterns) expect(message).toMatch(pattern);
  expect(message).not.toMatch(/undefined|\bE[A-Z]{4,}\b|ERR_|UND_ERR|HPE_|fetch failed|\[object/);
}

describe.each(ALL)('the credential test of %s', (name) => {
  const { example } = TESTED[name];

  test.each(['', '   ', 'loki', 'not a url', 'ftp://files.example.com', 'localhost:3100', 'https://'])(
    'an address such as %j is refused, with one that is right',
    async (url) => {
      await says(tested(name, url), /empty|does not begin with|is not a URL|must be an https URL/, new RegExp(example));
    },
  );

  test('a port at which nothing listens is named', async () => {
    const at = await refusedPort();
    await says(tested(name, `https://${at}`), new RegExp(`nothing listens at ${at}`), /Check the port/);
  });

  test('a host name that DNS does not know is named', async () => {
    await says(
      tested(name, 'https://no-such-host.invalid'),
      /no-such-host\.invalid is unknown to DNS/,
      /Check the host name/,
    );
  });

  test('https on a port without TLS', async () => {
    const url = await always(404, {}, '');
    await says(tested(name, url.replace('http:', 'https:')), /does not speak TLS/, /http:\/\//);
  });

  test('a certificate of an authority that nobody trusts', async () => {
    const url = await tls(await loopbackCertificate(), () => page(200, {}));
    await says(
      tested(name, url),
      /no authority that this n8n trusts signed the certificate of 127\.0\.0\.1/,
      /CA certificate/,
    );
  });

  test('a server of something else than HTTP', async () => {
    const at = await tcp((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    await says(tested(name, `https://${at}`), /does not speak TLS|ended the connection/, /port/);
  });
});

describe.each(PLAIN)('the credential test of %s', (name) => {
  test('passes at its own server, and below a path of a proxy', async () => {
    expect(await tested(name, await serverOf(name))).toMatchObject({ status: 'OK' });
    const below = await answering((path) => PAGES[name]?.[path.replace('/below', '')] ?? [404, {}, '']);
    expect(await tested(name, `${below}/below/`)).toMatchObject({ status: 'OK' });
  });

  test.each(['Loki', 'Pushgateway', 'Prometheus', 'Grafana', 'Alertmanager'].filter((other) => other !== name))(
    'names %s where that answers instead',
    async (other) => {
      await says(tested(name, await serverOf(other)), new RegExp(`the server is ${other}`), /Enter the address of/);
    },
  );

  test.each<[string, Page, ...RegExp[]]>([
    ['plain HTTP to a server with TLS', [400, {}, 'Client sent an HTTP request to an HTTPS server.\n'], /https:\/\//],
    ['401', [401, {}, 'Unauthorized'], /answered 401 \(Unauthorized\)/, /User/, /Password/],
    ['401 without a text', [401, {}, ''], /answered 401\. Check/],
    ['403', [403, JSON_TYPE, '{"error":"denied"}'], /answered 403/, /Password/],
    ['404', [404, {}, '404 page not found'], /answered 404/, /Check host, port and path/],
    ['a redirect', [302, { location: 'https://login.example.com/' }, ''], /redirects to https:\/\/login\.example\.com/],
    ['a web page', [200, { 'content-type': 'text/html' }, '<!doctype html><h1>Login</h1>'], /a web page/, /of the API/],
    ['a web page that does not say so', [200, {}, '\n<html>'], /a web page/],
    ['JSON of something else', page(200, { hello: 'world' }), /answered 200 and is not/],
    ['no JSON', [200, {}, 'ok'], /answered 200 and is not/],
    ['500', [500, {}, 'broken'], /answered 500 \(broken\)/, /logs/],
    ['429', [429, {}, ''], /answered 429/],
  ])('%s', async (_what, answer, ...patterns) => {
    await says(tested(name, await always(...answer)), ...patterns);
  });

  test('a user or a query in the address, and a path of the API, are refused', async () => {
    await says(tested(name, 'http://admin:pw@127.0.0.1:1'), /holds a user or a password/, /User and Password/);
    await says(tested(name, 'http://127.0.0.1:1/?a=b'), /query/);
    for (const api of name === 'Loki' ? ['/loki/api/v1/push', '/loki/api'] : ['/metrics/job/a'])
      await says(tested(name, `http://127.0.0.1:1${api}`), /ends in a path of the API/);
  });

  test('a server that takes the connection and never answers', async () => {
    const at = await tcp(() => undefined);
    await says(tested(name, `http://${at}`), /did not answer in time/, /firewalls/);
  }, 15_000);

  test('what a server says is cut, with secrets masked and nothing invisible', async () => {
    const answer = `password=hunter22-hunter22 \u202e${'x'.repeat(100_000)}`;
    const { message } = await tested(name, await always(401, {}, answer));
    expect(message).not.toMatch(/hunter22|\u202e/);
    expect(message.length).toBeLessThan(600);
  });
});

test('Loki: a tenant that is missing is asked for, and one that is given is sent', async () => {
  const url = await answering((_path, headers) =>
    headers['x-scope-orgid'] === 'team' ? page(200, { status: 'success' }) : [401, {}, 'no org id\n'],
  );
  await says(tested('Loki', url), /wants a tenant/, /field Tenant/);
  expect(await TESTED.Loki.run({ url, tenant: 'team' })).toMatchObject({ status: 'OK' });
});

test('user and password are sent', async () => {
  const wanted = `Basic ${Buffer.from('u:p').toString('base64')}`;
  for (const name of PLAIN) {
    const url = await answering((path, { authorization }) =>
      authorization === wanted ? (PAGES[name]?.[path] ?? [404, {}, '']) : [401, {}, ''],
    );
    await says(TESTED[name].run({ url, username: 'u', password: 'x' }), /answered 401/);
    expect(await TESTED[name].run({ url, username: 'u', password: 'p' })).toMatchObject({ status: 'OK' });
  }
});

describe('the credential test of a Kubernetes API server', () => {
  const forbidden: Page = page(401, { kind: 'Status', status: 'Failure', message: 'Unauthorized', code: 401 });
  const version = page(200, { gitVersion: 'v1.35.0' });
  const jwt = (exp: number) =>
    ['{}', JSON.stringify({ exp, iat: exp - 86_400 }), '']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
  let certificate: ServerCertificate;
  beforeAll(async () => {
    certificate = await loopbackCertificate();
  });
  const at = (pages: Record<string, Page>) =>
    tls(certificate, (path) => pages[path.split('?')[0] ?? ''] ?? [404, {}, '']);
  const review = page(201, { status: { userInfo: { username: 'system:serviceaccount:n8n:n8n-responder' } } });
  const REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

  test.each<[string, Record<string, Page>, ...RegExp[]]>([
    [
      'a token that is not of this cluster',
      { '/version': forbidden },
      /answered 401/,
      /token has expired or is not of/,
    ],
    ['another server', PAGES.Grafana ?? {}, /the server is Grafana/],
    ['a redirect', { '/version': [301, { location: 'https://console.example.com' }, ''] }, /redirects to/],
    ['a web page', { '/version': [200, { 'content-type': 'text/html' }, '<html>'] }, /web page/],
    ['one that does not know tokens', { '/version': version }, /could not ask who the token belongs to/],
  ])('%s', async (_what, pages, ...patterns) => {
    await says(tested('a Kubernetes API server', await at(pages), certificate.authority), ...patterns);
  });

  const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- name: prod
  cluster: {server: https://10.0.0.1:6443}
users:
- name: responder
  user: {token: secret-of-the-kubeconfig}
`;
  test.each<[string, string, ...RegExp[]]>([
    ['a kubeconfig', KUBECONFIG, /whole kubeconfig, not a token/, /Choose Kubeconfig as Authentication/],
    ['a kubeconfig on one line', KUBECONFIG.replaceAll('\n', ' '), /whole kubeconfig/, /Choose Kubeconfig/],
    ['a kubeconfig as JSON', '{"apiVersion":"v1","kind":"Config","clusters":[]}', /whole kubeconfig/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n', /certificate or a key/, /CA Certificate/],
    ['a header', 'Bearer secret-of-the-kubeconfig', /begins with the word Bearer/, /Leave the word out/],
    ['a broken line', 'secret-of-the\nkubeconfig', /line break inside/, /as one line/],
  ])('%s pasted where the token belongs, before any server is asked', async (_what, token, ...patterns) => {
    const credential = TESTED['a Kubernetes API server'].at('https://127.0.0.1:1');
    const result = TESTED['a Kubernetes API server'].run({ ...credential, token });
    await says(result, /field Token/, /kubectl create token n8n-responder/, ...patterns);
    expect((await result).message).not.toContain('secret-of-the');
  });

  test('a CA certificate that is none', async () => {
    await says(
      tested('a Kubernetes API server', await at({}), 'no certificate'),
      /CA certificate cannot be read|no authority/,
    );
  });

  test('a token that ends soon is an error, since n8n shows nothing of a success', async () => {
    const server = await at({ '/version': version, [REVIEWS]: review });
    const credential = TESTED['a Kubernetes API server'].at(server, certificate.authority);
    const soon = Math.floor(Date.now() / 1000) + 600;
    await says(
      TESTED['a Kubernetes API server'].run({ ...credential, token: jwt(soon) }),
      /Connected as system:serviceaccount:n8n:n8n-responder, but not for long/,
      /kubectl create token n8n-responder/,
    );
    const later = TESTED['a Kubernetes API server'].run({ ...credential, token: jwt(soon + 80_000) });
    expect(await later).toMatchObject({
      status: 'OK',
      message: expect.stringMatching(/the token ends at \d{4}-/) as string,
    });
  });
});
