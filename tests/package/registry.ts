import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { execa } from 'execa';
import { z } from 'zod/v4';

import { CHECKOUT } from '../../cluster/local/paths.js';
import { startEgress } from '../../cluster/local/simulators/egress/start.js';
import { serve } from '../support/httpServer.js';

/** Where n8n gets packages, unless a licence lets it use another registry. */
const HOST = 'registry.npmjs.org';

const manifestSchema = z.looseObject({ name: z.string(), version: z.string() });

/** The npm registry as if our package were published. */
export interface Registry {
  /** For HTTPS_PROXY, and its authority, PEM, for NODE_EXTRA_CA_CERTS. */
  proxy: string;
  authority: string;
  name: string;
  version: string;
  /** What the registry says of the tarball, and what a person pins. */
  checksum: string;
  close: () => Promise<void>;
}

/** Publishes a tarball on loopback, under the name of the npm registry, which answers everything else itself. */
export async function publish(tarball: string): Promise<Registry> {
  const content = await readFile(tarball);
  const checksum = `sha512-${createHash('sha512').update(content).digest('base64')}`;
  const { stdout } = await execa('tar', ['-xOzf', tarball, 'package/package.json']);
  const manifest = manifestSchema.parse(JSON.parse(stdout));
  const { name, version } = manifest;
  const file = `/${name}/-/${name}-${version}.tgz`;
  const release = { ...manifest, dist: { integrity: checksum, tarball: `https://${HOST}${file}` } };
  const documents: Readonly<Record<string, unknown>> = {
    [`/${name}`]: { name, 'dist-tags': { latest: version }, versions: { [version]: release } },
    [`/${name}/${version}`]: release,
  };
  const upstream = (await execa('npm', ['config', 'get', 'registry'], { cwd: CHECKOUT })).stdout.replace(/\/$/, '');

  const server = await serve(({ url: path = '', headers }, response) => {
    // What is published here must not stay in npm's cache.
    const own = { 'cache-control': 'no-store' };
    if (path === file) response.writeHead(200, own).end(content);
    else if (path in documents)
      response.writeHead(200, { ...own, 'content-type': 'application/json' }).end(JSON.stringify(documents[path]));
    else
      fetch(upstream + path, { headers: { accept: headers.accept ?? '*/*' } })
        .then(async (answer) => {
          const body = Buffer.from(await answer.arrayBuffer());
          response
            .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' })
            .end(body);
        })
        .catch(() => response.writeHead(502).end());
  });
  const egress = await startEgress({ upstreams: { [HOST]: server.url } });
  return {
    proxy: egress.url,
    authority: egress.authority,
    name,
    version,
    checksum,
    close: async () => {
      await egress.close();
      await server.close();
    },
  };
}
