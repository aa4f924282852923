import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Editor } from '../e2e/support/editor';
import { FIRST_START_MS, startStack } from '../e2e/support/stack';
import { ROOT } from '../support/manifests';
import { loadWorkflow } from '../support/workflows';
import { store } from './store';

let editor: Editor;

beforeAll(async () => {
  editor = await Editor.start(await startStack());
}, FIRST_START_MS);

afterAll(async () => {
  await (editor as Editor | undefined)?.stop();
});

test.each(readdirSync(join(ROOT, 'workflows')).map((file) => file.replace('.json', '')))(
  "n8n's editor shows the whole of %s at 1600 pixels",
  async (id) => {
    await editor.openWorkflow(id);
    store(id, await editor.takePicture(loadWorkflow(id).nodes.length));
  },
);
