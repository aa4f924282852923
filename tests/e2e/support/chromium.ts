import { accessSync, constants, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { execa } from 'execa';
import { type Browser, chromium, selectors } from 'playwright-core';
import { z } from 'zod/v4';

import { madeOnce } from '../../../cluster/local/build/cache';
import { CACHE } from '../../../cluster/local/paths';
import { ROOT } from '../../support/manifests';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The package that carries a Chromium, for machines without one. */
const PACKAGE = '@sparticuz/chromium';

/** Starts a browser. n8n marks its elements with `data-test-id`. */
export async function launchChromium(): Promise<Browser> {
  selectors.setTestIdAttribute('data-test-id');
  const installed = installedChromium();
  return chromium.launch(installed === null ? await packagedChromium() : { executablePath: installed });
}

function installedChromium(): string | null {
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The packed browser, unpacked once into the cache. By itself the package unpacks into /tmp, under a name that another user
 * of the machine may have taken. It brings libraries and a font that a small image lacks; the libraries only where it
 * takes the machine for AWS Lambda, the font under a path of /tmp.
 */
async function packagedChromium() {
  const manifest = readFileSync(join(ROOT, 'node_modules', PACKAGE, 'package.json'), 'utf8');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest));
  const folder = join(CACHE, `chromium-${version}`);
  await madeOnce(folder, async (draft) => {
    const unpack = `await (await import(${JSON.stringify(PACKAGE)})).default.executablePath()`;
    await execa(process.execPath, ['--input-type=module', '--eval', unpack], {
      cwd: ROOT,
      env: { TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    });
    await writeFile(join(draft, 'fonts.conf'), fontConfiguration(folder));
  });
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      ...environment(),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  };
}

const fontConfiguration = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`;

function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value = '']) => [[name, value]]));
}
