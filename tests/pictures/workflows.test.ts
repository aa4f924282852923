import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { startStack, FIRST_START_MS } from '../e2e/support/stack';
import { Editor } from '../e2e/support/editor';
import { ROOT } from '../support/manifests';
import { loadWorkflow } from '../support/workflows';

const FOLDER = join(ROOT, 'docs/pictures');
/** A page with fourteen pictures has to load on a slow line. */
const LARGEST = 200_000;

let editor: Editor;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  editor = await Editor.start(await startStack());
}, FIRST_START_MS);

afterAll(async () => {
  await (editor as Editor | undefined)?.stop();
});

test.each(readdirSync(join(ROOT, 'workflows')).map((file) => file.replace('.json', '')))(
  "n8n's editor shows the whole of %s at 1600 pixels",
  async (id) => {
    const picture = join(FOLDER, `${id}.png`);
    await editor.openWorkflow(id);
    await editor.takePicture(picture, loadWorkflow(id).nodes.length);
    expect(statSync(picture).size).toBeLessThan(LARGEST);
  },
);
