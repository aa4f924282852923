import { readFile } from 'node:fs/promises';

import { messageOf, PipelineError } from '../../../core/errors';

/** A text of the credential itself, or of a file that Kubernetes keeps for the pod (a projected volume). */
export type TextOrFile = { text: string } | { file: string };

/** The text now. A projected token is replaced while n8n runs, so its file is read for each call. */
export async function currentText(source: TextOrFile): Promise<string> {
  if ('text' in source) return source.text;
  try {
    return (await readFile(source.file, 'utf8')).trim();
  } catch (error) {
    throw new PipelineError('misconfigured', `${source.file} cannot be read: ${messageOf(error)}`, {
      nextStep:
        "Mount the ServiceAccount's projected token into the n8n pod, or choose another way to authenticate in the credential.",
      cause: error,
    });
  }
}
