import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../support/manifests';
import { smallerPng } from './smallerPng';

const FOLDER = join(ROOT, 'docs/pictures');
/** A page with fourteen pictures has to load on a slow line. */
const LARGEST = 200_000;

/** Keeps a screenshot as a picture of the docs. */
export function store(name: string, screenshot: Buffer): void {
  const picture = smallerPng(screenshot);
  expect(picture.length).toBeLessThan(LARGEST);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.png`), picture);
}
