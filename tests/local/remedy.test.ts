import { remedyOf } from '../../cluster/local/build/remedy';

const BUILD = { from: 'the npm registry', gigabytes: 4 };
const PROXY = { HTTPS_PROXY: 'http://bob:known-secret-0815@proxy.example.com:3128' };

test.each([
  ['npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device, write'],
  ['/usr/bin/ld: final link failed: No space left on device'],
])('remedyOf says how much room a full disk needs: %j', (said) => {
  expect(remedyOf(said, BUILD, PROXY)).toMatch(/^The disk is full\. Free 4 GB under .*XDG_CACHE_HOME/);
});

test.each([
  ['npm error code ECONNREFUSED\nnpm error FetchError: request to https://registry.npmjs.org/ failed'],
  ['Get "https://proxy.golang.org/…": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused'],
  ['npm error 407 Proxy Authentication Required'],
])('remedyOf names the proxy that refuses, without its password: %j', (said) => {
  const remedy = remedyOf(said, BUILD, PROXY);
  expect(remedy).toMatch(/the proxy proxy\.example\.com:3128 \(HTTPS_PROXY\), which refuses .*unset it/);
  expect(remedy).not.toContain('known-secret');
});

test('remedyOf names the network where there is no proxy', () => {
  expect(remedyOf('npm error code ECONNREFUSED', BUILD, {})).toMatch(/^Check the network to the npm registry/);
  expect(remedyOf('npm error code E404', BUILD, PROXY)).toMatch(/^Check the network to the npm registry/);
});
