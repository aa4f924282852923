import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';

import { groupPath } from '../../adapters/pushgateway/groupPath';
import { pushGroup } from '../../adapters/pushgateway/push';
import { type LokiAccess, pushLines } from '../../adapters/loki/push';
import { timed } from '../../app/outputs/linesOutput';
import { PipelineError } from '../../core/errors';
import { incidentLine } from '../../core/telemetry/logLine';
import { loopbackCertificate } from '../e2e/support/loopbackCertificate';
import { alertOf } from '../support/alerts';
import { realWorldCase } from '../support/realWorld';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** The address of a server that ends with the test. */
async function listening(server: Server, scheme = 'http'): Promise<string> {
  servers.push(server);
  server.unref();
  server.on('connection', (socket: { unref: () => void }) => {
    socket.unref();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Answer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

const answering = ({ status, body = '', headers = {} }: Answer) =>
  listening(
    createServer((request, response) => {
      request.resume();
      // What may pass by itself is tried again; a test need not wait for that.
      response.writeHead(status, { ...headers, 'retry-after': '0' }).end(body);
    }),
  );

const loki = (url: string, access: Partial<LokiAccess> = {}) =>
  failureOf(pushLines({ url, tenant: '', username: '', password: '', ...access }, timed([LINE], new Date())));
const pushgateway = (url: string, username = '') =>
  failureOf(pushGroup({ url, username, password: 'p' }, { instance: 'test', store: 's' }, ''));
const LINE = incidentLine({ alert: alertOf() });

async function failureOf(push: Promise<void>): Promise<PipelineError> {
  const error: unknown = await push.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof PipelineError) return error;
  throw error instanceof Error ? error : new Error(String(error));
}

const page = (title: string) => `<!DOCTYPE html><html><head><title>${title}</title></head></html>`;
const HTML = { 'content-type': 'text/html; charset=utf-8' };

describe('real-world cases of wrong answers', () => {
  test('loki-no-org-id: names the tenant, which is empty, and not the password', async () => {
    const { status, body, tenant } = realWorldCase('loki-no-org-id').input as unknown as Answer & { tenant: string };
    const { code, nextStep } = await loki(await answering({ status, body: body ?? '' }), {
      tenant,
      username: 'u',
      password: 'p',
    });
    expect(code).toBe('forbidden');
    expect(nextStep).toContain('set Tenant in the Loki credential');
    expect(nextStep).toContain('X-Scope-OrgID');
    expect(nextStep).not.toMatch(/password/i);
  });

  test('loki-redirect: names the redirect, and the address to set', async () => {
    const { status, headers } = realWorldCase('loki-redirect').input as unknown as Required<Answer>;
    const { message, nextStep } = await loki(await answering({ status, headers }));
    expect(message).toMatch(/answered 308, a redirect to https:\/\/loki\.test\/loki\/api\/v1\/push$/);
    expect(nextStep).toMatch(/set the URL in the Loki credential to https:\/\/loki\.test\.$/);
  });

  test('lines that a blocked tenant sends are not taken, although the answer is 260', async () => {
    const { code, status, nextStep } = await loki(
      await answering({
        status: 260,
        body: "ingestion blocked for user fake until '2027-01-01 00:00:00' with status code '260'\n",
      }),
    );
    expect([code, status]).toEqual(['rejected', 260]);
    expect(nextStep).toContain('block_ingestion_until');
  });

  test('a server that answers a push with a text is no Loki', async () => {
    const { code, nextStep } = await loki(await answering({ status: 200, body: '{"ok":true}' }));
    expect(code).toBe('rejected');
    expect(nextStep).toMatch(/another server.*set the URL in the Loki credential/);
  });

  test('pushgateway-instance-slash: the instance goes in base64', () => {
    const { instance } = realWorldCase('pushgateway-instance-slash').input as unknown as { instance: string };
    expect(groupPath({ instance, store: 's' })).toBe(
      '/metrics/job/incident-pipeline/instance@base64/cHJvZC9uOG4tMA/store/s',
    );
  });
});

describe('path of a Pushgateway group', () => {
  test.each([
    ['n8n-0', 'instance/n8n-0'],
    ['3f2a.local_1~x', 'instance/3f2a.local_1~x'],
    ['', 'instance@base64/='],
    ['a/b/c', 'instance@base64/YS9iL2M'],
    ['.', 'instance@base64/Lg'],
    ['..', 'instance@base64/Li4'],
    ['n8n:5678', 'instance@base64/bjhuOjU2Nzg'],
    ['a?b#c%2F', 'instance@base64/YT9iI2MlMkY'],
    ['Προμηθεύς', 'instance@base64/zqDPgc6_zrzOt864zrXPjc-C'], // the example of Pushgateway's README
  ])('%j is %s', (instance, path) => {
    const whole = groupPath({ instance, store: instance });
    expect(whole).toBe(`/metrics/job/incident-pipeline/${path}/${path.replace('instance', 'store')}`);
    expect(new URL(whole, 'http://gateway.test').pathname).toBe(whole);
  });
});

describe('a wrong answer of Loki', () => {
  test.each<[string, Answer, string, RegExp]>([
    [
      '401 for a wrong password',
      { status: 401, body: 'Unauthorized' },
      'forbidden',
      /^Check User and Password in the Loki/,
    ],
    [
      '401 of Grafana Cloud',
      { status: 401, body: 'authentication error: invalid token' },
      'forbidden',
      /^Check User and Pass/,
    ],
    [
      '401 that wants a bearer token',
      { status: 401, headers: { 'www-authenticate': 'Bearer realm="loki"' } },
      'forbidden',
      /bearer token, which the Loki credential cannot send/,
    ],
    [
      '403 of a service mesh',
      { status: 403, body: 'RBAC: access denied' },
      'forbidden',
      /knows who asks and refuses: allow/,
    ],
    [
      '403 of a firewall',
      { status: 403, body: page('Forbidden'), headers: HTML },
      'forbidden',
      /a proxy in front of it/,
    ],
    [
      '404 behind a prefix',
      { status: 404, body: '404 page not found' },
      'rejected',
      /ends before \/loki\/api\/v1\/push; behind a proxy/,
    ],
    ['405', { status: 405 }, 'rejected', /ends before/],
    ['407', { status: 407 }, 'forbidden', /proxy between n8n and Loki wants a login/],
    [
      '413',
      { status: 413, body: page('413 Request Entity Too Large'), headers: HTML },
      'rejected',
      /client_max_body_size/,
    ],
    [
      '400 too old',
      { status: 400, body: "entry for stream '{}' has timestamp too old: 2020, oldest acceptable timestamp is: 2026" },
      'rejected',
      /clocks of n8n and Loki differ/,
    ],
    [
      '400 too new',
      { status: 400, body: "entry for stream '{}' has timestamp too new: 2030" },
      'rejected',
      /clocks of n8n and Loki differ/,
    ],
    [
      '400 too far behind',
      { status: 400, body: 'entry too far behind, entry timestamp is: 1' },
      'rejected',
      /Another n8n has written a later time/,
    ],
    [
      '400 too long',
      { status: 400, body: "Max entry size '1024' bytes exceeded for stream" },
      'rejected',
      /max_line_size/,
    ],
    [
      '400 structured metadata',
      {
        status: 400,
        body: 'includes structured metadata, but this feature is disallowed. Please see `limits_config.allow_structured_metadata`',
      },
      'rejected',
      /allow_structured_metadata .* v13/,
    ],
    [
      '400 metadata too large',
      { status: 400, body: "stream has structured metadata too large: '9'" },
      'rejected',
      /max_structured_metadata_size/,
    ],
    [
      '400 labels',
      { status: 400, body: "entry for stream '{}' has 3 label names; limit 2" },
      'rejected',
      /max_label_names_per_series/,
    ],
    [
      '400 enforced labels',
      { status: 400, body: 'missing required labels team for user fake' },
      'rejected',
      /enforced_labels/,
    ],
    ['400 tenant', { status: 400, body: 'tenant ID contains unsupported character' }, 'rejected', /^Correct Tenant/],
    [
      '400 plain HTTP to TLS',
      { status: 400, body: 'Client sent an HTTP request to an HTTPS server.\n' },
      'rejected',
      /with https:\/\//,
    ],
    [
      '400 plain HTTP to nginx',
      { status: 400, body: page('400 The plain HTTP request was sent to HTTPS port'), headers: HTML },
      'rejected',
      /with https:\/\//,
    ],
    [
      '429',
      { status: 429, body: 'Ingestion rate limit exceeded for user fake (limit: 1 bytes/sec)' },
      'unreachable',
      /ingestion_rate_mb/,
    ],
    [
      '429 of a proxy',
      { status: 429, body: page('429 Too Many Requests'), headers: HTML },
      'unreachable',
      /takes no more for now/,
    ],
    [
      '429 of streams',
      { status: 429, body: 'Maximum active stream limit exceeded when' },
      'unreachable',
      /max_global_streams_per_user/,
    ],
    [
      '500',
      { status: 500, body: 'at least 1 live replicas required, could only find 0' },
      'unreachable',
      /no ingester that is ready/,
    ],
    [
      '502 of a proxy',
      { status: 502, body: page('502 Bad Gateway'), headers: HTML },
      'unreachable',
      /proxy answers, and Loki behind it does not/,
    ],
    ['503', { status: 503, body: 'Ingester not ready: waiting for 15s' }, 'unreachable', /is not ready/],
    ['418', { status: 418, body: 'a teapot' }, 'rejected', /its answer says why/],
  ])('%s', async (_what, answer, code, step) => {
    const error = await loki(await answering(answer), { username: 'u', password: 'p' });
    expect(error.code).toBe(code);
    expect(error.message).toContain(`answered ${answer.status}`);
    expect(error.nextStep).toMatch(step);
  });

  test.each([301, 302, 303, 307, 308])('%d names where it leads', async (status) => {
    const location = 'https://loki.test/prefix/loki/api/v1/push';
    const { code, message, nextStep } = await loki(await answering({ status, headers: { location } }));
    expect([code, message.endsWith(location)]).toEqual(['rejected', true]);
    expect(nextStep).toMatch(/to https:\/\/loki\.test\/prefix\.$/);
  });

  test.each([
    ['to a login', 'https://sso.test/login?rd=x&token=hunter2', /login of a proxy/],
    ['without an address', undefined, /Find out where Loki is/],
    ['to what is no address', 'http://[', /Find out where Loki is/],
    ['to itself', '/loki/api/v1/push', /redirects to itself/],
  ])('a redirect %s', async (_what, location, step) => {
    const error = await loki(await answering({ status: 302, headers: location === undefined ? {} : { location } }));
    expect(error.nextStep).toMatch(step);
    expect(error.message).not.toContain('hunter2');
  });

  test('401 without a login in the credential asks for one', async () => {
    expect((await loki(await answering({ status: 401 }))).nextStep).toMatch(/set User and Password/);
  });

  test('401 with a login in the URL says where it belongs, and repeats it nowhere', async () => {
    const url = (await answering({ status: 401 })).replace('//', '//ada:hunter2@');
    const error = await loki(url);
    expect(error.nextStep).toMatch(/^Move user and password from the URL/);
    expect(error.message + error.nextStep).not.toContain('hunter2');
  });

  test('"no org id" in spite of a tenant means that a proxy drops it', async () => {
    const { nextStep } = await loki(await answering({ status: 401, body: 'no org id' }), { tenant: 'team' });
    expect(nextStep).toMatch(/pass the header X-Scope-OrgID on/);
  });

  test('404 for an address with the path of the API says what to take off', async () => {
    const { nextStep } = await loki(`${await answering({ status: 404 })}/loki/api/v1/push`);
    expect(nextStep).toMatch(/^Take \/loki\/api\/v1\/push off the URL/);
  });

  test('200 with a web page is no success: nothing was stored', async () => {
    const error = await loki(await answering({ status: 200, body: page('Sign in'), headers: HTML }));
    expect(error).toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('with a web page: "Sign in"') as string,
    });
    expect(error.nextStep).toMatch(/web page, such as a login or Grafana/);
  });

  test('is quoted in part, masked and visible', async () => {
    const error = await loki(await answering({ status: 400, body: `password=hunter2 \u202E ${'x'.repeat(100_000)}` }));
    expect(error.message).not.toMatch(/hunter2|\u202E/);
    expect(error.message.length).toBeLessThan(800);
  });
});

describe('a wrong answer of Pushgateway', () => {
  test.each<[string, Answer, string, RegExp]>([
    [
      '401 without a login',
      { status: 401, body: 'Unauthorized\n' },
      'forbidden',
      /set User and Password in the Pushgateway/,
    ],
    [
      '404 of a Prometheus',
      { status: 404, body: '404 page not found\n' },
      'rejected',
      /Prometheus answers so.*--web\.route-prefix/,
    ],
    ['405', { status: 405 }, 'rejected', /no Pushgateway 1\.x/],
    [
      '308',
      { status: 308, headers: { location: 'https://gw.test/metrics/job/incident-pipeline/instance/test/store/s' } },
      'rejected',
      /to https:\/\/gw\.test\.$/,
    ],
    ['413', { status: 413 }, 'rejected', /too low/],
    [
      '503',
      { status: 503, body: page('503'), headers: HTML },
      'unreachable',
      /proxy answers, and Pushgateway behind it/,
    ],
    [
      '400 inconsistent',
      {
        status: 400,
        body: 'pushed metrics are invalid or inconsistent with existing metrics: collected metric "incident_pipeline_failure_total" has help "a" but should have "b"',
      },
      'rejected',
      /delete the group .*\/metrics\/job\/incident-pipeline\/instance\/test/,
    ],
    [
      '400 timestamps',
      { status: 400, body: 'pushed metrics must not have timestamps' },
      'rejected',
      /adds times to metrics/,
    ],
    [
      '400 odd number',
      { status: 400, body: 'odd number of components in label string "/instance"' },
      'rejected',
      /rewrites the path/,
    ],
    [
      '200 with a page',
      { status: 200, body: page('Grafana'), headers: HTML },
      'rejected',
      /A web page, such as a login/,
    ],
    ['200 with other JSON', { status: 200, body: '{"status":"success","data":{}}' }, 'rejected', /not of a Prometheus/],
  ])('%s', async (_what, answer, code, step) => {
    const error = await pushgateway(await answering(answer));
    expect(error.code).toBe(code);
    expect(error.nextStep).toMatch(step);
  });
});

test('a web page in answer to a push of metrics is no success', async () => {
  const url = await listening(
    createServer((request, response) => {
      request.resume();
      if (request.method === 'GET') response.end('{"data":[]}');
      else response.writeHead(200, HTML).end(page('Sign in'));
    }),
  );
  expect(await pushgateway(url)).toMatchObject({
    code: 'rejected',
    message: expect.stringContaining('with a web page: "Sign in"') as string,
  });
});

describe('no answer', () => {
  const tls = async (handle: RequestListener, options: object = {}) => {
    const { cert, key } = await loopbackCertificate();
    return listening(createTlsServer({ cert, key, ...options }, handle), 'https');
  };
  const silent: RequestListener = (_, response) => response.end();

  test('from a port where nothing listens', async () => {
    const server = createServer();
    const url = await listening(server);
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    const { code, message, nextStep } = await loki(url);
    expect(code).toBe('unreachable');
    expect(message).toMatch(new RegExp(`^Loki at ${url}/loki/api/v1/push did not answer: .+`));
    expect(nextStep).toContain(`Nothing listens at ${url.slice('http://'.length)}`);
  });

  test('from a name that nobody knows', async () => {
    expect((await loki('http://loki.invalid:3100')).nextStep).toMatch(/^The name loki\.invalid:3100 is not known/);
  });

  test('behind a certificate of an unknown authority', async () => {
    const { nextStep } = await loki(await tls(silent));
    expect(nextStep).toMatch(/NODE_EXTRA_CA_CERTS.*Certificates are always checked/);
  });

  test('from TLS where the address says http', async () => {
    const { nextStep } = await loki((await tls(silent)).replace('https:', 'http:'));
    expect(nextStep).toMatch(/https:\/\//);
  });

  test('from plain HTTP where the address says https', async () => {
    const { nextStep } = await loki((await answering({ status: 204 })).replace('http:', 'https:'));
    expect(nextStep).toMatch(/does not speak TLS/);
  });

  test('from what does not speak HTTP', async () => {
    const { nextStep } = await loki(await listening(createSocketServer((socket) => socket.end('SSH-2.0-x\r\n'))));
    expect(nextStep).toMatch(/does not speak HTTP/);
  });

  test('from a server that closes the connection', async () => {
    const { nextStep } = await loki(await listening(createSocketServer((socket) => socket.destroy())));
    expect(nextStep).toMatch(/closed the connection/);
  });

  test('within the largest that is read', async () => {
    const url = await listening(
      createServer((request, response) => {
        request.resume();
        response.writeHead(200);
        const more = () => {
          while (response.write(Buffer.alloc(1 << 20))) if (response.destroyed) return;
        };
        response.on('drain', more).on('error', () => undefined);
        more();
      }),
    );
    expect((await loki(url)).nextStep).toMatch(/larger than any of Loki/);
  });

  test.each(['', 'loki:3100', 'ftp://loki', 'http://', 'http://loki:3100/?x=', 'http://loki:3100/#/explore'])(
    'because the credential holds %j for an address',
    async (url) => {
      const { code, message, nextStep } = await loki(url);
      expect(code).toBe('misconfigured');
      expect(message).toMatch(/^the URL in the Loki credential /);
      expect(nextStep).toContain('http://loki.monitoring:3100');
    },
  );
});
