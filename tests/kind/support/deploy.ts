import { join } from 'node:path';

import { ROOT } from '../../support/manifests';
import { run, type Ran } from '../../support/run';

export const KUBECONFIG = join(ROOT, '.kind', 'kubeconfig');

/** What this machine's deploy.sh needs beside its own defaults: images that cannot be pulled here, parts without images. */
function given(): string[] {
  const { KIND_NODE_IMAGE: image, KIND_WITHOUT: without, KIND_CHARTS_DIR: charts } = process.env;
  return [
    ...(image ? ['--node-image', image] : []),
    ...(without ? ['--without', without] : []),
    ...(charts ? ['--charts-dir', charts] : []),
  ];
}

/** Runs deploy.sh as a user would, who has no model configured. */
export async function deploy(...options: string[]): Promise<Ran> {
  const arguments_ = [...(options.length === 0 ? given() : []), ...options];
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, OPENAI_MODEL: _model, ...env } = process.env;
  const ran = await run(join(ROOT, 'deploy.sh'), arguments_, env);
  // The token is shown on terminals, and belongs into no test's log.
  const shown = ran.output
    .replace(/eyJ[\w.-]+/g, '(token)')
    .replace(/(owner@example\.com|admin) \/ \S+/g, '$1 / (password)');
  console.log(`deploy.sh ${arguments_.join(' ')}: ${ran.code} after ${ran.seconds.toFixed(1)} s\n${shown}`);
  return ran;
}

export const isLeftOut = (part: string): boolean => (process.env.KIND_WITHOUT ?? '').split(',').includes(part);
